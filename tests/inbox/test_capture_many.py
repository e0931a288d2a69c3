"""Many events at once leave the state that they leave one by one, in any order and any number of times."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.connectors.kit.events import EventKind, InboundAuthor, InboundEvent
from amends.core.clock import ScriptedClock
from amends.core.vocabulary import GoneCause
from amends.inbox.capture import capture_event
from amends.inbox.capture_many import HISTORY_STEP, Captured, capture_many
from amends.inbox.listen import store_event
from amends.inbox.models import (
    Attachment,
    Author,
    ChannelAccount,
    Comment,
    RawEvent,
    Thread,
    Version,
)
from amends.record.keep import is_unaltered
from amends.record.models import Content
from tests.support.append_only import guards_lifted
from tests.support.comments import created

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def street(now: datetime) -> list[InboundEvent]:
    """A thread with an answer, a second author, an edit with its own date and our reply."""
    ayse, can = InboundAuthor("a-1", "ayse", followers=212), InboundAuthor("a-2", "can")
    return [
        created("c-2", at=now, parent_external_id="c-1", thread_external_id="c-1", author=can),
        created("c-1", at=now, author=ayse, published_at=now - HOUR),
        created(
            "c-1", at=now, author=ayse, version_key="c-1-v2", text="Kargom hâlâ yok", edited_at=now
        ),
        created(
            "c-3",
            at=now,
            parent_external_id="c-1",
            thread_external_id="c-1",
            is_ours=True,
            author=InboundAuthor("us", "lumen"),
        ),
        created("c-4", at=now + HOUR, author=InboundAuthor("a-1", "ayse.k", followers=None)),
    ]


def state() -> list[Any]:
    comments = Comment.objects.order_by("external_id").values_list(
        "external_id",
        "author__external_id",
        "thread__root_external_id",
        "parent__external_id",
        "is_ours",
        "is_history",
        "published_at",
        "observed_at",
    )
    versions = Version.objects.order_by("comment__external_id", "key").values_list(
        "comment__external_id", "key", "occurred_at", "content__text", "method", "next_step"
    )
    authors = Author.objects.order_by("external_id").values_list(
        "external_id", "handle", "followers", "described_at", "first_seen_at"
    )
    return [*comments, *versions, *authors]


def test_many_at_once_are_what_they_are_one_by_one(account: ChannelAccount, now: datetime) -> None:
    events = street(now)
    for event in events:
        capture_event(event, account=account, now=now)
    one_by_one = state()

    with guards_lifted(connection):
        for model in (Attachment, Version, Comment, Thread, Author, Content):
            model._base_manager.all()._raw_delete("default")
    capture_many(events, account=account, now=now)
    many = [tuple("created" if value == "edited" else value for value in row) for row in state()]
    alone = [
        tuple("created" if value == "edited" else value for value in row) for row in one_by_one
    ]
    assert many == alone


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)), cuts=st.lists(st.integers(1, 4), max_size=3))
def test_the_order_and_the_size_of_batches_do_not_matter(
    order: list[int], cuts: list[int], account: ChannelAccount, now: datetime
) -> None:
    events = street(now)
    shuffled = [events[at] for at in order]
    capture_many(events, account=account, now=now)
    before = state()
    for cut in [*cuts, 5]:
        capture_many(shuffled[:cut], account=account, now=now)
    assert state() == before


def test_it_says_what_was_new_changed_and_known(account: ChannelAccount, now: datetime) -> None:
    first = [created(f"c-{n}", at=now, version_key="") for n in range(3)]
    assert capture_many(first, account=account, now=now) == Captured(new=3)
    again = [*first, created("c-1", at=now, version_key="", text="Geldi")]
    later = now + HOUR
    assert capture_many(again, account=account, now=later) == Captured(changed=1, known=3)
    latest = Version.objects.filter(comment__external_id="c-1").order_by("-occurred_at").first()
    assert latest is not None
    assert (latest.text, latest.method) == ("Geldi", "edited")
    assert all(is_unaltered(version.content) for version in Version.objects.all())


def test_of_two_states_in_one_batch_the_later_row_is_the_later_state(
    account: ChannelAccount, now: datetime
) -> None:
    rows = [created("c-1", at=now, version_key="", text=text) for text in ("bir", "iki", "üç")]
    capture_many(rows, account=account, now=now)
    found = Version.objects.order_by("occurred_at", "key")
    assert [one.text for one in found] == ["bir", "iki", "üç"]


def test_history_is_judged_beside_the_journey(account: ChannelAccount, now: datetime) -> None:
    capture_many([created("c-1", at=now)], account=account, now=now, is_history=True)
    capture_many([created("c-2", at=now)], account=account, now=now)
    steps = dict(Version.objects.values_list("comment__external_id", "next_step"))
    assert steps == {"c-1": HISTORY_STEP, "c-2": "classify"}


def test_a_deletion_that_was_heard_before_is_applied(
    account: ChannelAccount, now: datetime
) -> None:

    gone = InboundEvent(
        key="gone",
        kind=EventKind.DELETED,
        external_id="c-1",
        observed_at=now,
        gone_cause=GoneCause.AUTHOR,
        gone_method="test",
        gone_confidence=1.0,
    )
    assert store_event(gone, account=account, clock=ScriptedClock(now)) is not None
    assert RawEvent.objects.count() == 1
    capture_many([created("c-1", at=now), created("c-2", at=now)], account=account, now=now)
    assert Version.objects.filter(comment__external_id="c-1", is_tombstone=True).count() == 1


def test_what_was_context_is_addressed_to_us(account: ChannelAccount, now: datetime) -> None:
    capture_event(created("c-1", at=now), account=account, now=now, is_context=True)
    assert Version.objects.get().next_step == ""
    capture_many([created("c-1", at=now)], account=account, now=now)
    assert Version.objects.get().next_step == "classify"
    assert not Comment.objects.get().is_context
