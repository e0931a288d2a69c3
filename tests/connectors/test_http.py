"""Every trouble of a server becomes a ChannelError that says whether to wait, give up or look."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.http import HttpCall, HttpClient, read_retry_after
from amends.connectors.kit.transport import Bounds
from amends.core.clock import ScriptedClock
from tests.servers.faults import Answer, FaultServer
from tests.servers.ports import HOST, free_ports

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def client(server: FaultServer, clock: ScriptedClock) -> HttpClient:
    bounds = Bounds(read_seconds=0.4, max_bytes=10_000)
    return HttpClient(OutboundGuard(server.allowed), clock=clock, bounds=bounds)


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [
        (400, "refused", True),
        (401, "credentials", True),
        (403, "refused", True),
        (404, "not_found", True),
        (410, "not_found", True),
        (429, "rate_limited", False),
        (500, "unavailable", False),
        (502, "unavailable", False),
        (503, "unavailable", False),
    ],
)
def test_each_status_has_its_meaning(
    server: FaultServer, client: HttpClient, status: int, code: str, permanent: bool
) -> None:
    server.script = lambda request: Answer.of({"message": "as it says"}, status=status)
    error = failure(client, HttpCall(method="GET", url=server.url))
    assert (error.code, error.permanent, error.maybe_done) == (code, permanent, False)
    assert str(status) in str(error)
    assert "as it says" in str(error)


@pytest.mark.parametrize(
    ("status", "maybe"), [(500, True), (503, True), (429, False), (400, False)]
)
def test_a_write_may_be_done_only_where_the_server_broke_down(
    server: FaultServer, client: HttpClient, status: int, maybe: bool
) -> None:
    server.script = lambda request: Answer(status=status)
    error = failure(client, HttpCall(method="POST", url=server.url, json_body={}, is_write=True))
    assert error.maybe_done is maybe


@pytest.mark.parametrize("fault", ["hang", "cut", "cut_in_body"])
def test_a_lost_answer_to_a_write_may_be_done(
    server: FaultServer, client: HttpClient, fault: str
) -> None:
    server.script = lambda request: Answer(fault=fault, body=b'{"id": 1}')
    error = failure(client, HttpCall(method="POST", url=server.url, json_body={}, is_write=True))
    assert error.maybe_done
    assert not error.permanent
    assert len(server.requests) == 1  # never repeated by itself
    error = failure(client, HttpCall(method="GET", url=server.url))
    assert not error.maybe_done


def test_a_write_that_was_never_sent_is_not_done(clock: ScriptedClock) -> None:
    (port,) = free_ports(1)
    client = HttpClient(OutboundGuard({(HOST, port)}), clock=clock)
    call = HttpCall(method="POST", url=f"http://{HOST}:{port}/", json_body={}, is_write=True)
    error = failure(client, call)
    assert not error.maybe_done
    assert not error.permanent


@pytest.mark.parametrize("body", [b"<html>gateway</html>", b"[1]", b"\xff\xfe", b"", b"[" * 9000])
def test_garbage_is_a_bad_answer(server: FaultServer, client: HttpClient, body: bytes) -> None:
    server.script = lambda request: Answer(body=body)
    answer = client.ask(HttpCall(method="POST", url=server.url, json_body={}, is_write=True))
    with pytest.raises(ChannelError) as garbage:
        answer.json_object()
    assert garbage.value.code == "bad_answer"
    assert garbage.value.maybe_done
    assert not garbage.value.permanent


def test_a_small_body_that_unpacks_without_end_is_refused(
    server: FaultServer, client: HttpClient
) -> None:
    packed = gzip.compress(b"0" * 2_000_000)
    server.script = lambda request: Answer(headers={"Content-Encoding": "gzip"}, body=packed)
    error = failure(client, HttpCall(method="GET", url=server.url))
    assert "10,000 bytes" in str(error)


def test_redirects_of_an_api_are_not_followed(server: FaultServer, client: HttpClient) -> None:
    server.script = lambda request: Answer(status=301, headers={"Location": "https://new.example/"})
    error = failure(client, HttpCall(method="GET", url=server.url))
    assert "https://new.example/" in str(error)
    assert error.permanent


def test_circles_end(server: FaultServer, client: HttpClient) -> None:
    server.script = lambda request: Answer(status=302, headers={"Location": "/again"})
    error = failure(client, HttpCall(method="GET", url=server.url, follow_redirects=True))
    assert "circles" in str(error)
    assert len(server.requests) <= 7


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "120"}, timedelta(seconds=120)),
        ({"retry-after": "Tue, 10 Mar 2026 12:05:00 GMT"}, timedelta(minutes=5)),
        ({"retry-after": "Tue, 10 Mar 2026 11:00:00 GMT"}, timedelta(0)),
        ({"retry-after": "99999999"}, timedelta(days=1)),
        ({"ratelimit-reset": str(int(NOW.timestamp()) + 30)}, timedelta(seconds=30)),
        ({"ratelimit-reset": "45"}, timedelta(seconds=45)),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wish_to_wait_is_read(headers: dict[str, str], wait: timedelta | None) -> None:
    assert read_retry_after(headers, now=NOW) == wait


@given(value=st.text(max_size=40))
def test_no_wish_to_wait_breaks_the_reader(value: str) -> None:
    wait = read_retry_after({"retry-after": value, "ratelimit-reset": value}, now=NOW)
    assert wait is None or timedelta(0) <= wait <= timedelta(days=1)


def test_a_rate_limit_carries_the_wait(server: FaultServer, client: HttpClient) -> None:
    server.script = lambda request: Answer(status=429, headers={"Retry-After": "7"})
    error = failure(client, HttpCall(method="GET", url=server.url))
    assert error.retry_after == timedelta(seconds=7)


def failure(client: HttpClient, call: HttpCall) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        client.ask(call)
    return caught.value
