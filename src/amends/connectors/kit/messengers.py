"""Sends a short message to a person's own messenger: apprise knows the services, the guard the way out.

apprise speaks HTTP with `requests`. While a message is sent, every connection that `requests` would open in
this context goes over the guard instead, redirects too; services that apprise reaches otherwise (mail
servers, raw sockets, the desktop) are not offered.
"""

from __future__ import annotations

import functools
import io
import warnings
from contextvars import ContextVar
from typing import Any

import apprise
import httpx
import requests
from requests.adapters import HTTPAdapter

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundBlocked, OutboundGuard
from amends.connectors.kit.transport import Bounds
from amends.core.text import gettext_noop

SERVICES = frozenset(
    {
        "bark", "barks", "discord", "form", "forms", "gchat", "gotify", "gotifys", "json", "jsons",
        "matrix", "matrixs", "mmost", "mmosts", "msteams", "nctalk", "nctalks", "ntfy", "ntfys",
        "opsgenie", "pagerduty", "pover", "pushdeer", "pushdeers", "rocket", "rockets", "signal",
        "signals", "slack", "tgram", "webex", "workflow", "workflows", "wxteams", "zulip",
    }
)  # fmt: skip
"""The services that apprise reaches by HTTP and nothing else, by the beginning of their address."""

MAX_ADDRESS = 1_000
_BOUNDS = Bounds(read_seconds=10.0, total_seconds=20.0, max_bytes=200_000)
_DROPPED = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class UnknownServiceError(ChannelError):
    """The address names no service that can be used; the message is a message id."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True, code="refused")


class _Trip:
    """The guard of one message, and what went wrong on its way."""

    def __init__(self, guard: OutboundGuard) -> None:
        self.guard = guard
        self.trouble: ChannelError | None = None
        self.status = 0


_trip: ContextVar[_Trip | None] = ContextVar("message on its way", default=None)


class _GuardedAdapter(HTTPAdapter):  # type: ignore[misc]
    """What every session of `requests` dials with; outside of a message it is the library's own."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        trip = _trip.get()
        if trip is None:
            return super().send(request, *args, **kwargs)
        try:
            with trip.guard.open_client(_BOUNDS) as client:
                answer = client.request(
                    request.method or "GET",
                    request.url or "",
                    headers={**request.headers, "Accept-Encoding": "identity"},
                    content=_body(request),
                )
        except ChannelError as error:
            trip.trouble = error
            raise requests.ConnectionError(str(error)) from error
        except httpx.HTTPError as error:
            trip.trouble = ChannelError(f"{type(error).__name__}: {error}", maybe_done=True)
            raise requests.ConnectionError(str(error)) from error
        trip.status = answer.status_code
        return _as_requests(answer, request)


# Whatever makes a session takes this adapter from now on; it changes nothing outside of a message.
requests.sessions.HTTPAdapter = _GuardedAdapter


def service_of(address: str) -> str:
    """The service that an address names, checked as far as that goes without the network.

    Raises UnknownServiceError for one that is not offered or that apprise cannot read.
    """
    scheme = address.partition("://")[0].strip().lower()
    if len(address) > MAX_ADDRESS or scheme not in SERVICES:
        raise UnknownServiceError(
            gettext_noop("This service is not offered: choose one from the list.")
        )
    if _plugin(address) is None:
        raise UnknownServiceError(
            gettext_noop("This address is not complete: look at the example of its service.")
        )
    return scheme


def send_message(address: str, *, title: str, body: str, guard: OutboundGuard) -> None:
    """Send it once; raises ChannelError, permanent where trying again cannot help."""
    service_of(address)
    plugin = _plugin(address)
    trip = _Trip(guard)
    token = _trip.set(trip)
    try:
        is_taken = bool(plugin.notify(body=body, title=title))
    except requests.RequestException as error:
        raise trip.trouble or ChannelError(str(error)) from error
    finally:
        _trip.reset(token)
    if is_taken:
        return
    if trip.trouble is not None:
        raise trip.trouble
    is_final = 400 <= trip.status < 500 and trip.status not in {408, 429}
    raise ChannelError(f"The service answered {trip.status}.", permanent=is_final)


def is_blocked(error: ChannelError) -> bool:
    """Whether the guard refused the destination."""
    return isinstance(error, OutboundBlocked)


@functools.cache
def _load() -> None:
    """Let apprise read its services once; some of them greet with warnings about the Python they run on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        apprise.Apprise.instantiate("json://localhost")


def _plugin(address: str) -> Any:
    _load()
    asset = apprise.AppriseAsset(
        app_id="Amends", app_desc="Amends", app_url="", secure_logging=True, async_mode=False
    )
    return apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)


def _body(request: requests.PreparedRequest) -> bytes:
    body = request.body
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else bytes(body)


def _as_requests(answer: httpx.Response, request: requests.PreparedRequest) -> requests.Response:
    made = requests.Response()
    made.status_code = answer.status_code
    made.headers.update(
        {name: value for name, value in answer.headers.items() if name.lower() not in _DROPPED}
    )
    made.url = request.url or ""
    made.reason = answer.reason_phrase
    made.request = request
    made.encoding = answer.encoding
    made.raw = io.BytesIO(answer.content)
    return made
