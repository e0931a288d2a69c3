"""Asks deputies once the time of an approval is over; nothing goes out by waiting (domain.md 3.3, S1.14)."""

from __future__ import annotations

from django.db import transaction

from amends.accounts.models import Role
from amends.accounts.queries import members_of
from amends.cases.transitions import log_on_case
from amends.core.clock import Clock
from amends.core.vocabulary import ApprovalLevel
from amends.record.log import CLOCK
from amends.replies.models import ApprovalRequest
from amends.replies.request import tell_approvers
from amends.replies.seats import Table
from amends.work.claim import Claim, finish


def watch_approval(claim: Claim[ApprovalRequest], *, clock: Clock) -> None:
    """Say once that it is late, and ask who may agree by now: deputies too, else those who lead."""
    now = clock.now()
    with transaction.atomic():
        request = ApprovalRequest.objects.select_for_update().get(pk=claim.row.pk)
        finish(claim)
        if request.outcome or request.timed_out_at is not None:
            return
        reply = request.reply
        before = Table(reply, request=request, level=ApprovalLevel(request.level), now=now).people
        ApprovalRequest.objects.filter(pk=request.pk).update(timed_out_at=now)
        request.timed_out_at = now
        able = Table(reply, request=request, level=ApprovalLevel(request.level), now=now).people
        added = [one for one in able if one not in before]
        leaders = {
            one.user for one in members_of(reply.workspace) if one.role in {Role.OWNER, Role.LEAD}
        }
        asked = added or [one for one in able if one in leaders] or able
        about = {
            "reply": reply.pk,
            "level": request.level,
            "deputies": [str(one.pk) for one in added],
        }
        log_on_case(reply.case, "approval.time_out", actor=CLOCK, now=now, data=about)
        tell_approvers(request, people=asked, what="late", now=now)
