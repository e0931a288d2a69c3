"""The playbook that every workspace starts with: each gate and row, priorities, and the S-ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amends.core.playbook.clocks import Arrival, ClockPlan, plan_clocks
from amends.core.playbook.decide import decide
from amends.core.playbook.decision import Decision
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.schema import (
    check_playbook,
    load_shipped_playbook,
    parse_playbook,
    read_shipped_playbook,
)
from amends.core.playbook.terms import ClockKind, Component, RuleKind, TaskKind
from amends.core.playbook.texts import GENERAL_TEXTS
from amends.core.vocabulary import ApprovalLevel, Category, Priority

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


def test_d7_what_we_cannot_help_with_is_explained_in_detail() -> None:
    decision = ask(category="business_error", fault_share=0, can_help=False)
    assert decision.rule_id == "D7"
    assert decision.strategy == (Component.ACK, Component.EMP, Component.EXP)
    assert {"responsibility", "blame_author"} <= set(decision.forbid)


def test_while_nobody_knows_whether_we_can_help_it_is_found_out() -> None:
    decision = ask(category="business_error", fault_share=0)
    assert decision.rule_id == "D6-unknown"
    assert Component.HOLD in decision.strategy


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
    decision = ask(category=category)
    if category in (None, Category.ABUSE, Category.OTHER):
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
        ({"arousal": "high", "author_ties": "strong", "style_match": True}, "P2"),
        ({"policy_ground": "hate", "severity": "high"}, "P2"),
        ({"data_breach": True, "category": "business_error"}, "P1"),
        ({"category": "business_error", "fault_share": 70, "arousal": "high"}, "P2"),
        ({"troll_confirmed": True, "troll_concern": True}, "P3"),
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


def test_a_heated_first_reply_with_reach_is_read_by_a_second_agent() -> None:
    decision = ask(category="business_error", fault_share=80, arousal="high", followers=20_000)
    assert (decision.rule_id, decision.approval) == ("D2", ApprovalLevel.A1)


# --- the file


def test_every_text_of_the_shipped_playbook_is_marked_for_translation() -> None:
    rules = [*GENERAL.gates, *GENERAL.matrix, GENERAL.default]
    written = {text for rule in rules for text in (rule.title, rule.say)}
    approvals, components = GENERAL.approvals.values(), GENERAL.components.values()
    written |= {text for one in approvals for text in (one.title, one.say)}
    written |= {text for one in components for text in (one.title, one.say)}
    assert written == set(GENERAL_TEXTS)


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
