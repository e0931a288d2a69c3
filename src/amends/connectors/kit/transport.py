"""Carries httpx requests over checked connections, within bounds of time and size."""

from __future__ import annotations

import functools
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import httpcore
import httpx

from amends.connectors.kit.errors import ChannelError


class Gate(Protocol):
    """What the transport asks before it dials; both raise a ChannelError to refuse."""

    def check_form(self, url: str | httpx.URL) -> tuple[str, int]: ...

    def resolve(self, host: str, *, port: int) -> tuple[str, ...]: ...


class AnswerTooLargeError(ChannelError):
    """A server sent more than the caller was ready to read."""

    def __init__(self, host: str, *, max_bytes: int) -> None:
        super().__init__(
            f"{host} sent more than {max_bytes:,} bytes; the rest was not read.",
            permanent=True,
            code="bad_answer",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long and how much a fetch may take; seconds and bytes."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 60.0
    max_bytes: int = 5_000_000
    max_redirects: int = 5


class GuardedTransport(httpx.BaseTransport):
    """Carries httpx requests over connections that the gate let through."""

    def __init__(self, gate: Gate, *, bounds: Bounds) -> None:
        self._gate = gate
        self._bounds = bounds
        self._backend = _PinningBackend(gate)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls_context(),
            network_backend=self._backend,
            max_connections=10,
            keepalive_expiry=5.0,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host, _ = self._gate.check_form(request.url)
        self._backend.start_clock(self._bounds.total_seconds)
        url = request.url
        outgoing = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx_errors(request):
            answer = self._pool.handle_request(outgoing)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_BoundedStream(
                answer, request=request, host=host, max_bytes=self._bounds.max_bytes
            ),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _BoundedStream(httpx.SyncByteStream):
    """Passes a body on until it grows beyond what was agreed."""

    def __init__(
        self, answer: httpcore.Response, *, request: httpx.Request, host: str, max_bytes: int
    ) -> None:
        self._answer = answer
        self._request = request
        self._host = host
        self._max_bytes = max_bytes

    def __iter__(self) -> Iterator[bytes]:
        seen = 0
        with _as_httpx_errors(self._request):
            for part in self._answer.iter_stream():
                seen += len(part)
                if seen > self._max_bytes:
                    raise AnswerTooLargeError(self._host, max_bytes=self._max_bytes)
                yield part

    def close(self) -> None:
        self._answer.close()


class _PinningBackend(httpcore.NetworkBackend):
    """Dials only addresses that the gate has just checked, and times the whole exchange."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._dialler = httpcore.SyncBackend()
        self._clock = threading.local()

    def start_clock(self, seconds: float) -> None:
        """Give the exchange that begins now on this thread `seconds` in all."""
        self._clock.until = time.monotonic() + seconds

    def time_left(self, timeout: float | None) -> float | None:
        """The smaller of `timeout` and what is left, so that a server that drips cannot hold us."""
        until: float | None = getattr(self._clock, "until", None)
        if until is None:
            return timeout
        left = until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole exchange took too long")
        return left if timeout is None else min(timeout, left)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"no address of {host} answered")
        for address in self._gate.resolve(host, port=port):
            try:
                stream = self._dialler.connect_tcp(
                    address, port, self.time_left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, clock=self)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise ChannelError(
            f"{path} is a local socket: only web addresses are fetched.",
            permanent=True,
            code="refused",
        )


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every wait counts against the time of the whole exchange."""

    def __init__(self, stream: httpcore.NetworkStream, *, clock: _PinningBackend) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.time_left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.time_left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(
            ssl_context, server_hostname, self._clock.time_left(timeout)
        )
        return _TimedStream(secured, clock=self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@functools.cache
def _tls_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


@contextmanager
def _as_httpx_errors(request: httpx.Request) -> Iterator[None]:
    """Raise what httpx would: its error classes bear the names of those below it."""
    errors = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)
    try:
        yield
    except errors as error:
        name = type(error).__name__
        known: type[httpx.RequestError] = getattr(httpx, name, httpx.TransportError)
        raise known(str(error), request=request) from error
