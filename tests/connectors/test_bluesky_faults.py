"""A Bluesky server that misbehaves: each trouble is a clear ChannelError, and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.transport import Bounds
from amends.core.clock import ScriptedClock
from tests.connectors.support import answer_to, open_channel
from tests.servers.bluesky import Post
from tests.servers.faults import Answer, FaultServer, Request

TARGET = Post("at://did:plc:them/app.bsky.feed.post/3kabc", "c1")
SESSION = {"did": "did:plc:ours", "handle": "o.test", "accessJwt": "a1", "refreshJwt": "r1"}
SHOWN = {
    "uri": TARGET.uri,
    "cid": TARGET.cid,
    "author": {"did": "did:plc:them", "handle": "them.test"},
    "record": {"text": "x", "createdAt": "2026-03-10T11:00:00Z"},
    "indexedAt": "2026-03-10T11:00:00Z",
}
NOT_FOUND = Answer.of({"error": "RecordNotFound", "message": "Could not locate record"}, status=400)
FAULTS: dict[str, tuple[Callable[[], Answer], str, bool]] = {
    "rate limit": (lambda: Answer(status=429, headers={"Retry-After": "7"}), "rate_limited", False),
    "error 500": (lambda: Answer(status=500), "unavailable", True),
    "gateway page": (lambda: Answer(status=502, body=b"<html>"), "unavailable", True),
    "garbage": (lambda: Answer(body=b"<html>hello</html>"), "bad_answer", True),
    "hang": (lambda: Answer(fault="hang"), "unavailable", True),
    "cut": (lambda: Answer(fault="cut"), "bad_answer", True),
    "cut in body": (lambda: Answer(fault="cut_in_body", body=b'{"uri": 1}'), "bad_answer", True),
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "amends.connectors.kit.http.Bounds", lambda: Bounds(read_seconds=0.5, total_seconds=3)
    )


def name_of(request: Request) -> str:
    return request.path.partition("?")[0].rpartition("/")[2]


def well_behaved(**changes: Callable[[], Answer]) -> Callable[[Request], Answer]:
    """A server that does its work, but for the methods that are named."""
    answers: dict[str, Callable[[], Answer]] = {
        "createSession": lambda: Answer.of(SESSION),
        "refreshSession": lambda: Answer.of({**SESSION, "accessJwt": "a2"}),
        "getSession": lambda: Answer.of({"did": SESSION["did"], "handle": "o.test"}),
        "getProfile": lambda: Answer.of({"did": SESSION["did"]}),
        "listNotifications": lambda: Answer.of({"notifications": []}),
        "getPosts": lambda: Answer.of({"posts": [SHOWN]}),
        "getRecord": lambda: NOT_FOUND,
        "putRecord": lambda: Answer.of({"uri": "at://x", "cid": "c9"}),
        "deleteRecord": lambda: Answer.of({}),
        **changes,
    }
    return lambda request: answers[name_of(request).rpartition(".")[2]]()


def open_bluesky(server: FaultServer, clock: ScriptedClock, **settings: str) -> Any:
    given = {"service": server.url, "handle": "o.test", "app_password": "p", **settings}
    return open_channel("bluesky", settings=given, allowed=server.allowed, clock=clock)


@pytest.mark.parametrize("fault", FAULTS)
def test_polling_meets_each_fault_and_goes_on_afterwards(
    server: FaultServer, clock: ScriptedClock, fault: str
) -> None:
    answer, code, _ = FAULTS[fault]
    server.script = well_behaved(listNotifications=answer)
    channel = open_bluesky(server, clock)
    with pytest.raises(ChannelError) as trouble:
        channel.poll("")
    assert (trouble.value.code, trouble.value.permanent) == (code, False)
    assert not trouble.value.maybe_done
    assert "127.0.0.1" in str(trouble.value)
    server.script = well_behaved()
    assert channel.poll("").events == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_reply_that_meets_a_fault_says_whether_it_may_stand(
    server: FaultServer, clock: ScriptedClock, fault: str
) -> None:
    answer, code, maybe = FAULTS[fault]
    server.script = well_behaved(putRecord=answer)
    channel = open_bluesky(server, clock)
    with pytest.raises(ChannelError) as trouble:
        channel.reply(answer_to(TARGET, text="a", created_at=clock.now()))
    assert (trouble.value.code, trouble.value.maybe_done) == (code, maybe)
    assert not trouble.value.permanent
    assert [name_of(r) for r in server.requests].count("com.atproto.repo.putRecord") == 1


@pytest.mark.parametrize("method", ["getRecord", "getPosts"])
def test_a_fault_before_the_write_leaves_nothing_in_doubt(
    server: FaultServer, clock: ScriptedClock, method: str
) -> None:
    server.script = well_behaved(**{method: lambda: Answer(status=500)})
    with pytest.raises(ChannelError) as trouble:
        open_bluesky(server, clock).reply(answer_to(TARGET, text="a", created_at=clock.now()))
    assert not trouble.value.maybe_done
    assert "com.atproto.repo.putRecord" not in [name_of(r) for r in server.requests]


def test_sending_again_after_a_lost_answer_finds_the_reply(
    server: FaultServer, clock: ScriptedClock
) -> None:
    reply = answer_to(TARGET, text="a", created_at=clock.now())
    server.script = well_behaved(putRecord=lambda: Answer(fault="cut"))
    channel = open_bluesky(server, clock)
    with pytest.raises(ChannelError):
        channel.reply(reply)
    written = server.requests[-1].json()
    assert written["swapRecord"] is None
    standing = {"uri": "at://x", "cid": "c9", "value": written["record"]}
    server.script = well_behaved(getRecord=lambda: Answer.of(standing))
    sent = channel.reply(reply)
    assert sent.external_id.endswith(written["rkey"])
    assert [name_of(r) for r in server.requests].count("com.atproto.repo.putRecord") == 1


def test_two_senders_at_once_make_one_reply(server: FaultServer, clock: ScriptedClock) -> None:
    reply = answer_to(TARGET, text="a", created_at=clock.now())
    record = {"reply": {"parent": TARGET.reference}}
    looks = [NOT_FOUND, Answer.of({"uri": "at://x", "cid": "c9", "value": record})]
    taken = Answer.of({"error": "InvalidSwap", "message": "Record was at c9"}, status=400)
    server.script = well_behaved(getRecord=lambda: looks.pop(0), putRecord=lambda: taken)
    assert open_bluesky(server, clock).reply(reply).external_id
    looks[:] = [NOT_FOUND, Answer.of({"value": {"reply": {"parent": {"uri": "at://else"}}}})]
    with pytest.raises(ChannelError, match="Another post") as refused:
        open_bluesky(server, clock).reply(reply)
    assert refused.value.permanent


def test_a_rate_limit_names_its_end(server: FaultServer, clock: ScriptedClock) -> None:
    reset = str(int(clock.now().timestamp()) + 90)
    limited = Answer(status=429, headers={"ratelimit-reset": reset})
    server.script = well_behaved(createSession=lambda: limited)
    with pytest.raises(ChannelError) as trouble:
        open_bluesky(server, clock).identify()
    assert trouble.value.retry_after == timedelta(seconds=90)


@pytest.mark.parametrize("name", ["ExpiredToken", "InvalidToken"])
def test_a_spent_token_is_renewed_once(
    server: FaultServer, clock: ScriptedClock, name: str
) -> None:
    spent = Answer.of({"error": name, "message": "Token has expired"}, status=400)
    answers = [spent, Answer.of({"notifications": []})]
    server.script = well_behaved(listNotifications=lambda: answers.pop(0))
    channel = open_bluesky(server, clock)
    channel.poll("")
    assert [name_of(r).rpartition(".")[2] for r in server.requests] == [
        "createSession",
        "listNotifications",
        "refreshSession",
        "listNotifications",
    ]
    assert server.requests[2].headers["authorization"] == "Bearer r1"
    assert server.requests[3].headers["authorization"] == "Bearer a2"


def test_a_server_that_never_takes_a_token_ends_in_credentials(
    server: FaultServer, clock: ScriptedClock
) -> None:
    refused = Answer.of({"error": "InvalidToken", "message": "no"}, status=401)
    server.script = well_behaved(listNotifications=lambda: refused)
    with pytest.raises(ChannelError) as trouble:
        open_bluesky(server, clock).poll("")
    assert (trouble.value.code, trouble.value.permanent) == ("credentials", True)
    assert len(server.requests) <= 5


def test_trouble_while_renewing_keeps_the_session(
    server: FaultServer, clock: ScriptedClock
) -> None:
    spent = Answer.of({"error": "ExpiredToken", "message": ""}, status=400)
    server.script = well_behaved(
        listNotifications=lambda: spent, refreshSession=lambda: Answer(status=503)
    )
    channel = open_bluesky(server, clock)
    with pytest.raises(ChannelError) as trouble:
        channel.poll("")
    assert not trouble.value.permanent
    assert "r1" in channel.export_session()


@pytest.mark.parametrize("session", ["", "x", "null", "[]", '{"did": 1}', '{"a": "b"}'])
def test_a_spoilt_kept_session_signs_in_anew(
    server: FaultServer, clock: ScriptedClock, session: str
) -> None:
    server.script = well_behaved()
    settings = {"service": server.url, "handle": "o.test", "app_password": "p"}
    channel = open_channel(
        "bluesky", settings=settings, allowed=server.allowed, session=session, clock=clock
    )
    assert channel.identify().external_id == SESSION["did"]


def test_a_private_server_is_refused_without_the_owners_leave(clock: ScriptedClock) -> None:
    settings = {"service": "http://127.0.0.1:1", "handle": "o.test", "app_password": "p"}
    with pytest.raises(ChannelError) as refused:
        open_channel("bluesky", settings=settings, clock=clock).identify()
    assert (refused.value.code, refused.value.permanent) == ("refused", True)


def test_secrets_are_in_no_error(server: FaultServer, clock: ScriptedClock) -> None:
    for status in (400, 401, 429, 500):
        server.script = well_behaved(createSession=lambda status=status: Answer(status=status))
        with pytest.raises(ChannelError) as trouble:
            open_bluesky(server, clock, app_password="very-secret-word").identify()
        assert "very-secret-word" not in str(trouble.value)
