"""The one way out: whatever the desk fetches is resolved, checked and pinned here first.

A pasted address must never make the desk read its own network. So the check looks at the addresses
that a name resolves to and not at how the name is written, it happens at every connection (hence at
every redirect), and the connection goes to the very address that was checked (hence DNS cannot
change its mind in between).
"""

from __future__ import annotations

import functools
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from amends.connectors.kit.errors import ChannelError

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to textual IP addresses; raises OSError for an unknown name."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class OutboundBlocked(ChannelError):  # noqa: N818 - reads as what happened
    """The guard refused a destination; permanent until the owner lists its host and port."""

    def __init__(self, host: str, *, why: str, port: int | None = None) -> None:
        hint = f"; if it is meant, the owner may allow {host} port {port}" if port else ""
        super().__init__(
            f"The desk did not contact {host or 'this address'}: {why}. Check the address{hint}.",
            permanent=True,
            code="refused",
        )
        self.host = host
        self.port = port


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


def resolve_host(host: str, port: int) -> tuple[str, ...]:
    """Ask the operating system, which reads the odd notations (decimal, octal) as it dials."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public_address(address: str) -> bool:
    """Whether an IP address is one of the public internet, whatever address it carries inside."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if (
            ip in _NAT64
        ):  # a network with IPv6 alone reaches IPv4 hosts so; judge the host that is meant
            return is_public_address(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        # Mapped and tunnelled addresses have no place in public DNS, and each hides another one.
        if ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class OutboundGuard:
    """Decides which hosts the desk may talk to.

    `allow` holds (host, port) pairs that the owner trusts although they are private; the host is
    compared as it is written in the address (lower case), so that a stranger's name for the same
    machine stays out.
    """

    def __init__(
        self,
        allow: Iterable[tuple[str, int]] = frozenset(),
        *,
        resolver: Resolver = resolve_host,
    ) -> None:
        self._allow = frozenset((host.lower().strip("[]"), port) for host, port in allow)
        self._resolver = resolver

    def check_form(self, url: str | httpx.URL) -> tuple[str, int]:
        """Check what an address says without asking DNS; return its host and port.

        Raises:
            OutboundBlocked: not http or https, no host, a user name before the host, a bad port.
        """
        try:
            parsed = httpx.URL(url)
            host = parsed.raw_host.decode("ascii").lower()
        except (httpx.InvalidURL, UnicodeError, ValueError, TypeError):
            raise OutboundBlocked(str(url)[:200], why="this is not a usable web address") from None
        if parsed.scheme not in _DEFAULT_PORTS:
            raise OutboundBlocked(host, why="only http and https addresses are fetched")
        if not host:
            raise OutboundBlocked(host, why="the address names no host")
        if parsed.userinfo:
            raise OutboundBlocked(host, why="the address carries a user name before the host")
        port = parsed.port if parsed.port is not None else _DEFAULT_PORTS[parsed.scheme]
        if not 0 < port < 65536:
            raise OutboundBlocked(host, why=f"{port} is not a port")
        return host, port

    def resolve(self, host: str, *, port: int) -> tuple[str, ...]:
        """Return the addresses that may be dialled for `host`; one bad address condemns the name.

        Raises:
            OutboundBlocked: the name leads to an address that is not public and is not on the list.
            ChannelError: the name is not known (transient: DNS may be down).
        """
        host = host.lower().strip("[]")
        try:
            addresses = tuple(self._resolver(host, port))
        except UnicodeError:
            raise OutboundBlocked(host[:80], why="this is not a host name") from None
        except OSError:
            addresses = ()
        if not addresses:
            raise ChannelError(
                f"The host name {host} is not known: check its spelling and the network."
            )
        if (host, port) in self._allow:
            return addresses
        for address in addresses:
            if not is_public_address(address):
                raise OutboundBlocked(
                    host, port=port, why="it leads to an address that is not on the public internet"
                )
        return addresses

    def check_url(self, url: str | httpx.URL) -> None:
        """Refuse early, where a person enters an address; the connection is checked again."""
        host, port = self.check_form(url)
        self.resolve(host, port=port)

    def open_client(self, bounds: Bounds | None = None) -> httpx.Client:
        """An httpx client that reaches only what the guard lets through; close it after use."""
        bounds = bounds or Bounds()
        return httpx.Client(
            transport=GuardedTransport(self, bounds=bounds),
            timeout=httpx.Timeout(bounds.read_seconds, connect=bounds.connect_seconds),
            max_redirects=bounds.max_redirects,
            trust_env=False,  # a proxy from the environment would dial instead of us, unchecked
        )


class GuardedTransport(httpx.BaseTransport):
    """Carries httpx requests over connections that the guard dialled."""

    def __init__(self, guard: OutboundGuard, *, bounds: Bounds) -> None:
        self._guard = guard
        self._bounds = bounds
        self._backend = _PinningBackend(guard)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls_context(),
            network_backend=self._backend,
            max_connections=10,
            keepalive_expiry=5.0,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host, _ = self._guard.check_form(request.url)
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
    """Dials only addresses that the guard has just checked, and times the whole exchange."""

    def __init__(self, guard: OutboundGuard) -> None:
        self._guard = guard
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
        for address in self._guard.resolve(host, port=port):
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
        raise OutboundBlocked(path, why="local sockets are not fetched")


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
