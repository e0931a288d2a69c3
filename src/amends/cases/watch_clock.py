"""Warns at 50, 80 and 100 per cent of the clock that runs; only a person's answer stops it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from amends.cases.models import OPEN_STATUSES, Case
from amends.core.clock import Clock
from amends.core.playbook.clocks import Countdown
from amends.core.playbook.terms import ClockKind
from amends.record.log import CLOCK, Subject, log_action
from amends.work.claim import Claim, finish

WATCH_CLOCK = "watch_clock"


def watch_clock(claim: Claim[Case], *, clock: Clock) -> None:
    """Note the highest mark that has passed, once, and sleep until the next one."""
    now = clock.now()
    with transaction.atomic():
        # Read anew and held: an answer may have gone out since the row was claimed.
        case = Case.objects.select_for_update().get(pk=claim.row.pk)
        if case.next_step != WATCH_CLOCK:
            finish(claim, next_step=case.next_step, due_at=case.due_at)
            return
        running = running_clock(case)
        passed = running.warning_level(now) if running else 0
        if running and passed > case.warned:
            Case.objects.filter(pk=case.pk).update(warned=passed, changed_at=now)
            log_action(
                "case.clock",
                workspace_id=case.workspace_id,
                actor=CLOCK,
                subject=Subject("case", case.public_id, case.public_id),
                now=now,
                data={"percent": passed, "clock": running.kind.value},
            )
            case.warned = passed
        due_at = next_warning_at(case, now=now)
        finish(claim, next_step=WATCH_CLOCK if due_at else "", due_at=due_at)


def running_clock(case: Case) -> Countdown | None:
    """The clock that runs: the first reply until it is sent, then the resolution; None when none does."""
    start = case.clock_started_at
    if case.status not in OPEN_STATUSES or start is None:
        return None
    is_waiting = case.first_replied_at is None
    due_at = case.first_reply_due_at if is_waiting else case.resolution_due_at
    kind = ClockKind.FIRST_REPLY if is_waiting else ClockKind.RESOLUTION
    return Countdown(kind, start, due_at) if due_at else None


def next_warning_at(case: Case, *, now: datetime) -> datetime | None:
    """The next moment at which a warning is due; a mark that has passed unnoticed is due at once."""
    running = running_clock(case)
    marks = running.milestones if running else ()
    pending = [moment for level, moment in marks if level > case.warned]
    return max(min(pending), now) if pending else None
