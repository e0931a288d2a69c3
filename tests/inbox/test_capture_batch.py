"""Capture in batches: the same rows as one by one, whatever the batch holds, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from amends.accounts.models import User
from amends.connectors.kit.events import EventKind, InboundAttachment, InboundAuthor, InboundEvent
from amends.core.clock import ScriptedClock
from amends.inbox import capture_batch as batch
from amends.inbox.capture import capture
from amends.inbox.change_mentions import TermForm, change_mentions
from amends.inbox.listen import store_event
from amends.inbox.models import (
    Attachment,
    Author,
    ChannelAccount,
    Comment,
    Mention,
    RawEvent,
    Thread,
    Version,
)
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_batch, run_until_idle
from amends.pipeline.steps import STEPS
from amends.record.keep import is_unaltered
from amends.record.models import Content
from amends.work.claim import claim_many
from tests.support.append_only import guards_lifted
from tests.support.comments import created

pytestmark = pytest.mark.django_db
(STEP,) = (step for step in STEPS if step.name == "capture")


def burst(now: datetime) -> list[InboundEvent]:
    """New comments of known and unknown authors, answers to each other, edits, deletions, repetitions."""
    can, eda = InboundAuthor("a-2", "can", "Can", followers=7), InboundAuthor("a-3", "eda", "Eda")
    later = now + timedelta(seconds=9)
    first = created("c-1", at=now, text="Kargom nerede?")
    assert first.comment is not None
    edit = replace(
        first,
        key="c-1@v2",
        kind=EventKind.EDITED,
        observed_at=later,
        comment=replace(first.comment, text="Kargom yok", version_key="v2", edited_at=later),
    )
    gone = InboundEvent(
        key="c-4@gone", kind=EventKind.DELETED, external_id="c-4", observed_at=later
    )
    picture = (InboundAttachment(kind="image", url="https://x.example/a.png", alt_text="kutu"),)
    return [
        gone,
        created("c-3", at=now, author=eda, parent_external_id="c-2", thread_external_id="c-2"),
        created("c-2", at=now, author=can, thread_external_id="c-2", attachments=picture),
        first,
        edit,
        created("c-4", at=now, author=replace(can, handle="can.2"), text="Silinecek"),
        created("c-5", at=later, author=replace(can, handle="can.3", followers=None)),
        created("c-6", at=now - timedelta(days=3), author=eda, parent_external_id="c-9"),
        created("c-7", at=now, author=eda, is_ours=True, version_key=""),
        created("c-9", at=now, author=can, text="NUL \x00 \ud83d"),
    ]


def state() -> dict[str, Any]:
    """Everything that was written, without keys and salts."""

    def rows(model: Any, *names: str) -> list[Any]:
        return sorted(model.objects.values_list(*names), key=repr)

    assert all(is_unaltered(one) for one in Content.objects.all())
    work = ("next_step", "due_at", "attempts", "last_error", "lease_token")
    return {
        "authors": rows(
            Author,
            *(
                "external_id",
                "handle",
                "display_name",
                "followers",
                "described_at",
                "first_seen_at",
            ),
        ),
        "threads": rows(Thread, "root_external_id", "created_at"),
        "comments": rows(
            Comment,
            *("external_id", "author__external_id", "thread__root_external_id", "brand"),
            *("parent__external_id", "is_ours", "is_history", "is_context", "published_at"),
            *("observed_at", "recheck_at", "url"),
        ),
        "versions": rows(
            Version,
            *("comment__external_id", "key", "occurred_at", "captured_at", "content__text"),
            *("is_tombstone", "method", "next_step", "due_at"),
        ),
        "attachments": rows(Attachment, "version__comment__external_id", "url", "alt_text"),
        "events": rows(RawEvent, "key", *work),
    }


def hear(account: ChannelAccount, *, now: datetime) -> None:
    Author.objects.create(
        workspace=account.workspace,
        kind=account.kind,
        host=account.host,
        external_id="a-3",
        handle="eda.old",
        described_at=now - timedelta(hours=1),
        first_seen_at=now - timedelta(hours=1),
        followers=3,
    )
    for event in burst(now):
        store_event(event, account=account, clock=ScriptedClock(now))


def test_a_batch_leaves_what_one_by_one_would_have_left(
    account: ChannelAccount, desk: Desk, now: datetime
) -> None:
    with transaction.atomic():
        hear(account, now=now)
        claims = claim_many(RawEvent, step="capture", now=now, lease=desk.lease, limit=50)
        assert len(claims) == len(burst(now))
        left = batch.capture_batch(claims, clock=desk.clock)
        assert {claim.row.external_id for claim in left} == {"c-1", "c-4"}
        for claim in left:
            capture(claim, clock=desk.clock)
        in_batches = state()
        transaction.set_rollback(True)
    hear(account, now=now)
    run_until_idle(desk, steps=[replace(STEP, run_batch=None)])
    assert in_batches == state()
    authors = {one[:2] for one in in_batches["authors"]}
    assert authors >= {("a-2", "can.3"), ("a-3", "eda")}


def test_the_worker_captures_a_burst_in_few_statements(
    account: ChannelAccount, desk: Desk, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        event = created(f"c-{n}", at=now, author=InboundAuthor(f"a-{n}", f"h{n}", ""))
        store_event(event, account=account, clock=desk.clock)
    with django_assert_max_num_queries(30):
        assert run_batch(STEP, desk=desk) == 60
    assert Comment.objects.count() == Version.objects.filter(next_step="classify").count() == 60
    assert run_batch(STEP, desk=desk) == 0


def test_a_batch_whose_lease_has_passed_to_another_writes_nothing(
    account: ChannelAccount, desk: Desk, now: datetime
) -> None:
    hear(account, now=now)
    claims = claim_many(RawEvent, step="capture", now=now, lease=desk.lease, limit=50)
    RawEvent.objects.filter(external_id="c-5").update(lease_token="another")
    left = batch.capture_batch(claims, clock=desk.clock)
    assert len(left) == len(claims)
    assert not Comment.objects.exists()


def test_one_event_that_cannot_be_read_does_not_hold_the_others_up(
    account: ChannelAccount, desk: Desk, now: datetime
) -> None:
    for n in range(3):
        store_event(created(f"c-{n}", at=now), account=account, clock=desk.clock)
    broken = RawEvent.objects.get(external_id="c-1")
    with guards_lifted(connection):
        Content.objects.filter(pk=broken.content_id).update(payload='{"format": 99}')
    run_until_idle(desk, steps=[STEP])
    assert set(Comment.objects.values_list("external_id", flat=True)) == {"c-0", "c-2"}
    broken.refresh_from_db()
    assert (broken.next_step, broken.due_at) == ("capture", None)


def test_mentions_are_noted_in_a_batch_as_well(
    account: ChannelAccount, desk: Desk, lead: User, now: datetime
) -> None:
    forms = [TermForm(name="Lumbara")]
    change_mentions(account.brand, forms=forms, query="", seen_version=0, by=lead, now=now)
    for n, text in enumerate(("Lumbara kargom nerede", "başka bir şey", "lumbarra yine yok")):
        event = created(f"c-{n}", at=now, text=text)
        store_event(event, account=account, clock=desk.clock)
    run_batch(STEP, desk=desk)
    found = Mention.objects.values_list("version__comment__external_id", flat=True)
    assert set(found) == {"c-0", "c-2"}
