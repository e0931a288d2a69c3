"""Handing to counsel: the last rung, a closed lane, and a hold that retention obeys."""

from __future__ import annotations

import pytest

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.hold_legally import is_under_legal_hold, lift_legal_hold
from amends.cases.models import Case, Hold, LegalHold
from amends.cases.queries import cases_visible_to
from amends.measures.models import MeasureStatus
from amends.measures.refusals import Refused
from amends.pipeline.runner import run_until_idle
from tests.support.measures import HATE, Bench


@pytest.fixture
def held(bench: Bench, rude_case: Case, lead: User, counsel: User) -> LegalHold:
    """A threat that a lead handed to counsel, and counsel took."""
    measure = bench.ask(
        rude_case, "legal", "filthy idiot", HATE, skipped_because="It goes on by mail.", by=lead
    )
    assert measure.status == MeasureStatus.WAITING
    bench.agree(measure)  # a colleague is not enough
    run_until_idle(bench.desk)
    measure.refresh_from_db()
    assert measure.status == MeasureStatus.WAITING
    bench.agree(measure, by=counsel)
    run_until_idle(bench.desk)
    measure.refresh_from_db()
    assert measure.status == MeasureStatus.DONE
    return LegalHold.objects.get()


def test_the_case_goes_into_the_closed_lane_and_nothing_more_is_sent(
    held: LegalHold, rude_case: Case, agent: User, counsel: User
) -> None:
    """S0.17, K24: the legal dimension."""
    rude_case.refresh_from_db()
    assert rude_case.lane == "legal"
    assert Hold.objects.filter(case=rude_case, lifted_at__isnull=True).count() == 1
    assert not cases_visible_to(agent, workspace=rude_case.workspace).exists()
    assert cases_visible_to(counsel, workspace=rude_case.workspace).exists()


def test_everything_is_kept_until_it_is_lifted(
    held: LegalHold, rude_case: Case, agent: User, counsel: User, bench: Bench
) -> None:
    assert is_under_legal_hold(rude_case)
    assert held.counsel == counsel
    with pytest.raises(NotAllowed):
        lift_legal_hold(held, reason="Done.", by=agent, now=bench.now)
    lift_legal_hold(held, reason="The claim was settled.", by=counsel, now=bench.now)
    assert not is_under_legal_hold(rude_case)


def test_counsel_is_the_last_rung(bench: Bench, rude_case: Case, lead: User) -> None:
    with pytest.raises(Refused) as refused:
        bench.ask(rude_case, "legal", "filthy idiot", HATE, by=lead)
    assert refused.value.codes == ("rung_skipped",)
