"""Sets the clocks of a case by the terms in force, and keeps these terms with the case (K14).

A plan is made when a case opens, when the author writes again, and when priority or brand change. What is
changed in playbook or hours meanwhile counts for plans that are made from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from amends.accounts.hours import calendar_by, hours_in_force, read_hours
from amends.cases.models import OPEN_STATUSES, Case, CaseClock, ClockPlan
from amends.cases.transitions import log_on_case
from amends.cases.wait import settle_wait
from amends.cases.watch_clock import next_work
from amends.core.playbook.calendars import Calendar
from amends.core.playbook.clocks import Countdown, sooner_of, start_clock
from amends.core.playbook.rules import URGENCY, Playbook, Span
from amends.core.playbook.terms import ClockKind, Hours
from amends.core.vocabulary import Priority
from amends.record.log import WORKER


def set_clocks(case: Case, *, playbook: Playbook, now: datetime) -> datetime | None:
    """Store what the decision changed and bring the clocks in line; returns when to look again.

    In the caller's transaction, which holds the case. A closed case and history have no clocks.
    """
    is_running = case.clock_started_at is not None and case.status in OPEN_STATUSES
    if is_running:
        settle_wait(case, now=now)
        plan = latest_plan(case)
        reason = _why_anew(case, plan=plan)
        if reason:
            _plan_anew(case, last=plan, reason=reason, playbook=playbook, now=now)
    show_clocks(case, is_running=is_running)
    case.changed_at = now
    work = next_work(case, now=now)
    Case.objects.filter(pk=case.pk).update(
        priority=case.priority,
        category=case.category,
        severity=case.severity,
        language=case.language,
        first_reply_due_at=case.first_reply_due_at,
        progress_due_at=case.progress_due_at,
        resolution_due_at=case.resolution_due_at,
        changed_at=now,
        **work,
    )
    due_at = work["due_at"]
    return due_at if isinstance(due_at, datetime) else None


def latest_plan(case: Case) -> ClockPlan | None:
    return ClockPlan.objects.filter(case=case).select_related("hours").order_by("-pk").first()


def calendar_in_plan(plan: ClockPlan) -> Calendar:
    """The calendar that was promised, also when the hours of the brand have changed since."""
    return calendar_by(plan.hours)


def span_in_plan(plan: ClockPlan, kind: ClockKind) -> Span | None:
    found = plan.targets.get(kind.value)
    return Span(minutes=found["minutes"], days=found["days"]) if found else None


def countdown_of(row: CaseClock) -> Countdown:
    return Countdown(ClockKind(row.kind), row.started_at, row.due_at, (row.half_at, row.most_at))


def clocks_of(case: Case) -> dict[str, CaseClock]:
    return {row.kind: row for row in CaseClock.objects.filter(case=case)}


def show_clocks(case: Case, *, is_running: bool = True) -> None:
    """Copy the due times onto the case, for lists; a clock that stands still shows none. Saves nothing."""
    rows = clocks_of(case) if is_running else {}
    for kind in ClockKind:
        row = rows.get(kind.value)
        setattr(case, f"{kind.value}_due_at", row.due_at if row and not row.paused_at else None)


def _why_anew(case: Case, *, plan: ClockPlan | None) -> str:
    if plan is None:
        return "open"
    if plan.brand_id != case.brand_id:
        return "brand"
    if plan.started_at != case.clock_started_at:
        return "word"
    return "priority" if plan.priority != case.priority else ""


def _plan_anew(
    case: Case, *, last: ClockPlan | None, reason: str, playbook: Playbook, now: datetime
) -> None:
    promised = playbook.clocks[Priority(case.priority)]
    hours = hours_in_force(case.brand_id) if promised.hours is Hours.WORKING else None
    clocks = _start_clocks(
        case, targets=promised.targets, calendar=calendar_by(hours), last=last, now=now
    )
    made = ClockPlan.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        brand_id=case.brand_id,
        priority=case.priority,
        reason=reason,
        playbook=playbook.named.name,
        playbook_version=playbook.named.version,
        playbook_digest=playbook.named.digest,
        hours=hours,
        calendar_digest=read_hours(hours).digest,
        targets={
            kind.value: {"minutes": span.minutes, "days": span.days}
            for kind, span in promised.targets.items()
        },
        clocks={one.kind.value: _to_json(one) for one in clocks},
        started_at=_started(case),
        planned_at=now,
    )
    if reason in {"priority", "brand"} and last is not None:
        about = {"plan": made.pk, "why": reason, "from": last.priority, "to": made.priority}
        log_on_case(case, "case.plan", actor=WORKER, now=now, data=about)


def _start_clocks(
    case: Case,
    *,
    targets: Mapping[ClockKind, Span],
    calendar: Calendar,
    last: ClockPlan | None,
    now: datetime,
) -> list[Countdown]:
    """Bring the rows of the case in line with the targets, and return how they were planned."""
    rows = clocks_of(case)
    clocks = []
    for kind in ClockKind:
        row, span = rows.get(kind.value), targets.get(kind)
        if span is None:
            CaseClock.objects.filter(case=case, kind=kind).delete()
            continue
        if row is not None and kind is ClockKind.FIRST_REPLY and case.first_replied_at is not None:
            clocks.append(countdown_of(row))  # what was kept or not stays so
            continue
        starts_at = _start_of(case, kind, row)
        new = start_clock(kind, span=span, starts_at=starts_at, calendar=calendar)
        if row is not None and last is not None:
            new = _compare(new, old=countdown_of(row), case=case, last=last)
        _store(case, new, row=row, now=now)
        clocks.append(new)
    return clocks


def _started(case: Case) -> datetime:
    """When the author began to wait; the caller has made sure that clocks run."""
    if case.clock_started_at is None:
        raise ValueError(f"{case} has no clocks")
    return case.clock_started_at


def _start_of(case: Case, kind: ClockKind, row: CaseClock | None) -> datetime:
    """The first reply counts from the words to be answered; the others go on from where they began."""
    return _started(case) if row is None or kind is ClockKind.FIRST_REPLY else row.started_at


def _compare(new: Countdown, *, old: Countdown, case: Case, last: ClockPlan) -> Countdown:
    """More urgent is never due later, less urgent never earlier; another brand has its own terms."""
    if last.brand_id != case.brand_id or old.starts_at != new.starts_at:
        return new
    before, after = URGENCY[Priority(last.priority)], URGENCY[Priority(case.priority)]
    if after < before:
        return sooner_of(new, old=old)
    return new if new.due_at >= old.due_at else old


def _store(case: Case, new: Countdown, *, row: CaseClock | None, now: datetime) -> None:
    (_l, half), (_m, most), (_d, due) = new.milestones
    values = {"started_at": new.starts_at, "half_at": half, "most_at": most, "due_at": due}
    if row is None:
        CaseClock.objects.create(case=case, kind=new.kind.value, **values)
        return
    is_new = row.started_at != new.starts_at
    # Later marks warn anew; what was warned of already is not said twice.
    warned = 0 if is_new else min(row.warned, new.warning_level(now))
    CaseClock.objects.filter(pk=row.pk).update(warned=warned, **values)


def _to_json(countdown: Countdown) -> dict[str, str]:
    (_l, half), (_m, most), (_d, due) = countdown.milestones
    return {
        "starts_at": countdown.starts_at.isoformat(),
        "half_at": half.isoformat(),
        "most_at": most.isoformat(),
        "due_at": due.isoformat(),
    }
