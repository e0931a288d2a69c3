"""Stops answers to a comment that is no longer what its writer read: edited or gone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from amends.cases.models import CaseStatus
from amends.cases.transitions import log_on_case, may_move, move_case
from amends.core.clock import Clock
from amends.inbox.models import Version
from amends.inbox.queries import latest_version
from amends.record.log import WORKER, Actor
from amends.replies.models import (
    Delivery,
    DeliveryStatus,
    Reply,
    ReplyStatus,
    RequestOutcome,
)
from amends.replies.queries import OPEN_REPLIES, lock_reply
from amends.replies.request import close_request
from amends.work.claim import Claim, finish


def freeze(claim: Claim[Version], *, clock: Clock) -> None:
    """Freeze the open replies that are pinned to an older version of the comment."""
    version = claim.row
    now = clock.now()
    with transaction.atomic():
        latest = latest_version(version.comment)
        stale = Reply.objects.filter(
            comment=version.comment_id,
            hand_over__isnull=True,  # what is said in private answers no version
            status__in=[ReplyStatus.DRAFT, ReplyStatus.AWAITING_APPROVAL, ReplyStatus.APPROVED],
        ).exclude(version=latest)
        for reply in stale.select_related("case"):
            freeze_reply(reply, why="comment_changed", actor=WORKER, now=now)
        finish(claim, next_step="fetch_context", due_at=now)


def freeze_reply(reply: Reply, *, why: str, actor: Actor, now: datetime) -> bool:
    """Freeze one reply and revoke its approval; False when it is on the wire, sent or given up.

    What is being sent cannot be called back: it counts for the version that it was approved for.
    In the caller's transaction.
    """
    if lock_reply(reply.pk).status not in OPEN_REPLIES:
        return False
    # The token is cleared: a worker that was about to send finds its lease lost and sends nothing.
    # The status is asked in the same statement: a worker may mark the delivery at this very moment.
    stopped = Delivery.objects.filter(
        reply=reply, status__in=[DeliveryStatus.READY, DeliveryStatus.FAILED]
    ).update(
        status=DeliveryStatus.READY, next_step="", due_at=None, lease_token="", leased_until=None
    )
    if not stopped and Delivery.objects.filter(reply=reply).exists():
        return False
    reply.approvals.filter(revoked_at__isnull=True).update(revoked_at=now, revoked_because=why)
    Reply.objects.filter(pk=reply.pk).update(status=ReplyStatus.FROZEN, changed_at=now)
    reply.status = ReplyStatus.FROZEN
    close_request(reply, outcome=RequestOutcome.FROZEN, now=now)
    if may_move(reply.case, to=CaseStatus.DRAFTING):
        move_case(reply.case, to=CaseStatus.DRAFTING, actor=actor, now=now)
    log_on_case(
        reply.case, "reply.freeze", actor=actor, now=now, data={"reply": reply.pk, "why": why}
    )
    return True
