"""The one way out: whatever the desk fetches is resolved, checked and pinned here first.

A pasted address must never make the desk read its own network. So the check looks at the addresses
that a name resolves to and not at how the name is written, it happens at every connection (hence at
every redirect), and the connection goes to the very address that was checked (hence DNS cannot
change its mind in between).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence

import httpx

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.transport import Bounds, GuardedTransport

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to textual IP addresses; raises OSError for an unknown name."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class OutboundBlocked(ChannelError):
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

    def is_listed(self, host: str, *, port: int) -> bool:
        """Whether the owner trusts exactly this host and port."""
        return (host.lower().strip("[]"), port) in self._allow

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
