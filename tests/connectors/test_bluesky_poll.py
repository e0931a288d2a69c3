"""The sweeps over notifications lose nothing: not between pages, not at equal times, not on restart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.connectors.channels.bluesky import poll
from amends.connectors.kit.errors import ChannelError

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
OURS = "did:plc:ours"


class ListedNetwork:
    """Lists notifications as the reference AppView does: newest first, strictly below the cursor."""

    did = OURS

    def __init__(self) -> None:
        self.listed: list[tuple[datetime, str]] = []
        self.opaque = False

    def announce(self, name: str, *, at: datetime) -> str:
        uri = f"at://did:plc:them/app.bsky.feed.post/{name}"
        self.listed.append((at, uri))
        return uri

    def query(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if method == "app.bsky.feed.getPosts":
            return {"posts": []}
        newest_first = sorted(self.listed, key=lambda entry: entry[0], reverse=True)
        if "cursor" in params:
            below = datetime.fromisoformat(str(params["cursor"]).removeprefix("x"))
            newest_first = [entry for entry in newest_first if entry[0] < below]
        page = newest_first[: params["limit"]]
        answer: dict[str, Any] = {"notifications": [as_notification(*entry) for entry in page]}
        if len(page) == params["limit"]:
            answer["cursor"] = ("x" if self.opaque else "") + page[-1][0].isoformat()
        return answer


def as_notification(at: datetime, uri: str) -> dict[str, Any]:
    return {
        "uri": uri,
        "cid": "c1",
        "author": {"did": "did:plc:them", "handle": "them.test"},
        "reason": "reply",
        "record": {"text": uri, "createdAt": at.isoformat()},
        "indexedAt": at.isoformat(),
    }


def sweep(network: ListedNetwork, *, cursor: str, now: datetime) -> tuple[list[str], str]:
    """One whole sweep, with a restart after every page."""
    heard: list[str] = []
    for _ in range(200):
        page = poll.poll_notifications(network, cursor=cursor, now=now)  # type: ignore[arg-type]
        heard += [event.external_id for event in page.events]
        cursor = page.cursor
        if not page.more:
            return heard, cursor
    raise AssertionError("the sweep does not end")


arrivals = st.lists(  # rounds of seconds before the round's end: many twins
    st.lists(st.integers(0, 5), max_size=12), min_size=1, max_size=4
)


@given(rounds=arrivals, limit=st.integers(3, 6))
@settings(deadline=None)
def test_every_notification_is_heard_whatever_the_page_and_the_twins(
    rounds: list[list[int]], limit: int
) -> None:
    network, cursor, heard, announced = ListedNetwork(), "", [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(poll, "PAGE", limit)
        for number, ages in enumerate(rounds):
            now = NOW + timedelta(seconds=30 * number)
            for count, age in enumerate(ages):
                # A page of twins alone cannot be split by anybody: keep fewer twins than a page.
                moment = now - timedelta(seconds=age, milliseconds=count // (limit - 1))
                announced.append(network.announce(f"p{number}-{count}", at=moment))
            found, cursor = sweep(network, cursor=cursor, now=now)
            heard += found
    assert set(heard) == set(announced)
    assert len(heard) == len(announced)  # and none twice while it is remembered


def test_an_opaque_cursor_is_passed_on_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "PAGE", 3)
    network = ListedNetwork()
    network.opaque = True
    announced = [network.announce(f"p{i}", at=NOW - timedelta(seconds=i)) for i in range(10)]
    heard, _ = sweep(network, cursor="", now=NOW)
    assert sorted(heard) == sorted(announced)


def test_what_arrives_during_a_sweep_is_heard_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "PAGE", 3)
    network = ListedNetwork()
    for i in range(7):
        network.announce(f"p{i}", at=NOW - timedelta(minutes=i))
    first = poll.poll_notifications(network, cursor="", now=NOW)  # type: ignore[arg-type]
    assert first.more
    late = network.announce("late", at=NOW + timedelta(seconds=1))
    heard, cursor = sweep(network, cursor=first.cursor, now=NOW)
    assert late not in heard
    assert sweep(network, cursor=cursor, now=NOW)[0] == [late]


def test_what_a_slow_clock_wrote_into_the_past_is_heard_within_the_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(poll, "PAGE", 2)
    network = ListedNetwork()
    for hour in range(10):
        network.announce(f"p{hour}", at=NOW - timedelta(hours=hour))
    _, cursor = sweep(network, cursor="", now=NOW)
    late = network.announce("late", at=NOW - timedelta(hours=5, minutes=30))
    heard, cursor = sweep(network, cursor=cursor, now=NOW + timedelta(minutes=1))
    assert late not in heard  # a common sweep goes down ten minutes
    heard, cursor = sweep(network, cursor=cursor, now=NOW + poll.DEEP_EVERY)
    assert late in heard


def test_the_first_sweep_ends_at_the_history_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "PAGE", 3)
    network = ListedNetwork()
    for day in range(90):
        network.announce(f"p{day}", at=NOW - timedelta(days=day))
    heard, cursor = sweep(network, cursor="", now=NOW)
    assert 30 <= len(heard) <= 34
    assert len(cursor) < 10_000


@pytest.mark.parametrize(
    "cursor", ["x", "null", "[]", '{"a":1}', '{"page":"p"}', '{"seen":3}', '{"floor":"soon"}']
)
def test_a_foreign_cursor_is_refused_with_words(cursor: str) -> None:
    with pytest.raises(ChannelError, match="empty it to begin anew") as refused:
        poll.poll_notifications(ListedNetwork(), cursor=cursor, now=NOW)  # type: ignore[arg-type]
    assert refused.value.permanent
