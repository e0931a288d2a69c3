"""One test for each instruction of the source articles that a playbook fulfils, named after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amends.core.playbook.authority import find_authority
from amends.core.playbook.clocks import Arrival, plan_clocks
from amends.core.playbook.decide import decide
from amends.core.playbook.decision import Decision
from amends.core.playbook.fault import FaultRecord, constrain_reply
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.rules import Playbook
from amends.core.playbook.schema import SHIPPED, load_shipped_playbook
from amends.core.playbook.terms import ClockKind, Component, PauseKind
from amends.core.vocabulary import ApprovalLevel
from tests.core.playbook.instructions import INSTRUCTIONS, OURS, Instruction

GENERAL = load_shipped_playbook("general")
SHOP = load_shipped_playbook("ecommerce")
PUBLISHED = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
# Instructions that no row but another section fulfils; their tests stand below.
OF_SECTIONS = {"S1.12", "S1.13", "S1.14", "S2.21", "S3.18"}


def codes_of(decision: Decision) -> set[str]:
    tasks = {task.kind.value for task in decision.tasks}
    return {*map(str, decision.strategy), *map(str, decision.forbid), *tasks}


def sources_of(decision: Decision, playbook: Playbook) -> set[str]:
    """The sources of the rules that are heard: followed, joined, and the priority."""
    heard = {one.rule_id for one in decision.matched if one.is_followed or one.is_added}
    urgency = {s for rule in playbook.priorities if rule.id in heard for s in rule.because}
    return {*decision.because, *urgency}


def minutes_to_reply(decision: Decision, playbook: Playbook) -> float:
    arrival = Arrival(PUBLISHED, PUBLISHED)
    plan = plan_clocks(decision.priority, clocks=playbook.clocks, arrival=arrival)
    assert plan is not None
    return (plan.first_reply.due_at - PUBLISHED) / timedelta(minutes=1)


@pytest.mark.parametrize("case", INSTRUCTIONS, ids=[case.sid for case in INSTRUCTIONS])
def test_the_instruction_is_followed(case: Instruction) -> None:
    playbook = SHOP if case.shop else GENERAL
    decision = decide(DecisionInput(**case.facts), playbook=playbook)  # type: ignore[arg-type]
    assert case.sid in sources_of(decision, playbook)
    assert case.rule in ("", decision.rule_id)
    assert case.priority in ("", decision.priority)
    assert case.approval in ("", decision.approval)
    codes = codes_of(decision)
    for code in case.demands.split():
        assert (code.removeprefix("-") in codes) is not code.startswith("-"), code
    places = [list(decision.strategy).index(Component(code)) for code in case.order.split()]
    assert places == sorted(places)
    if case.within:
        assert minutes_to_reply(decision, playbook) <= case.within


def test_every_instruction_that_a_playbook_names_has_its_case() -> None:
    named = {
        source
        for name in SHIPPED
        for playbook in [load_shipped_playbook(name)]
        for rule in (
            *playbook.priorities,
            *playbook.gates,
            *playbook.matrix,
            playbook.default,
            *playbook.pauses.values(),
            *playbook.approvals.values(),
            *playbook.apology.values(),
        )
        for source in rule.because
        if source.startswith("S")
    }
    assert named == {case.sid for case in INSTRUCTIONS} | OF_SECTIONS


def test_s1_12_s1_13_the_agent_decides_most_alone_and_at_once() -> None:
    for case in INSTRUCTIONS:
        decision = decide(DecisionInput(**case.facts), playbook=GENERAL)  # type: ignore[arg-type]
        if decision.rule_id in {"D1", "D3", "D4", "D6", "D7", "D9", "D10", "D16", "D21"}:
            calm = decision.priority in ("P3", "P4")
            assert (decision.approval == ApprovalLevel.A0) is calm
    assert GENERAL.approvals[ApprovalLevel.A0].who == ("agent",)


def test_s1_14_an_approval_that_does_not_come_goes_to_the_deputy() -> None:
    approvals = GENERAL.approvals
    for level, minutes in (("A1", 10), ("A2", 15), ("A4", 30)):
        late = find_authority(
            ApprovalLevel(level), approvals=approvals, waited=timedelta(minutes=minutes)
        )
        assert set(late.who) > set(approvals[ApprovalLevel(level)].who)


def test_s2_21_only_our_own_question_stops_the_clock_of_the_first_reply() -> None:
    assert set(GENERAL.pauses) == set(PauseKind) == {PauseKind.CLARIFY}
    assert GENERAL.pauses[PauseKind.CLARIFY].stops == (ClockKind.FIRST_REPLY,)


def test_s3_18_where_it_is_our_fault_evading_is_forbidden_whatever_the_rule_says() -> None:
    facts = DecisionInput(**OURS)  # type: ignore[arg-type]
    asked = constrain_reply(
        FaultRecord.of(facts), apology=GENERAL.apology, strategy=(Component.ACK, Component.FIX)
    )
    assert "evade" in asked.forbid
