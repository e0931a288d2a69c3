"""Departing from a recommendation: with a reason, for exactly this decision, within one's authority."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.decide import latest_decision
from amends.cases.models import Case, Decision, DecisionOverride
from amends.cases.override_decision import Departure, override_decision, what_counts
from amends.cases.transitions import NotPossible
from amends.pipeline.desk import Desk
from amends.record.models import ActionLog
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(make_case: Callable[..., Case], colleagues: Colleagues) -> Case:
    """A business error whose fault is not known: D4, A0."""
    made = make_case()
    colleagues.triage(made)
    return made


@pytest.fixture
def depart(case: Case, desk: Desk, now: datetime) -> Callable[..., DecisionOverride]:
    def put(by: User, **changes: object) -> DecisionOverride:
        said = {"reason": "The depot has admitted it."} | changes
        decision_id = said.pop("decision_id", decision_of(case).pk)
        return override_decision(
            case,
            decision_id=decision_id,
            instead=Departure(**said),
            playbook=desk.playbook(case.workspace_id),
            by=by,
            now=now,
        )

    return put


def decision_of(case: Case) -> Decision:
    decision = latest_decision(case)
    assert decision is not None
    return decision


def test_another_rule_brings_its_parts_and_the_recommendation_stays_in_the_record(
    case: Case, depart: Callable[..., DecisionOverride], agent: User
) -> None:
    depart(agent, rule_id="D1")
    decision = decision_of(case)
    standing = what_counts(decision)
    assert decision.rule_id == "D4"
    assert standing.rule_id == "D1"
    assert "RESP" in standing.strategy
    assert standing.approval == decision.approval
    entry = ActionLog.objects.get(action="case.override_decision")
    assert (entry.subject_id, entry.data["rule"]) == (case.public_id, "D4")
    assert "depot" not in str(entry.data)


def test_another_priority_moves_the_clocks(
    case: Case, depart: Callable[..., DecisionOverride], agent: User
) -> None:
    before = case.first_reply_due_at
    depart(agent, priority="P1")
    case.refresh_from_db()
    assert case.priority == "P1"
    assert before is not None
    assert case.first_reply_due_at is not None
    assert case.first_reply_due_at < before


def test_it_counts_for_this_decision_only(
    case: Case, depart: Callable[..., DecisionOverride], agent: User, colleagues: Colleagues
) -> None:
    depart(agent, priority="P1")
    colleagues.triage(case)
    case.refresh_from_db()
    standing = what_counts(decision_of(case))
    assert standing.override is None
    assert case.priority == standing.priority != "P1"


def test_the_last_override_counts(
    case: Case, depart: Callable[..., DecisionOverride], agent: User, lead: User
) -> None:
    depart(agent, rule_id="D1")
    depart(lead, strategy=("ACK", "ASK"), reason="Ask first.")
    standing = what_counts(decision_of(case))
    assert (standing.rule_id, standing.strategy) == ("D4", ("ACK", "ASK"))
    assert standing.override is not None
    assert standing.override.given_by == lead


def test_more_approval_may_be_asked_for_by_everybody_who_works_on_it_less_by_a_lead_only(
    make_case: Callable[..., Case],
    desk: Desk,
    agent: User,
    lead: User,
    depart: Callable[..., DecisionOverride],
    case: Case,
) -> None:
    depart(agent, approval="A3")
    assert what_counts(decision_of(case)).approval == "A3"
    Decision.objects.create(
        **{
            field.attname: getattr(decision_of(case), field.attname)
            for field in Decision._meta.concrete_fields
            if field.attname not in {"id", "approval"}
        },
        approval="A2",
    )
    with pytest.raises(NotAllowed, match="less approval"):
        depart(agent, approval="A0")
    depart(lead, approval="A0")
    assert what_counts(decision_of(case)).approval == "A0"


@pytest.mark.parametrize("who", ["counsel", "viewer", "stranger"])
def test_it_is_for_who_works_on_cases(
    who: str, request: pytest.FixtureRequest, depart: Callable[..., DecisionOverride]
) -> None:
    with pytest.raises(NotAllowed):
        depart(request.getfixturevalue(who), priority="P1")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"priority": "P1", "reason": "  "}, "Say why"),
        ({}, "Nothing differs"),
        ({"rule_id": "D4"}, "Nothing differs"),
        ({"rule_id": "D99"}, "no such rule"),
        ({"priority": "P9"}, "answers offered"),
        ({"strategy": ("ACK", "SING")}, "answers offered"),
        ({"priority": "P1", "decision_id": -1}, "another one by now"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    changes: dict[str, object], why: str, depart: Callable[..., DecisionOverride], agent: User
) -> None:
    with pytest.raises(NotPossible, match=why):
        depart(agent, **changes)
    assert not DecisionOverride.objects.exists()


def test_a_closed_case_keeps_its_recommendation(
    case: Case, depart: Callable[..., DecisionOverride], agent: User
) -> None:
    Case.objects.filter(pk=case.pk).update(status="resolved", disposition="answered")
    with pytest.raises(NotPossible, match="closed"):
        depart(agent, priority="P1")
