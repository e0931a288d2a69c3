"""The guard lets nothing through to the desk's own network, however the address is written."""

from __future__ import annotations

import ipaddress
import time
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundBlocked, OutboundGuard, is_public_address
from amends.connectors.kit.transport import AnswerTooLargeError, Bounds
from tests.servers.faults import Answer, FaultServer, Request

PRIVATE = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.2.0/24 "
    "192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4"
)
SPECIAL_IPV6 = "::/128 ::1/128 fc00::/7 fe80::/10 fec0::/10 ff00::/8 2001:db8::/32"


def addresses_in(networks: str) -> st.SearchStrategy[Any]:
    return st.sampled_from([ipaddress.ip_network(text) for text in networks.split()]).flatmap(
        lambda network: st.integers(0, network.num_addresses - 1).map(lambda i: network[i])
    )


private_ipv4 = addresses_in(PRIVATE)


def spellings(ip: ipaddress.IPv4Address) -> list[str]:
    """The ways in which operating systems let one write an IPv4 address."""
    number = int(ip)
    a, b, c, d = ip.packed
    return [
        str(ip),
        str(number),
        hex(number),
        f"0{number:o}",
        f"{a:#x}.{b:#x}.{c:#x}.{d:#x}",
        f"{a:#o}.{b}.{c}.{d}".replace("0o", "0"),
        f"{a}.{b}.{(c << 8) + d}",
        f"{a}.{(b << 16) + (c << 8) + d}",
        f"[::ffff:{ip}]",
        f"[::ffff:{a:x}{b:02x}:{c:x}{d:02x}]",
        f"[64:ff9b::{a:x}{b:02x}:{c:x}{d:02x}]",
        f"[2002:{a:x}{b:02x}:{c:x}{d:02x}::1]",
    ]


@given(ip=private_ipv4, data=st.data())
def test_private_addresses_are_refused_in_every_spelling(
    ip: ipaddress.IPv4Address, data: st.DataObject
) -> None:
    spelling = data.draw(st.sampled_from(spellings(ip)))
    with pytest.raises(ChannelError) as refused:
        OutboundGuard().check_url(f"http://{spelling}/")
    # Some spellings are unknown to some systems: then the name is unknown, and nothing is dialled.
    assert isinstance(refused.value, OutboundBlocked) or "not known" in str(refused.value)


@given(ip=addresses_in(SPECIAL_IPV6))
def test_special_ipv6_addresses_are_refused(ip: ipaddress.IPv6Address) -> None:
    with pytest.raises(OutboundBlocked):
        OutboundGuard().check_url(f"http://[{ip}]/")


@given(ip=private_ipv4)
def test_a_name_is_judged_by_where_it_leads(ip: ipaddress.IPv4Address) -> None:
    guard = OutboundGuard(resolver=lambda host, port: ["93.184.215.14", str(ip)])
    with pytest.raises(OutboundBlocked, match=r"shop\.example"):
        guard.check_url("https://shop.example/page")


@given(ip=st.ip_addresses(v=4))
def test_what_is_let_through_is_global(ip: ipaddress.IPv4Address) -> None:
    assert is_public_address(str(ip)) == (
        ip.is_global and not ip.is_multicast and not ip.is_reserved
    )


@given(text=st.text(max_size=60))
def test_no_text_breaks_the_guard(text: str) -> None:
    guard = OutboundGuard(resolver=lambda host, port: ["127.0.0.1"])
    for url in (text, f"http://{text}", f"http://{text}@127.0.0.1/", f"http://127.0.0.1{text}"):
        with pytest.raises(ChannelError):
            guard.check_url(url)


@pytest.mark.parametrize("text", ["", "127.0.0.2.nip.io", "fe80::1%eth0", "no address"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public_address(text)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http:///path", "names no host"),
        ("http://user@example.org/", "user name"),
        ("http://good.example@127.0.0.1/", "user name"),
        ("http://localhost/", "public internet"),
        ("http://LOCALHOST:80/", "public internet"),
        ("http://example.org:99999/", "99999 is not a port"),
        ("http://[::1", "not a usable web address"),
    ],
)
def test_refusals_say_what_and_why(url: str, why: str) -> None:
    with pytest.raises(OutboundBlocked, match=why) as refused:
        OutboundGuard().check_url(url)
    assert refused.value.permanent
    assert refused.value.code == "refused"


def test_unknown_names_may_be_tried_again() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(ChannelError, match=r"nowhere\.example is not known") as unknown:
        OutboundGuard(resolver=resolve).check_url("http://nowhere.example/")
    assert not unknown.value.permanent


def test_the_owner_may_allow_one_host_and_port(server: FaultServer) -> None:
    with pytest.raises(OutboundBlocked, match=f"127.0.0.1 port {server.port}"):
        fetch(OutboundGuard(), server.url)
    assert server.requests == []
    assert fetch(OutboundGuard(server.allowed), server.url).status_code == 200
    with pytest.raises(OutboundBlocked):
        OutboundGuard(server.allowed).check_url(f"http://127.0.0.1:{server.port + 1}/")
    with pytest.raises(OutboundBlocked):  # another name of the same machine was not allowed
        OutboundGuard(server.allowed).check_url(f"http://localhost:{server.port}/")


def test_redirects_are_checked_at_every_hop(server: FaultServer) -> None:
    with FaultServer() as secret:
        server.script = lambda request: Answer(status=302, headers={"Location": secret.url})
        with pytest.raises(OutboundBlocked):
            fetch(OutboundGuard(server.allowed), server.url)
        assert secret.requests == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://a@[::1]/"])
def test_redirects_to_odd_places_are_refused(server: FaultServer, target: str) -> None:
    server.script = lambda request: Answer(status=302, headers={"Location": target})
    with pytest.raises((ChannelError, httpx.UnsupportedProtocol)):
        fetch(OutboundGuard(server.allowed), server.url)
    assert len(server.requests) == 1


def test_the_connection_goes_to_the_address_that_was_checked(server: FaultServer) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    guard = OutboundGuard({("shop.example", server.port)}, resolver=resolve)
    with guard.open_client() as client:
        client.get(f"http://shop.example:{server.port}/one")
        client.get(f"http://shop.example:{server.port}/two")
    assert asked == ["shop.example"]  # asked once for one connection, and dialled what it said
    assert [request.headers["host"] for request in server.requests] == [
        f"shop.example:{server.port}"
    ] * 2


def test_a_name_that_turns_private_after_the_check_is_refused(server: FaultServer) -> None:
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    guard = OutboundGuard(resolver=lambda host, port: answers.pop(0))
    url = f"http://turning.example:{server.port}/"
    guard.check_url(url)
    with pytest.raises(OutboundBlocked):
        fetch(guard, url)
    assert server.requests == []


def test_a_proxy_of_the_environment_is_not_used(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        fetch(OutboundGuard(server.allowed), server.url)
        assert proxy.requests == []
    assert len(server.requests) == 1


def test_bodies_are_read_up_to_a_bound(server: FaultServer) -> None:
    server.script = lambda request: Answer(body=b"x" * 20_000)
    with pytest.raises(AnswerTooLargeError, match="10,000 bytes"):
        fetch(OutboundGuard(server.allowed), server.url, bounds=Bounds(max_bytes=10_000))


def test_a_server_that_drips_is_left_in_time(server: FaultServer) -> None:
    server.script = lambda request: Answer(body=b"x" * 100, fault="drip")
    began = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        fetch(OutboundGuard(server.allowed), server.url, bounds=Bounds(total_seconds=0.5))
    assert time.monotonic() - began < 3


def fetch(guard: OutboundGuard, url: str, *, bounds: Bounds | None = None) -> httpx.Response:
    with guard.open_client(bounds) as client:
        return client.get(url, follow_redirects=True)


def test_requests_arrive_as_they_were_sent(server: FaultServer) -> None:
    server.script = lambda request: Answer.of({"path": request.path, "got": request.json()})
    with OutboundGuard(server.allowed).open_client() as client:
        answer = client.post(f"{server.url}/a/b?c=d%20e", json={"name": "çay"})
    assert answer.json() == {"path": "/a/b?c=d%20e", "got": {"name": "çay"}}
    assert isinstance(server.requests[0], Request)
