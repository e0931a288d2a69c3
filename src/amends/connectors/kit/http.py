"""HTTP over the guard: calls with bounds, and every trouble turned into a ChannelError."""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.transport import AnswerTooLargeError, Bounds
from amends.core.clock import Clock

USER_AGENT = "Amends (self-hosted desk)"
LONGEST_WAIT = timedelta(days=1)
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCall:
    """One request; `is_write` says that it changes something, so a lost answer means "maybe"."""

    method: str
    url: str
    params: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json_body: Any = None
    is_write: bool = False
    follow_redirects: bool = False

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """A whole answer, read within bounds; `url` is where it came from after redirects."""

    call: HttpCall
    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text in the encoding it names; unreadable bytes are replaced."""
        named = httpx.Response(200, headers={"content-type": self.headers.get("content-type", "")})
        try:
            return self.body.decode(named.charset_encoding or "utf-8", errors="replace")
        except LookupError:
            return self.body.decode("utf-8", errors="replace")

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; ChannelError "bad_answer" for anything else."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise bad_answer(self, why="the answer is not the JSON that was asked for")
        return value


class HttpClient:
    """A client for one channel; its connections close when it is let go."""

    def __init__(self, guard: OutboundGuard, *, clock: Clock, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._clock = clock
        self._client = guard.open_client(self._bounds)
        self._client.headers["User-Agent"] = USER_AGENT
        weakref.finalize(self, self._client.close)

    def send(self, call: HttpCall) -> HttpAnswer:
        """Return the answer whatever its status; ChannelError if there was none."""
        try:
            request = self._client.build_request(
                call.method,
                call.url,
                params=call.params or None,
                headers=call.headers,
                json=call.json_body,
            )
            answer = self._client.send(request, stream=True, follow_redirects=call.follow_redirects)
            try:
                return HttpAnswer(
                    call=call,
                    status=answer.status_code,
                    headers=answer.headers,
                    body=_read_body(answer, host=call.host, max_bytes=self._bounds.max_bytes),
                    url=str(answer.url),
                )
            finally:
                answer.close()
        except AnswerTooLargeError as error:
            error.maybe_done = call.is_write
            raise
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _explain_no_answer(error, call=call) from error

    def ask(self, call: HttpCall) -> HttpAnswer:
        """Return a successful answer; ChannelError for everything else."""
        answer = self.send(call)
        if not answer.is_success:
            raise explain_status(answer, now=self._clock.now())
        return answer


def explain_status(answer: HttpAnswer, *, now: datetime) -> ChannelError:
    """The ChannelError that a status other than success means, with the channel's own words."""
    call, status = answer.call, answer.status
    said = _own_words(answer)
    where = f"{call.host} answered {status}"
    if status == 401:
        return ChannelError(
            f"{where}: the credentials are not accepted{said}. Enter them again.",
            permanent=True,
            code="credentials",
        )
    if status in (404, 410):
        return ChannelError(f"{where}: it is not there{said}.", permanent=True, code="not_found")
    if status == 429:
        wait = read_retry_after(answer.headers, now=now)
        return ChannelError(
            f"{where}: too many requests{said}. The desk waits and tries again.",
            retry_after=wait,
            code="rate_limited",
        )
    if status >= 500 or status == 408:
        return ChannelError(
            f"{where}: the service is in trouble{said}. The desk tries again.",
            retry_after=read_retry_after(answer.headers, now=now),
            maybe_done=call.is_write,
        )
    if 300 <= status < 400:
        target = answer.headers.get("location", "another address")[:200]
        return ChannelError(
            f"{where}: it points to {target}. Enter the address that is meant.",
            permanent=True,
            code="bad_answer",
        )
    if 400 <= status < 500:
        return ChannelError(
            f"{where}: the request was refused{said}.", permanent=True, code="refused"
        )
    return bad_answer(answer, why=f"the status {status} means nothing here")


def bad_answer(answer: HttpAnswer, *, why: str) -> ChannelError:
    """An unusable answer: transient, since it is mostly a gateway's page that soon goes."""
    return ChannelError(
        f"{answer.call.host} answered something unusable: {why}. Check the address of the service; "
        "the desk tries again.",
        maybe_done=answer.call.is_write,
        code="bad_answer",
    )


@contextmanager
def reading(answer: HttpAnswer) -> Iterator[None]:
    """Where an answer is taken apart: what is missing or of the wrong kind makes it a bad one."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise bad_answer(answer, why=f"a part is missing or wrong ({error})") from error


def read_retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """How long a server asks to wait: Retry-After (RFC 9110), else ratelimit-reset."""
    wait = _read_wait(headers.get("retry-after", "").strip(), now=now)
    if wait is None:
        wait = _read_wait(headers.get("ratelimit-reset", "").strip(), now=now)
    return None if wait is None else min(max(wait, timedelta(0)), LONGEST_WAIT)


def _read_wait(value: str, *, now: datetime) -> timedelta | None:
    if value.isascii() and value.isdigit():
        seconds = min(int(value[:15]), 10**11)
        if seconds > 10**9:  # seconds since 1970, not a span: some servers name the moment
            return datetime.fromtimestamp(seconds, UTC) - now
        return timedelta(seconds=seconds)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now


def _read_body(answer: httpx.Response, *, host: str, max_bytes: int) -> bytes:
    """The unpacked body; bounded again here, since a small packed body may unpack without end."""
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > max_bytes:
            raise AnswerTooLargeError(host, max_bytes=max_bytes)
        parts.append(part)
    return b"".join(parts)


def _explain_no_answer(error: Exception, *, call: HttpCall) -> ChannelError:
    maybe_done = call.is_write and not isinstance(error, _NEVER_SENT)
    if isinstance(error, httpx.TooManyRedirects):
        return ChannelError(
            f"{call.host} sends in circles: check the address.", permanent=True, code="bad_answer"
        )
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return ChannelError(
            f"{call.url[:200]} is not a web address.", permanent=True, code="refused"
        )
    if isinstance(error, httpx.DecodingError | httpx.RemoteProtocolError):
        what, code = "broke off or answered something unusable", "bad_answer"
    elif isinstance(error, httpx.TimeoutException):
        what, code = "did not answer in time", "unavailable"
    else:
        what, code = "cannot be reached", "unavailable"
    return ChannelError(
        f"{call.host} {what}; the desk tries again.", maybe_done=maybe_done, code=code
    )


def _own_words(answer: HttpAnswer) -> str:
    """What the server says about its refusal, short; empty where that is no plain JSON message."""
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(value, dict):
        return ""
    words = next(
        (value[key] for key in ("message", "error", "detail") if isinstance(value.get(key), str)),
        "",
    )
    return f" ({words[:200]})" if words else ""
