"""The playbook that every workspace starts with: each gate and row, priorities, and the S-ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.playbook.clocks import Arrival, ClockPlan, plan_clocks
from amends.core.playbook.decide import decide
from amends.core.playbook.decision import Decision
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.rules import URGENCY
from amends.core.playbook.schema import (
    check_playbook,
    load_shipped_playbook,
    parse_playbook,
    read_shipped_playbook,
)
from amends.core.playbook.terms import ClockKind, Component, RuleKind, TaskKind
from amends.core.playbook.texts import SHIPPED_TEXTS
from amends.core.vocabulary import ApprovalLevel, Category, Priority
from tests.core.playbook.strategies import inputs

GENERAL = load_shipped_playbook("general")
PUBLISHED = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def ask(**facts: object) -> Decision:
    return decide(DecisionInput(**facts), playbook=GENERAL)  # type: ignore[arg-type]


def clocks_of(decision: Decision) -> ClockPlan:
    arrival = Arrival(PUBLISHED, PUBLISHED + timedelta(minutes=2))
    plan = plan_clocks(decision.priority, clocks=GENERAL.clocks, arrival=arrival)
    assert plan is not None
    return plan


# --- gates and rows


@pytest.mark.parametrize(
    "facts", [{"category": "spam"}, {"policy_ground": "scam"}, {"policy_ground": "spam"}]
)
def test_g3_spam_and_scam_are_captured_and_removed_and_not_answered(
    facts: dict[str, object],
) -> None:
    decision = ask(**facts, fault_share=80)
    assert (decision.rule_id, decision.kind) == ("G3", RuleKind.GATE)
    assert decision.strategy == ()
    assert "reply" in decision.forbid
    assert decision.tasks[0].kind is TaskKind.CAPTURE_EVIDENCE


def test_g3_comes_before_every_row_that_holds_too() -> None:
    decision = ask(category="business_error", fault_share=80, policy_ground="scam")
    assert decision.rule_id == "G3"
    held = {rule.rule_id: rule.is_followed for rule in decision.matched}
    assert held["D1"] is False


def test_g8_a_vague_post_is_acknowledged_and_asked_about() -> None:
    decision = ask(category="vague", is_complaint=True)
    assert decision.rule_id == "G8"
    assert decision.strategy == (Component.ACK, Component.ASK)
    assert decision.approval is ApprovalLevel.A0


def test_d1_a_mistake_that_is_mostly_ours_is_owned_and_repaired() -> None:
    for fault in (50, 99, 100):
        decision = ask(category="business_error", fault_share=fault, is_complaint=True)
        assert decision.rule_id == "D1"
        assert [str(part) for part in decision.strategy] == ["ACK", "REG", "RESP", "FIX", "TIME"]
        assert {task.kind for task in decision.tasks} >= {TaskKind.DEPARTMENT, TaskKind.PROMISE}


def test_d3_a_small_part_of_the_fault_is_owned_as_a_part() -> None:
    for fault in (1, 49):
        decision = ask(category="business_error", fault_share=fault)
        assert decision.rule_id == "D3"
        assert Component.RESP in decision.strategy


def test_d4_while_the_fault_is_unknown_nothing_is_admitted_and_a_department_is_asked() -> None:
    decision = ask(category="business_error", is_complaint=True, severity="medium")
    assert decision.rule_id == "D4"
    assert [str(part) for part in decision.strategy] == ["ACK", "REG", "HOLD", "TIME"]
    assert "responsibility" in decision.forbid
    assert decision.tasks[0].kind is TaskKind.DEPARTMENT
    assert decision.tasks[0].within == timedelta(hours=2)


def test_d6_without_fault_of_ours_we_still_help() -> None:
    decision = ask(category="business_error", fault_share=0, can_help=True)
    assert decision.rule_id == "D6"
    assert Component.EMP in decision.strategy
    assert Component.RESP not in decision.strategy
    assert Component.HELP in decision.strategy


@pytest.mark.parametrize("can_help", [False, None])
def test_without_fault_and_without_known_help_a_person_decides(can_help: bool | None) -> None:
    assert ask(category="business_error", fault_share=0, can_help=can_help).rule_id == "D0"


def test_d9_a_misunderstanding_is_put_right_without_blame() -> None:
    decision = ask(category="misunderstanding", fault_share=0)
    assert decision.rule_id == "D9"
    assert decision.strategy == (Component.ACK, Component.FACT, Component.HELP)
    assert "blame_author" in decision.forbid


@pytest.mark.parametrize("addressed", [True, None])
def test_d16_praise_is_thanked_for_without_promotion(addressed: bool | None) -> None:
    decision = ask(category="praise", addressed_to_us=addressed, is_complaint=False)
    assert decision.rule_id == "D16"
    assert decision.strategy == (Component.THX,)
    assert "promotion" in decision.forbid


def test_praise_that_is_not_addressed_to_us_is_left_to_a_person() -> None:
    assert ask(category="praise", addressed_to_us=False).rule_id == "D0"


@pytest.mark.parametrize("category", [None, *Category])
def test_d0_is_there_for_whatever_no_rule_covers(category: Category | None) -> None:
    covered = {"business_error", "misunderstanding", "vague", "praise", "spam"}
    decision = ask(category=category)
    if category is None or category.value not in covered:
        assert (decision.rule_id, decision.kind) == ("D0", RuleKind.DEFAULT)
        assert decision.strategy == (Component.ACK, Component.ASK)
        assert decision.approval is ApprovalLevel.A1


# --- fault and apology (1.3 C5)


@pytest.mark.parametrize("fault", [None, *range(101)])
def test_the_fault_share_decides_what_a_reply_to_an_error_owns(fault: int | None) -> None:
    decision = ask(category="business_error", fault_share=fault, can_help=True)
    parts = list(decision.strategy)
    if fault is None:
        assert Component.REG in parts
        assert Component.HOLD in parts
        assert Component.RESP not in parts
    elif fault == 0:
        assert Component.EMP in parts
        assert Component.RESP not in parts
    else:
        assert parts.index(Component.REG) < parts.index(Component.RESP) < parts.index(Component.FIX)
        assert "S0.31" in decision.because


# --- priorities (3.2)


@pytest.mark.parametrize(
    ("facts", "priority"),
    [
        ({"severity": "critical"}, "P1"),
        ({"crisis_level": 2}, "P1"),
        ({"policy_ground": "threat"}, "P1"),
        ({"policy_ground": "doxxing"}, "P1"),
        ({"self_harm": True}, "P1"),
        ({"crisis_level": 1, "is_complaint": True}, "P3"),
        ({"severity": "high"}, "P2"),
        ({"arousal": "high", "followers": 10_000}, "P2"),
        ({"arousal": "low", "followers": 10_000_000, "is_complaint": True}, "P3"),
        ({"arousal": "low", "shares_per_hour": 50.0}, "P2"),
        ({"prior_failures": 1}, "P2"),
        ({"author_type": "journalist_influencer"}, "P2"),
        ({"author_type": "authority"}, "P2"),
        ({"is_complaint": True, "category": "general_negativity"}, "P3"),
        ({"category": "question"}, "P3"),
        ({"category": "troll"}, "P3"),
        ({}, "P3"),
        ({"category": "general_negativity"}, "P4"),
        ({"category": "praise", "addressed_to_us": True, "is_complaint": False}, "P4"),
        ({"troll_confirmed": True}, "P5"),
        (
            {"category": "general_negativity", "is_complaint": False, "addressed_to_us": False},
            "P5",
        ),
    ],
)
def test_the_priority_follows_from_the_matter(facts: dict[str, object], priority: str) -> None:
    assert ask(**facts).priority == priority


def test_an_urgent_case_is_approved_by_the_duty_lead() -> None:
    assert ask(category="business_error", severity="high").approval is ApprovalLevel.A2
    assert ask(category="business_error", severity="medium").approval is ApprovalLevel.A0


@settings(max_examples=300)
@given(inputs(), st.integers(0, 10**7), st.integers(0, 10**7))
def test_more_followers_never_make_a_priority_or_a_clock_later(
    facts: DecisionInput, one: int, two: int
) -> None:
    fewer, more = sorted((one, two))
    calm = decide(replace(facts, followers=fewer), playbook=GENERAL)
    loud = decide(replace(facts, followers=more), playbook=GENERAL)
    assert URGENCY[loud.priority] <= URGENCY[calm.priority]
    for kind in ClockKind:
        due = {one.kind: one.due_at for one in clocks_of(calm).countdowns}.get(kind)
        sooner = {one.kind: one.due_at for one in clocks_of(loud).countdowns}.get(kind)
        assert due is None or (sooner is not None and sooner <= due)


@given(inputs())
def test_with_ten_followers_the_clock_is_what_the_complaint_alone_asks_for(
    facts: DecisionInput,
) -> None:
    alone = decide(replace(facts, followers=None), playbook=GENERAL)
    little_known = decide(replace(facts, followers=10), playbook=GENERAL)
    assert little_known.priority == alone.priority
    assert clocks_of(little_known) == clocks_of(alone)


@given(inputs(), st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_shares_never_make_a_priority_later(
    facts: DecisionInput, one: float, two: float
) -> None:
    fewer, more = sorted((one, two))
    calm = decide(replace(facts, shares_per_hour=fewer), playbook=GENERAL)
    loud = decide(replace(facts, shares_per_hour=more), playbook=GENERAL)
    assert URGENCY[loud.priority] <= URGENCY[calm.priority]


@settings(max_examples=300)
@given(inputs())
def test_every_input_gets_one_decision_and_it_is_the_same_each_time(facts: DecisionInput) -> None:
    decision = decide(facts, playbook=GENERAL)
    assert decision.kind is not RuleKind.ERROR
    assert decision == decide(DecisionInput.from_json(facts.to_json()), playbook=GENERAL)
    rules = [*GENERAL.gates, *GENERAL.matrix, *GENERAL.priorities]
    told = [one.rule_id for one in (*decision.matched, *decision.unmatched)]
    assert sorted(told) == sorted(
        {rule.id for rule in rules} | ({"D0"} if decision.rule_id == "D0" else set())
    )
    assert all(one.failures for one in decision.unmatched)
    assert sum(one.is_followed for one in decision.matched if one.kind != RuleKind.PRIORITY) == 1


# --- instructions of the sources


def test_s0_18_and_s3_14_a_complaint_is_answered_within_the_hour_of_its_publication() -> None:
    for category, severity, arousal in product(
        [None, *Category], [None, "low", "medium", "high", "critical"], [None, "low", "high"]
    ):
        decision = ask(is_complaint=True, category=category, severity=severity, arousal=arousal)
        assert clocks_of(decision).first_reply.due_at <= PUBLISHED + timedelta(hours=1)


def test_s0_31_even_one_percent_of_the_fault_is_apologised_for() -> None:
    decision = ask(category="business_error", fault_share=1)
    assert {Component.REG, Component.RESP} <= set(decision.strategy)


def test_s2_26_who_is_vague_is_asked_to_explain() -> None:
    decision = ask(category="vague")
    assert Component.ASK in decision.strategy
    assert "S2.26" in decision.because


def test_s2_27_questions_come_before_the_definitive_answer() -> None:
    assert "definitive_answer" in ask(category="vague").forbid


def test_s2_38_the_apology_comes_first_and_then_the_repair() -> None:
    parts = list(ask(category="business_error", fault_share=100).strategy)
    assert parts.index(Component.REG) < parts.index(Component.FIX)


def test_s2_40_not_our_fault_but_we_can_help() -> None:
    assert Component.HELP in ask(category="business_error", fault_share=0, can_help=True).strategy


def test_s3_13_a_complaint_is_solved_within_days() -> None:
    resolution = clocks_of(ask(is_complaint=True)).resolution
    assert resolution is not None
    assert resolution.due_at == PUBLISHED + timedelta(days=3)


# --- the file


def test_every_text_of_the_shipped_playbook_is_marked_for_translation() -> None:
    rules = [*GENERAL.gates, *GENERAL.matrix, GENERAL.default]
    written = {text for rule in rules for text in (rule.title, rule.say)}
    assert written == set(SHIPPED_TEXTS)


def test_the_shipped_playbook_is_sound_and_named_by_its_bytes() -> None:
    source = read_shipped_playbook("general")
    assert check_playbook(source) == ()
    assert parse_playbook(source).named == GENERAL.named
    assert parse_playbook(source + b"# more\n").named.digest != GENERAL.named.digest


def test_there_is_no_other_shipped_playbook() -> None:
    with pytest.raises(KeyError, match="general"):
        read_shipped_playbook("../general")


def test_clocks_are_those_of_the_table() -> None:
    minutes = {
        priority: GENERAL.clocks[priority].targets[ClockKind.FIRST_REPLY].minutes
        for priority in Priority
    }
    assert list(minutes.values()) == [15, 30, 60, 240, 240]
