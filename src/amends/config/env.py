"""Typed reading of environment variables, with sentences instead of stack traces."""

from __future__ import annotations

import os
from pathlib import Path


class BadSetting(Exception):
    """A variable of the environment cannot be used as it is."""


def env_text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def env_bool(name: str, *, default: bool = False) -> bool:
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name}={raw!r} is neither yes nor no: use 1 or 0.")


def env_int(name: str, default: int) -> int:
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    try:
        return int(raw)
    except ValueError:
        raise BadSetting(f"{name}={raw!r} is not a whole number.") from None


def web_processes() -> int:
    """How many processes answer pages: one a core, at most four; each computes one page at a time."""
    return env_int("AMENDS_WEB_PROCESSES", min(os.cpu_count() or 1, 4))


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_secret(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file that NAME_FILE points to (Docker and systemd style)."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return os.environ.get(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(
            f"{name}_FILE={path} cannot be read ({error.strerror}): make the file readable for the "
            f"user that runs Amends, or unset the variable."
        ) from None
