"""Warns at 50, 80 and 100 per cent of the clock that runs; only a person's answer stops it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from amends.cases.models import OPEN_STATUSES, Case
from amends.core.clock import Clock
from amends.record.log import CLOCK, Subject, log_action
from amends.work.claim import Claim, finish

WATCH_CLOCK = "watch_clock"
MARKS = (50, 80, 100)  # per cent of the time between start and due


def watch_clock(claim: Claim[Case], *, clock: Clock) -> None:
    """Note the highest mark that has passed, once, and sleep until the next one."""
    case = claim.row
    now = clock.now()
    passed = passed_mark(case, now=now)
    with transaction.atomic():
        if passed > case.warned:
            Case.objects.filter(pk=case.pk).update(warned=passed, changed_at=now)
            log_action(
                "case.clock",
                workspace_id=case.workspace_id,
                actor=CLOCK,
                subject=Subject("case", case.public_id, case.public_id),
                now=now,
                data={"percent": passed, "clock": running_clock(case)[0]},
            )
            case.warned = passed
        due_at = next_warning_at(case, now=now)
        finish(claim, next_step=WATCH_CLOCK if due_at else "", due_at=due_at)


def running_clock(case: Case) -> tuple[str, datetime | None]:
    """Which clock runs and when it is due: the first reply until it is sent, then the resolution."""
    if case.status not in OPEN_STATUSES or case.clock_started_at is None:
        return "", None
    if case.first_replied_at is None:
        return "first_reply", case.first_reply_due_at
    return "resolution", case.resolution_due_at


def passed_mark(case: Case, *, now: datetime) -> int:
    """The last of 0, 50, 80, 100 per cent that the running clock has passed."""
    return max((mark for mark, at in _moments(case) if at <= now), default=0)


def next_warning_at(case: Case, *, now: datetime) -> datetime | None:
    """The next moment at which a warning is due; a mark that has passed unnoticed is due at once."""
    pending = [at for mark, at in _moments(case) if mark > case.warned]
    return max(min(pending), now) if pending else None


def _moments(case: Case) -> list[tuple[int, datetime]]:
    _name, due_at = running_clock(case)
    start = case.clock_started_at
    if due_at is None or start is None:
        return []
    length = (due_at - start) / timedelta(seconds=1)
    return [(mark, start + timedelta(seconds=length * mark / 100)) for mark in MARKS]
