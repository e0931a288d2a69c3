"""Gives a case that takes another one over the earlier of each clock that runs, and the stricter terms."""

from __future__ import annotations

from datetime import datetime

from amends.cases.models import Case, CaseClock, CaseStatus, ClockPlan
from amends.cases.plan_clocks import clocks_of, latest_plan, show_clocks
from amends.cases.transitions import move_case
from amends.cases.wait import end_wait
from amends.core.playbook.rules import URGENCY
from amends.core.playbook.terms import ClockKind
from amends.core.vocabulary import Priority
from amends.record.log import Actor

RESTING = (CaseStatus.ANSWERED, CaseStatus.WAITING_FOR_CUSTOMER)
SHOWN = ("started_at", "half_at", "most_at", "due_at", "warned")


def most_urgent(*priorities: str) -> str:
    return min(priorities, key=lambda one: URGENCY[Priority(one)])


def awaits_first_reply(case: Case) -> bool:
    """Whether the clock of the first reply runs."""
    is_running = case.clock_started_at is not None and case.is_open
    return is_running and case.status not in RESTING and case.first_replied_at is None


def join_clocks(survivor: Case, *, merged: Case, actor: Actor, now: datetime) -> None:
    """In the caller's transaction, which holds both; `merged` is as it stood before it ended.

    A survivor that rested is taken up again when the other case waits for an answer.
    """
    priority = most_urgent(survivor.priority, merged.priority)
    if merged.clock_started_at is not None and merged.is_open:
        _wake(survivor, merged=merged, actor=actor, now=now)
        _choose_start(survivor, merged=merged)
        _take_earlier(survivor, merged=merged)
        _keep_terms(survivor, merged=merged, priority=priority, now=now)
    survivor.priority = priority
    show_clocks(survivor)
    Case.objects.filter(pk=survivor.pk).update(
        priority=priority,
        clock_started_at=survivor.clock_started_at,
        first_replied_at=survivor.first_replied_at,
        first_reply_due_at=survivor.first_reply_due_at,
        progress_due_at=survivor.progress_due_at,
        resolution_due_at=survivor.resolution_due_at,
        warned=min(survivor.warned, merged.warned),
        next_step="decide_again",
        due_at=now,
        changed_at=now,
    )


def _wake(survivor: Case, *, merged: Case, actor: Actor, now: datetime) -> None:
    if survivor.status not in RESTING or not awaits_first_reply(merged):
        return
    has_triage = survivor.triages.exists()
    to = CaseStatus.TRIAGED if has_triage else CaseStatus.NEW
    move_case(survivor, to=to, actor=actor, now=now)
    end_wait(survivor, how="answered", now=now)


def _choose_start(survivor: Case, *, merged: Case) -> None:
    """The clock of the first reply counts from the word that has waited longest."""
    waiting = [one for one in (survivor, merged) if awaits_first_reply(one)]
    if merged not in waiting:
        return
    starts = [one.clock_started_at for one in waiting if one.clock_started_at is not None]
    survivor.clock_started_at, survivor.first_replied_at = min(starts), None


def _take_earlier(survivor: Case, *, merged: Case) -> None:
    own, theirs = clocks_of(survivor), clocks_of(merged)
    for kind in ClockKind:
        row, other = own.get(kind.value), theirs.get(kind.value)
        if other is None or other.paused_at is not None:
            continue
        if kind is ClockKind.FIRST_REPLY and not awaits_first_reply(merged):
            continue
        if row is None:
            values = {name: getattr(other, name) for name in SHOWN}
            CaseClock.objects.create(case=survivor, kind=kind.value, **values)
        elif _is_behind(row, other=other, kind=kind, survivor=survivor):
            values = {name: getattr(other, name) for name in SHOWN}
            CaseClock.objects.filter(pk=row.pk).update(paused_at=None, **values)


def _is_behind(row: CaseClock, *, other: CaseClock, kind: ClockKind, survivor: Case) -> bool:
    if kind is ClockKind.FIRST_REPLY and row.started_at < (
        survivor.clock_started_at or row.started_at
    ):
        return True  # a clock of words that were answered already
    return row.paused_at is not None or other.due_at < row.due_at


def _keep_terms(survivor: Case, *, merged: Case, priority: str, now: datetime) -> None:
    """The terms of the more urgent case count from now on, so that nothing is planned anew at once."""
    plans = [plan for one in (survivor, merged) if (plan := latest_plan(one)) is not None]
    if not plans or survivor.clock_started_at is None:
        return
    stricter = min(plans, key=lambda one: URGENCY[Priority(one.priority)])
    ClockPlan.objects.create(
        workspace_id=survivor.workspace_id,
        case=survivor,
        brand_id=survivor.brand_id,
        priority=priority,
        reason="merge",
        playbook=stricter.playbook,
        playbook_version=stricter.playbook_version,
        playbook_digest=stricter.playbook_digest,
        hours=stricter.hours,
        calendar_digest=stricter.calendar_digest,
        targets=stricter.targets,
        clocks={
            kind: {
                "starts_at": row.started_at.isoformat(),
                "half_at": row.half_at.isoformat(),
                "most_at": row.most_at.isoformat(),
                "due_at": row.due_at.isoformat(),
            }
            for kind, row in clocks_of(survivor).items()
        },
        started_at=survivor.clock_started_at,
        planned_at=now,
    )
