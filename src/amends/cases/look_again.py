"""Asks for a second look at a deliberate silence, a day after it began: what was left must not be lost."""

from __future__ import annotations

from django.db import transaction

from amends.cases.models import Case, DispositionCode
from amends.cases.silence import LOOK_AGAIN
from amends.cases.transitions import log_on_case
from amends.core.clock import Clock
from amends.record.log import CLOCK
from amends.work.claim import Claim, finish


def look_again(claim: Claim[Case], *, clock: Clock) -> None:
    """Put the case among those that wait for a look; a person looks and says what they found."""
    now = clock.now()
    with transaction.atomic():
        # Read anew and held: the author may have written again since the row was claimed.
        case = Case.objects.select_for_update().get(pk=claim.row.pk)
        if case.next_step != LOOK_AGAIN:
            finish(claim, next_step=case.next_step, due_at=case.due_at)
            return
        is_silent = case.disposition == DispositionCode.SILENCE
        if is_silent and case.look_due_at is not None and case.look_asked_at is None:
            Case.objects.filter(pk=case.pk).update(look_asked_at=now)
            log_on_case(case, "silence.ask_look", actor=CLOCK, now=now, data={})
        finish(claim)
