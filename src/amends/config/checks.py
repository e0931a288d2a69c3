"""System checks: combinations of settings that cannot be meant, each with what to do about it.

Errors (amends.E…) stop the commands that serve; warnings (amends.W…) are printed. The numbers are
stable: docs/operations.md and search engines know them.
"""

from __future__ import annotations

import ipaddress
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.http.request import validate_host

Check = Callable[[], Iterator[CheckMessage]]

MIN_SECRET = 32
MIN_LEASE = 10
_PAIR = re.compile(r"(\[[0-9a-fA-F:]+\]|[^:\s/]+):\d{1,5}\Z")


def check_address() -> Iterator[CheckMessage]:
    """AMENDS_URL and AMENDS_HOSTS."""
    parts = urlsplit(settings.BASE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        yield _error(
            1,
            f"AMENDS_URL={settings.BASE_URL!r} is no address of a web page.",
            "Write it as people type it, for example https://desk.example.com.",
        )
        return
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        yield _error(
            2,
            f"AMENDS_URL={settings.BASE_URL!r} has a path: the desk lives at the root of its host.",
            "Give it a host name of its own, for example https://desk.example.com.",
        )
    if not validate_host(parts.hostname, settings.ALLOWED_HOSTS):
        yield _error(
            3,
            f"The host of AMENDS_URL ({parts.hostname}) is not in AMENDS_HOSTS: every page would be "
            f"refused with status 400.",
            f"Add it: AMENDS_HOSTS={','.join([*settings.ALLOWED_HOSTS, parts.hostname])}",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield _warning(
            1,
            "AMENDS_HOSTS holds *: anybody may reach the desk under a name of their own.",
            "List the names under which people open the desk.",
        )
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        yield _warning(
            2,
            "AMENDS_URL begins with http:// and is not this machine: passwords travel readable.",
            "Put a proxy with a certificate in front and write https:// (docs/operations.md).",
        )


def check_proxy() -> Iterator[CheckMessage]:
    """AMENDS_TRUSTED_PROXIES."""
    if settings.TRUSTED_PROXIES < 0:
        yield _error(
            4,
            f"AMENDS_TRUSTED_PROXIES={settings.TRUSTED_PROXIES}: there are no negative proxies.",
            "Write how many proxies of yours stand before the desk: 0, 1, …",
        )
    if settings.HTTPS and settings.TRUSTED_PROXIES == 0:
        yield _warning(
            3,
            "AMENDS_URL begins with https://, so a proxy stands before the desk, but "
            "AMENDS_TRUSTED_PROXIES is 0: all visitors seem to come from the proxy and share the "
            "limits of sign-in.",
            "Set AMENDS_TRUSTED_PROXIES=1 if one proxy of yours adds X-Forwarded-For.",
        )


def check_debug() -> Iterator[CheckMessage]:
    """AMENDS_DEBUG."""
    if settings.DEBUG and not _is_this_machine(urlsplit(settings.BASE_URL).hostname or ""):
        yield _error(
            5,
            "AMENDS_DEBUG is on at an address that others can reach: error pages show secrets.",
            "Unset AMENDS_DEBUG.",
        )


def check_keys() -> Iterator[CheckMessage]:
    """AMENDS_SECRET_KEY and the files in AMENDS_KEYS."""
    if len(settings.SECRET_KEY) < MIN_SECRET:
        yield _error(
            6,
            f"AMENDS_SECRET_KEY has {len(settings.SECRET_KEY)} characters: sessions could be forged.",
            f"Use at least {MIN_SECRET} random ones, or unset it: the desk makes a key file itself.",
        )
    folder = Path(settings.KEYS_DIR)
    for path in sorted(folder.glob("*.key")) if folder.is_dir() else []:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield _error(
                7,
                f"The key file {path} can be read by others (mode {mode:04o}).",
                f"chmod 600 {path}; if others use this machine, make new keys as well.",
            )


def check_outbound() -> Iterator[CheckMessage]:
    """AMENDS_OUTBOUND_ALLOW."""
    for pair in settings.OUTBOUND_ALLOW:
        if not _PAIR.match(pair):
            yield _error(
                8,
                f"AMENDS_OUTBOUND_ALLOW holds {pair!r}, which is no host and port.",
                "Write host:port, several with commas, for example 127.0.0.1:2583.",
            )


def check_mail() -> Iterator[CheckMessage]:
    """AMENDS_SMTP_…"""
    if (settings.EMAIL_HOST_USER or settings.EMAIL_HOST_PASSWORD) and not settings.EMAIL_HOST:
        yield _error(
            9,
            "AMENDS_SMTP_USER or AMENDS_SMTP_PASSWORD is set, but AMENDS_SMTP_HOST is not: no mail "
            "would be sent.",
            "Name the mail server with AMENDS_SMTP_HOST.",
        )
    if "@" not in settings.DEFAULT_FROM_EMAIL:
        yield _error(
            10,
            f"AMENDS_MAIL_FROM={settings.DEFAULT_FROM_EMAIL!r} is no e-mail address.",
            "Write the address that letters come from, for example desk@example.com.",
        )


def check_work() -> Iterator[CheckMessage]:
    """AMENDS_LEASE_SECONDS, AMENDS_WORKER_THREADS and AMENDS_WEB_PROCESSES."""
    if settings.LEASE_SECONDS < MIN_LEASE:
        yield _error(
            11,
            f"AMENDS_LEASE_SECONDS={settings.LEASE_SECONDS}: a slow channel would outlive its lease.",
            f"Use at least {MIN_LEASE}; 60 is the default.",
        )
    if settings.WORKER_THREADS < 1:
        yield _error(
            12,
            f"AMENDS_WORKER_THREADS={settings.WORKER_THREADS}: nothing would be captured or sent.",
            "Use 1 or more.",
        )
    if settings.WEB_PROCESSES < 1:
        yield _error(
            13,
            f"AMENDS_WEB_PROCESSES={settings.WEB_PROCESSES}: nobody would answer.",
            "Use 1 or more, or leave it out: one a core, at most four.",
        )


CHECKS: tuple[Check, ...] = (
    check_address,
    check_proxy,
    check_debug,
    check_keys,
    check_outbound,
    check_mail,
    check_work,
)


def check_settings(**_registered_with: Any) -> list[CheckMessage]:
    """All of it, as Django's check framework calls it."""
    return [message for check in CHECKS for message in check()]


def register_checks() -> None:
    """Called once when the apps are ready."""
    register(check_settings)


def _error(number: int, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"amends.E{number:03}")


def _warning(number: int, message: str, hint: str) -> Warning:
    return Warning(message, hint=hint, id=f"amends.W{number:03}")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
