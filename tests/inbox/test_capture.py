"""Capture: idempotent, free of order, and nothing that was said is ever lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.connectors.kit.events import (
    EventKind,
    InboundAttachment,
    InboundAuthor,
    InboundEvent,
)
from amends.core.clock import ScriptedClock
from amends.core.vocabulary import GoneCause
from amends.inbox.capture import capture_event
from amends.inbox.listen import payload_of, store_event
from amends.inbox.models import (
    Attachment,
    Author,
    ChannelAccount,
    Comment,
    RawEvent,
    Thread,
    Version,
)
from amends.inbox.queries import last_words, latest_version, versions_of
from amends.inbox.wire import event_from_json
from tests.support.comments import created

pytestmark = pytest.mark.django_db


def edited(first: InboundEvent, *, text: str, version_key: str, at: datetime) -> InboundEvent:
    assert first.comment is not None
    comment = replace(first.comment, text=text, version_key=version_key, edited_at=at)
    return replace(
        first,
        key=f"{first.external_id}@{version_key}",
        kind=EventKind.EDITED,
        observed_at=at,
        comment=comment,
    )


def deleted(external_id: str, *, at: datetime) -> InboundEvent:
    return InboundEvent(
        key=f"{external_id}@gone",
        kind=EventKind.DELETED,
        external_id=external_id,
        observed_at=at,
        gone_cause=GoneCause.AUTHOR,
        gone_method="event",
        gone_confidence=0.9,
    )


def test_an_event_replayed_changes_nothing(account: ChannelAccount, now: datetime) -> None:
    event = created("c-1", at=now)
    assert capture_event(event, account=account, now=now) is not None
    assert capture_event(event, account=account, now=now + timedelta(hours=1)) is None
    assert Version.objects.count() == Comment.objects.count() == Author.objects.count() == 1


def test_an_edit_makes_a_second_version_and_the_first_stays_readable(
    account: ChannelAccount, now: datetime
) -> None:
    first = created("c-1", at=now, text="Kargom 6 gündür yok")
    capture_event(first, account=account, now=now)
    capture_event(
        edited(first, text="Kargom geldi", version_key="v2", at=now + timedelta(minutes=5)),
        account=account,
        now=now + timedelta(minutes=6),
    )
    words = [version.text for version in versions_of(Comment.objects.get())]
    assert words == ["Kargom 6 gündür yok", "Kargom geldi"]


def test_a_deletion_is_a_tombstone_with_cause_method_and_confidence(
    account: ChannelAccount, now: datetime
) -> None:
    capture_event(created("c-1", at=now), account=account, now=now)
    capture_event(deleted("c-1", at=now + timedelta(hours=1)), account=account, now=now)
    comment = Comment.objects.get()
    tombstone = latest_version(comment)
    assert tombstone is not None
    assert tombstone.is_tombstone
    assert (tombstone.gone_cause, tombstone.method, tombstone.gone_confidence) == (
        "author",
        "event",
        0.9,
    )
    words = last_words(versions_of(comment))
    assert words is not None
    assert words.text == "Kargom nerede?"


def test_history_is_marked_by_the_time_of_connection(
    account: ChannelAccount, now: datetime
) -> None:
    capture_event(
        created("old", at=now, published_at=now - timedelta(days=9)), account=account, now=now
    )
    capture_event(created("new", at=now), account=account, now=now)
    assert Comment.objects.get(external_id="old").is_history
    assert not Comment.objects.get(external_id="new").is_history


def test_an_answer_that_comes_before_what_it_answers_finds_its_parent_later(
    account: ChannelAccount, now: datetime
) -> None:
    answer = created("c-2", at=now, parent_external_id="c-1", thread_external_id="c-1")
    capture_event(answer, account=account, now=now)
    assert Comment.objects.get(external_id="c-2").parent is None
    capture_event(created("c-1", at=now), account=account, now=now)
    parent = Comment.objects.get(external_id="c-2").parent
    assert parent is not None
    assert parent.external_id == "c-1"


def test_an_older_description_of_an_author_changes_nothing(
    account: ChannelAccount, now: datetime
) -> None:
    later = InboundAuthor("a-1", "ayse", "Ayşe Kaya", followers=212)
    earlier = InboundAuthor("a-1", "ayse", "Ayşe", followers=3)
    capture_event(created("c-2", at=now, author=later), account=account, now=now)
    capture_event(
        created("c-1", at=now - timedelta(hours=1), author=earlier), account=account, now=now
    )
    author = Author.objects.get()
    assert (author.display_name, author.followers) == ("Ayşe Kaya", 212)


def test_a_channel_that_names_no_versions_gets_keys_that_nobody_can_guess(
    account: ChannelAccount, now: datetime
) -> None:
    capture_event(created("c-1", at=now, version_key=""), account=account, now=now)
    capture_event(created("c-1", at=now, version_key=""), account=account, now=now)
    version = Version.objects.get()
    assert version.key.startswith("h:")
    assert len(version.key) == 2 + 64


def test_attachments_keep_their_order_and_their_words(
    account: ChannelAccount, now: datetime
) -> None:
    pictures = (
        InboundAttachment("image", "https://example.org/1.jpg", "Ezik kutu"),
        InboundAttachment("image", "https://example.org/2.jpg"),
    )
    capture_event(created("c-1", at=now, attachments=pictures), account=account, now=now)
    kept = list(Attachment.objects.order_by("position").values_list("url", "alt_text"))
    assert kept == [("https://example.org/1.jpg", "Ezik kutu"), ("https://example.org/2.jpg", "")]


def test_what_was_found_around_a_comment_asks_nobody(
    account: ChannelAccount, now: datetime
) -> None:
    capture_event(created("c-1", at=now), account=account, now=now, is_context=True)
    assert Comment.objects.get().is_context
    assert Version.objects.get().next_step == ""


def test_context_that_turns_out_to_be_said_to_us_is_judged(
    account: ChannelAccount, now: datetime
) -> None:
    capture_event(created("c-1", at=now), account=account, now=now, is_context=True)
    capture_event(created("c-1", at=now), account=account, now=now)
    assert not Comment.objects.get().is_context
    assert Version.objects.get().next_step == "classify"


def test_what_was_said_to_us_stays_so_when_it_is_found_again_as_context(
    account: ChannelAccount, now: datetime
) -> None:
    capture_event(created("c-1", at=now), account=account, now=now)
    capture_event(created("c-1", at=now), account=account, now=now, is_context=True)
    assert not Comment.objects.get().is_context


moments = st.integers(min_value=0, max_value=10_000)


@st.composite
def histories(draw: st.DrawFn) -> list[InboundEvent]:
    """The events of some comments in a thread: creations, edits, deletions, each at a time of its own."""
    start = datetime.fromisoformat("2026-03-10T12:00:00+00:00")
    events: list[InboundEvent] = []
    names = [f"c-{number}" for number in range(draw(st.integers(1, 3)))]
    for position, name in enumerate(names):
        at = start + timedelta(seconds=position)
        first = created(
            name,
            at=at,
            text=draw(st.text(max_size=20)),
            parent_external_id=draw(st.sampled_from(["", *names[:position]])),
            thread_external_id=names[0],
            author=InboundAuthor("a-1", f"handle-{position}", followers=draw(st.none() | moments)),
        )
        events.append(first)
        for edit in range(draw(st.integers(0, 2))):
            moment = at + timedelta(seconds=60 * (edit + 1) + draw(st.integers(0, 9)))
            text = draw(st.text(max_size=20))
            events.append(edited(first, text=text, version_key=f"{name}-e{edit}", at=moment))
        if draw(st.booleans()):
            events.append(deleted(name, at=at + timedelta(seconds=500)))
    return events


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories(), chance=st.randoms(use_true_random=False))
def test_every_event_replayed_twice_in_any_order_gives_the_same_state(
    account: ChannelAccount, now: datetime, history: list[InboundEvent], chance: Any
) -> None:
    shuffled = [*history, *history]
    chance.shuffle(shuffled)
    assert state_after(history, account=account, now=now) == state_after(
        shuffled, account=account, now=now
    )


def state_after(
    events: list[InboundEvent], *, account: ChannelAccount, now: datetime
) -> dict[str, Any]:
    """What the tables hold after these events, seen through the queries that the pages use."""
    with transaction.atomic():
        clock = ScriptedClock(now)
        for event in events:
            raw = store_event(event, account=account, clock=clock)
            if raw is not None:
                capture_event(event_from_json(payload_of(raw)), account=account, now=now)
        state = {
            "comments": sorted(map(describe, Comment.objects.all())),
            "threads": sorted(Thread.objects.values_list("root_external_id", flat=True)),
            "authors": sorted(
                Author.objects.values_list("external_id", "handle", "described_at", "first_seen_at")
            ),
            "events": sorted(RawEvent.objects.values_list("key", flat=True)),
        }
        transaction.set_rollback(True)
    return state


def describe(comment: Comment) -> tuple[Any, ...]:
    versions = tuple(
        (one.key, one.text, one.is_tombstone, one.occurred_at) for one in versions_of(comment)
    )
    parent = comment.parent.external_id if comment.parent else ""
    return (comment.external_id, parent, comment.is_history, comment.observed_at, versions)
