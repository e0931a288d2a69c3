"""What a word of ours to the customer does to the clocks: it is the first reply, and progress.

Only words that a person approved and the customer can read count. An automatic acknowledgement, hiding a
comment, or having seen it stop no clock (S2.21): nothing but `record_sent` calls this.
"""

from __future__ import annotations

from datetime import datetime

from amends.cases.models import Case, CaseClock
from amends.cases.plan_clocks import calendar_in_plan, latest_plan, span_in_plan
from amends.cases.watch_clock import WATCH_CLOCK
from amends.core.playbook.clocks import start_clock
from amends.core.playbook.terms import ClockKind


def note_our_word(case: Case, *, now: datetime) -> None:
    """Stop the first-reply clock and start progress anew, in the caller's transaction."""
    Case.objects.filter(pk=case.pk, first_replied_at__isnull=True).update(
        first_replied_at=now, warned=0
    )
    case.first_replied_at = case.first_replied_at or now
    plan = latest_plan(case)
    span = span_in_plan(plan, ClockKind.PROGRESS) if plan else None
    if plan is not None and span is not None:
        new = start_clock(
            ClockKind.PROGRESS, span=span, starts_at=now, calendar=calendar_in_plan(plan)
        )
        (_l, half), (_m, most), (_d, due) = new.milestones
        CaseClock.objects.filter(case=case, kind=ClockKind.PROGRESS).update(
            started_at=now, half_at=half, most_at=most, due_at=due, warned=0, paused_at=None
        )
        case.progress_due_at = due
        Case.objects.filter(pk=case.pk).update(progress_due_at=due)
    Case.objects.filter(pk=case.pk).exclude(next_step="decide_again").update(
        next_step=WATCH_CLOCK, due_at=now
    )
