"""Looks at captured comments again, ever more rarely: many channels never tell of edits and deletions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import InboundEvent
from amends.connectors.kit.manifest import Action, Mode
from amends.core.clock import Clock
from amends.inbox.capture import capture_event
from amends.inbox.channels import manifest_of, open_account, sealed_session
from amends.inbox.listen import payload_of, store_event
from amends.inbox.models import AccountStatus, ChannelAccount, Comment, Version
from amends.inbox.wire import event_from_json
from amends.work.claim import back_off

AGES = (  # how old a comment is when it is looked at again
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)
AT_ONCE = 25


def recheck_due(*, clock: Clock) -> int:
    """Look again at what is due on every account that can; returns how many were looked at."""
    looked = 0
    for account in ChannelAccount.objects.filter(status=AccountStatus.ACTIVE):
        if manifest_of(account).can(Action.REFETCH, mode=Mode.API):
            looked += _recheck_account(account, clock=clock)
    return looked


def recheck_comment(comment: Comment, *, clock: Clock) -> Version | None:
    """Look at one comment now and capture what changed; raises ChannelError when the channel cannot say."""
    channel = open_account(comment.account, clock=clock)
    event = channel.refetch(comment.external_id)  # type: ignore[attr-defined]
    session = sealed_session(channel)
    with transaction.atomic():
        if session:
            ChannelAccount.objects.filter(pk=comment.account_id).update(sealed_session=session)
        return capture_now(event, comment=comment, clock=clock)


def capture_now(event: InboundEvent, *, comment: Comment, clock: Clock) -> Version | None:
    """Store and capture a present state in the transaction of the caller; None when nothing changed."""
    raw = store_event(event, account=comment.account, clock=clock, is_present=True)
    if raw is None:
        return None
    now = clock.now()
    version = capture_event(event_from_json(payload_of(raw)), account=comment.account, now=now)
    type(raw).objects.filter(pk=raw.pk).update(next_step="", due_at=None)
    return version


def next_look(comment: Comment, *, now: datetime) -> datetime | None:
    """When to look again, by age; None when the comment is old enough to be left alone."""
    age = now - comment.published_at
    return next((comment.published_at + mark for mark in AGES if mark > age), None)


def _recheck_account(account: ChannelAccount, *, clock: Clock) -> int:
    now = clock.now()
    due = Comment.objects.filter(account=account, recheck_at__lte=now).order_by("recheck_at")
    looked = 0
    for comment in due.select_related("account")[:AT_ONCE]:
        claimed = Comment.objects.filter(pk=comment.pk, recheck_at=comment.recheck_at).update(
            recheck_at=next_look(comment, now=now)
        )
        if not claimed:
            continue
        try:
            recheck_comment(comment, clock=clock)
        except ChannelError as error:
            if error.permanent and error.code != "credentials":
                continue  # about this comment alone: it has its next look, the others go on
            later = now + (error.retry_after or back_off(5))
            Comment.objects.filter(account=account, recheck_at__lte=later).update(recheck_at=later)
            Comment.objects.filter(pk=comment.pk).update(recheck_at=later)
            break  # the channel is in trouble: the others would meet the same
        looked += 1
    return looked
