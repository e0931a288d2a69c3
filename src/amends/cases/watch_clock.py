"""Warns at 50, 80 and 100 per cent of each clock that runs, and escalates when it has run out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from amends.cases.escalate import escalate
from amends.cases.models import OPEN_STATUSES, Case, CaseClock, CaseStatus, ClockPlan
from amends.cases.transitions import log_on_case
from amends.cases.wait import look_at_wait, open_wait
from amends.cases.wake import wake_for_clock
from amends.core.clock import Clock
from amends.core.playbook.clocks import WARNING_LEVELS, Countdown
from amends.core.playbook.terms import ClockKind
from amends.record.log import CLOCK
from amends.work.claim import Claim, finish

WAKES_FROM = WARNING_LEVELS[1]  # a case that sleeps is seen again before a clock of it runs out
WATCH_CLOCK, LOOK_AGAIN = "watch_clock", "look_again"
BREACHED = WARNING_LEVELS[-1]


def watch_clock(claim: Claim[Case], *, clock: Clock) -> None:
    """Note the highest mark that has passed of each clock, once, and sleep until the next one."""
    now = clock.now()
    with transaction.atomic():
        # Read anew and held: an answer may have gone out since the row was claimed.
        case = Case.objects.select_for_update(of=("self",)).get(pk=claim.row.pk)
        if case.next_step != WATCH_CLOCK:
            finish(claim, next_step=case.next_step, due_at=case.due_at)
            return
        if _has_old_clocks(case):
            finish(claim, next_step="decide_again", due_at=now)
            return
        look_at_wait(case, now=now)
        _warn(case, now=now)
        work = next_work(case, now=now)
        finish(claim, next_step=str(work["next_step"]), due_at=work["due_at"])  # type: ignore[arg-type]


def running_rows(case: Case) -> list[CaseClock]:
    """The clocks that run: the first reply until it is sent; none of a closed case, none that is paused."""
    if case.status not in OPEN_STATUSES:
        return []
    rows = CaseClock.objects.filter(case=case, paused_at__isnull=True).order_by("due_at", "pk")
    is_met = case.first_replied_at is not None
    return [row for row in rows if not (is_met and row.kind == ClockKind.FIRST_REPLY)]


def running_clock(case: Case) -> Countdown | None:
    """The clock that a list shows: the first reply until it is sent, then what is due next.

    Read from the case alone; None when none runs.
    """
    start = case.clock_started_at
    if case.status not in OPEN_STATUSES or start is None:
        return None
    if case.first_replied_at is None:
        due_at = case.first_reply_due_at
        return Countdown(ClockKind.FIRST_REPLY, start, due_at) if due_at else None
    others = (
        (ClockKind.PROGRESS, case.progress_due_at),
        (ClockKind.RESOLUTION, case.resolution_due_at),
    )
    found = [(due_at, kind) for kind, due_at in others if due_at is not None]
    if not found:
        return None
    due_at, kind = min(found)
    return Countdown(kind, start, due_at)


def next_work(case: Case, *, now: datetime) -> dict[str, object]:
    """What the case waits for: the next mark of a clock, the end of a wait for the customer, or the second
    look at a silence.
    """
    due_at = next_look_at(case, now=now)
    if due_at is None and case.look_due_at is not None and case.look_asked_at is None:
        return {"next_step": LOOK_AGAIN, "due_at": case.look_due_at}
    return {"next_step": WATCH_CLOCK if due_at else "", "due_at": due_at}


def next_look_at(case: Case, *, now: datetime) -> datetime | None:
    """The next moment at which there is something to note; what has passed unnoticed is due at once."""
    pending = [
        moment
        for row in running_rows(case)
        for level, moment in zip(
            WARNING_LEVELS, (row.half_at, row.most_at, row.due_at), strict=True
        )
        if level > row.warned
    ]
    wait = open_wait(case) if case.status == CaseStatus.WAITING_FOR_CUSTOMER else None
    if wait is not None:
        pending.append(wait.until)
    return max(min(pending), now) if pending else None


def _warn(case: Case, *, now: datetime) -> None:
    rows = running_rows(case)
    for row in rows:
        passed = max(
            (
                level
                for level, moment in zip(
                    WARNING_LEVELS, (row.half_at, row.most_at, row.due_at), strict=True
                )
                if now >= moment
            ),
            default=0,
        )
        if passed <= row.warned:
            continue
        CaseClock.objects.filter(pk=row.pk).update(warned=passed)
        row.warned = passed
        about = {"percent": passed, "clock": row.kind}
        log_on_case(case, "case.clock", actor=CLOCK, now=now, data=about)
        if passed >= WAKES_FROM:
            wake_for_clock(case, now=now)
        told = escalate(case, row=row, level=passed, now=now)
        if passed == BREACHED:
            about = {"clock": row.kind, "due": row.due_at.isoformat(), "told": told}
            log_on_case(case, "case.breach", actor=CLOCK, now=now, data=about)
    case.warned = max((row.warned for row in rows), default=0)
    Case.objects.filter(pk=case.pk).update(warned=case.warned)


def _has_old_clocks(case: Case) -> bool:
    """A case whose clocks ran before plans were kept with it: it gets one by being decided again."""
    return (
        case.status in OPEN_STATUSES
        and case.clock_started_at is not None
        and not ClockPlan.objects.filter(case=case).exists()
    )
