"""Who may remove or ban, up to what: beyond it a lead must agree before anything happens (K12)."""

from __future__ import annotations

import pytest

from amends.accounts.models import Act, Authority, User
from amends.cases.models import Case
from amends.measures.models import MeasureStatus
from tests.support.measures import HATE, Bench

pytestmark = pytest.mark.django_db


def grant(bench: Bench, case: Case, *, by: User, languages: list[str]) -> None:
    Authority.objects.create(
        workspace=case.workspace,
        person=bench.actor,
        act=Act.REMOVE,
        languages=languages,
        is_only=True,
        reason="Knows the language.",
        granted_by=by,
        granted_at=bench.now,
        valid_from=bench.now,
    )


def test_within_authority_grave_conduct_is_acted_upon_at_once(
    bench: Bench, rude_case: Case, lead: User
) -> None:
    bench.triage(rude_case)
    Case.objects.filter(pk=rude_case.pk).update(language="en")
    rude_case.refresh_from_db()
    grant(bench, rude_case, by=lead, languages=["en"])
    measure = bench.ask(rude_case, "hide", "filthy idiot", HATE)
    assert measure.status == MeasureStatus.READY
    assert not measure.is_confirmed_before


def test_beyond_it_a_lead_agrees_first(bench: Bench, rude_case: Case, lead: User) -> None:
    bench.triage(rude_case)
    Case.objects.filter(pk=rude_case.pk).update(language="en")
    rude_case.refresh_from_db()
    grant(bench, rude_case, by=lead, languages=["tr"])
    measure = bench.ask(rude_case, "hide", "filthy idiot", HATE)
    assert (measure.status, measure.level) == (MeasureStatus.WAITING, "A2")
    bench.agree(measure)  # a colleague is not enough
    measure.refresh_from_db()
    assert measure.status == MeasureStatus.WAITING
    bench.agree(measure, by=lead)
    measure.refresh_from_db()
    assert measure.status == MeasureStatus.READY
