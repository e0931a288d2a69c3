"""Lets the clocks of a case stand still while the customer is to answer, and run on from there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from amends.accounts.hours import calendar_by
from amends.cases.models import Case, CaseClock, ClockPlan
from amends.core.playbook.clocks import Countdown, resume_clock
from amends.core.playbook.terms import ClockKind


def paused_kinds(kinds: Collection[ClockKind]) -> frozenset[ClockKind]:
    """What stands still: progress is a promise on the way to the resolution and waits with it.

    Our question was the first reply, so that clock is never paused.
    """
    paused = {ClockKind(kind) for kind in kinds} - {ClockKind.FIRST_REPLY}
    return frozenset(paused | {ClockKind.PROGRESS} if ClockKind.RESOLUTION in paused else paused)


def pause_clocks(case: Case, *, kinds: Collection[ClockKind], now: datetime) -> None:
    """Stand still from `now`; the case shows no due time for them meanwhile."""
    paused = paused_kinds(kinds)
    rows = CaseClock.objects.filter(case=case, kind__in=paused, paused_at__isnull=True)
    rows.update(paused_at=now)
    for kind in paused:
        setattr(case, f"{kind}_due_at", None)
    if paused:
        Case.objects.filter(pk=case.pk).update(**{f"{kind}_due_at": None for kind in paused})


def resume_clocks(case: Case, *, now: datetime) -> None:
    """Run on from `now` with what was left, by the calendar that was promised."""
    plan = ClockPlan.objects.filter(case=case).select_related("hours").order_by("-pk").first()
    if plan is None:
        return
    calendar = calendar_by(plan.hours)
    for row in CaseClock.objects.filter(case=case, paused_at__isnull=False):
        before = Countdown(
            ClockKind(row.kind), row.started_at, row.due_at, (row.half_at, row.most_at)
        )
        paused_at = row.paused_at or now
        since = max(now, paused_at)  # words that crossed ours do not take time away
        after = resume_clock(before, paused_at=paused_at, now=since, calendar=calendar)
        (_l, half), (_m, most), (_d, due) = after.milestones
        CaseClock.objects.filter(pk=row.pk).update(
            paused_at=None, half_at=half, most_at=most, due_at=due
        )
        setattr(case, f"{row.kind}_due_at", due)
    Case.objects.filter(pk=case.pk).update(
        progress_due_at=case.progress_due_at, resolution_due_at=case.resolution_due_at
    )
