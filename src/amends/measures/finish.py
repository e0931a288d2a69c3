"""What follows when a measure stands: its log entry, and what it waits for next."""

from __future__ import annotations

from datetime import datetime

from amends.cases.transitions import log_on_case
from amends.cases.triage import latest_triage
from amends.measures.confirm import confirm_by, waits_for_second
from amends.measures.guard import is_criticism
from amends.measures.models import Measure, MeasureKind, MeasureStatus
from amends.measures.propose import facts_of
from amends.record.log import Actor

WATCH = "watch_measure"


def mark_done(measure: Measure, *, reference: str, actor: Actor, now: datetime) -> None:
    """Write that it stands; in the caller's transaction, after its lease was handed back."""
    Measure.objects.filter(pk=measure.pk).update(
        status=MeasureStatus.DONE, done_at=now, reference=reference[:300], error_code=""
    )
    measure.status, measure.done_at = MeasureStatus.DONE, now
    due_at = next_watch(measure, now=now)
    if due_at is not None:
        Measure.objects.filter(pk=measure.pk).update(next_step=WATCH, due_at=due_at, attempts=0)
    data = {**facts_of(measure), "is_criticism": stands_beside_criticism(measure)}
    log_on_case(measure.case, "measure.act", actor=actor, now=now, data=data)


def stands_beside_criticism(measure: Measure) -> bool:
    """Whether there was criticism beside the conduct, as people said; the ledger counts by it.

    The triage of these words counts; without one, a second person who kept the two apart; without either,
    what was suspected when it was asked for.
    """
    triage = latest_triage(measure.case)
    if triage is not None and triage.version_id == measure.version_id:
        return is_criticism(triage)
    if measure.confirmations.filter(criticism_apart=True).exists():
        return False
    return measure.is_criticism


def next_watch(measure: Measure, *, now: datetime) -> datetime | None:
    """When to look at it again: the end of a ban, or that the second person is late; None for never."""
    moments = []
    if measure.kind == MeasureKind.TEMPORARY_BAN and measure.until is not None:
        moments.append(measure.until)
    if waits_for_second(measure):
        half = measure.acted_at + (confirm_by(measure) - measure.acted_at) / 2
        marks = (half, confirm_by(measure))
        moments += [mark for mark in marks[measure.warned :] if mark is not None]
    return max(min(moments), now) if moments else None
