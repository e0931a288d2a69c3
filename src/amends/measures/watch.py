"""What time does to a measure: a ban ends by itself, and a second person who is late is called."""

from __future__ import annotations

from django.db import transaction

from amends.cases.transitions import log_on_case
from amends.core.clock import Clock
from amends.measures.confirm import confirm_by, waits_for_second
from amends.measures.finish import WATCH, next_watch
from amends.measures.models import Measure, MeasureKind, MeasureStatus, UndoReason
from amends.measures.tell import tell_confirmers, tell_if_by_hand
from amends.measures.undo import begin_undo
from amends.record.log import CLOCK
from amends.work.claim import Claim, finish


def watch_measure(claim: Claim[Measure], *, clock: Clock) -> None:
    """The step: end a ban whose time is over; else call the second person, and look again."""
    measure = claim.row
    now = clock.now()
    if measure.status != MeasureStatus.DONE:
        finish(claim)
        return
    is_over = (
        measure.kind == MeasureKind.TEMPORARY_BAN
        and measure.until is not None
        and measure.until <= now
    )
    with transaction.atomic():
        if is_over:
            finish(claim)
            begin_undo(measure, because=UndoReason.EXPIRED, actor=CLOCK, now=now)
            tell_if_by_hand(measure, now=now)
            return
        if waits_for_second(measure):
            is_late = now >= confirm_by(measure)
            warned = 2 if is_late else 1
            Measure.objects.filter(pk=measure.pk).update(warned=warned)
            measure.warned = warned
            tell_confirmers(measure, now=now, is_late=is_late)
            if is_late:
                data = {"measure": measure.pk, "kind": measure.kind}
                log_on_case(measure.case, "measure.late", actor=CLOCK, now=now, data=data)
        later = next_watch(measure, now=now)
        finish(claim, next_step=WATCH if later else "", due_at=later)
