"""How a rule is chosen, what is said about the others, and what happens when a rule fails."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from amends.core.playbook.conditions import All, Failure, FieldTest
from amends.core.playbook.decide import decide
from amends.core.playbook.decision import Decision
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.schema import load_shipped_playbook
from amends.core.playbook.terms import Operator, RuleKind
from amends.core.vocabulary import ApprovalLevel, Priority
from tests.core.playbook.examples import make_playbook, rule
from tests.core.playbook.strategies import inputs

COMPLAINT = DecisionInput(category="business_error", fault_share=60, arousal="high")


def followed(when_by_id: dict[str, str], facts: DecisionInput = COMPLAINT) -> str:
    matrix = "".join(rule(rule_id, when) for rule_id, when in when_by_id.items())
    return decide(facts, playbook=make_playbook(matrix=matrix)).rule_id


def failures(when: str, facts: DecisionInput = COMPLAINT) -> list[tuple[object, ...]]:
    decision = decide(facts, playbook=make_playbook(matrix=rule("D1", when)))
    return [
        (one.field, str(one.operator), one.expected, one.actual, one.within)
        for one in decision.unmatched[0].failures
    ]


def test_the_first_gate_that_holds_is_followed_whatever_the_matrix_says() -> None:
    playbook = make_playbook(
        gates=rule("G1", "{category: praise}")
        + rule("G2", "{arousal: high}")
        + rule("G3", "{category: business_error, arousal: high}"),
        matrix=rule("D1", "{category: business_error, arousal: high, fault_share: {gte: 50}}"),
    )
    decision = decide(COMPLAINT, playbook=playbook)
    assert decision.rule_id == "G2"
    assert [(one.rule_id, one.is_followed) for one in decision.matched] == [
        ("G2", True),
        ("G3", False),
        ("D1", False),
        ("P-all", True),
    ]


def test_the_most_specific_row_is_followed() -> None:
    rows = {
        "D1": "{category: business_error}",
        "D2": "{category: business_error, fault_share: {gte: 50, lte: 90}}",
        "D3": "{fault_share: 60}",
    }
    assert followed(rows) == "D2"


def test_of_equally_specific_rows_the_first_in_the_file_is_followed() -> None:
    assert followed({"D2": "{arousal: high}", "D1": "{category: business_error}"}) == "D2"


@pytest.mark.parametrize(
    ("when", "keys"),
    [
        ("{category: business_error}", 1),
        ("{fault_share: {gte: 50, lte: 90}}", 1),
        ("{any: [{arousal: high}, {category: business_error, fault_share: 60}]}", 2),
        ("{category: business_error, any: [{arousal: high}, {virality: high}]}", 2),
        ("{all: [{arousal: high}, {category: business_error}], not: {severity: {known: true}}}", 3),
    ],
)
def test_the_fields_that_make_a_rule_hold_are_counted(when: str, keys: int) -> None:
    decision = decide(COMPLAINT, playbook=make_playbook(matrix=rule("D1", when)))
    assert decision.matched[0].keys == keys


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("{fault_share: 60}", True),
        ("{fault_share: {eq: 60}}", True),
        ("{fault_share: {gte: 60, lte: 60}}", True),
        ("{fault_share: {gte: 61}}", False),
        ("{fault_share: {lte: 59}}", False),
        ("{category: {in: [praise, business_error]}}", True),
        ("{category: {in: [praise, spam]}}", False),
        ("{fault_share: {known: true}}", True),
        ("{fault_share: {known: false}}", False),
        ("{severity: {known: false}}", True),
        ("{severity: high}", False),
        ("{not: {category: praise}}", True),
        ("{not: {category: business_error}}", False),
        ("{not: {severity: high}}", False),  # nobody knows, so it is not surely so
        ("{not: {severity: {known: true}}}", True),
        ("{not: {any: [{severity: high}, {category: praise}]}}", False),
        ("{not: {any: [{severity: high}, {category: business_error}]}}", False),
        ("{not: {all: [{severity: high}, {category: praise}]}}", True),
        ("{not: {all: [{severity: high}, {category: business_error}]}}", False),
        ("{not: {not: {category: business_error}}}", True),
        ("{any: [{severity: high}, {category: business_error}]}", True),
        ("{all: [{arousal: high}, {category: praise}]}", False),
        ("{fault_share: {gte: 60, known: false}}", False),
        ("{prior_failures: {gte: 1, known: true}}", False),
        ("{prior_failures: {gte: 0, lte: 5}}", False),
    ],
)
def test_a_condition_holds_only_for_what_is_surely_so(when: str, holds: bool) -> None:
    assert (followed({"D1": when}) == "D1") is holds


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{category: praise}", [("category", "eq", "praise", "business_error", "")]),
        ("{severity: high}", [("severity", "eq", "high", None, "")]),
        (
            "{category: business_error, fault_share: {gte: 50, lte: 55}}",
            [("fault_share", "lte", 55, 60, "")],
        ),
        (
            "{any: [{category: praise}, {severity: {in: [low, high]}}]}",
            [
                ("category", "eq", "praise", "business_error", "any"),
                ("severity", "in", ("low", "high"), None, "any"),
            ],
        ),
        (
            "{not: {arousal: high}}",
            [("arousal", "eq", "high", "high", "not")],
        ),
        (
            "{not: {all: [{arousal: high}, {fault_share: {gte: 50}}]}}",
            [("arousal", "eq", "high", "high", "not"), ("fault_share", "gte", 50, 60, "not")],
        ),
        (
            "{not: {any: [{arousal: high}, {category: praise}]}}",
            [("arousal", "eq", "high", "high", "not")],
        ),
        ("{not: {not: {category: praise}}}", [("category", "eq", "praise", "business_error", "")]),
        (
            "{any: [{not: {arousal: high}}, {category: praise}]}",
            [
                ("arousal", "eq", "high", "high", "not"),
                ("category", "eq", "praise", "business_error", "any"),
            ],
        ),
    ],
)
def test_a_rule_that_does_not_hold_says_what_kept_it(
    when: str, expected: list[tuple[object, ...]]
) -> None:
    assert failures(when) == expected


def test_a_rule_may_ask_for_a_higher_priority_also_when_another_is_followed() -> None:
    playbook = make_playbook(
        gates=rule("G1", "{arousal: high}"),
        matrix=rule("D1", "{category: business_error}", more=", priority: P2"),
    )
    decision = decide(COMPLAINT, playbook=playbook)
    assert (decision.rule_id, decision.priority) == ("G1", Priority.P2)


def test_a_rule_cannot_lower_the_priority() -> None:
    playbook = make_playbook(matrix=rule("D1", "{arousal: high}", more=", priority: P5"))
    assert decide(COMPLAINT, playbook=playbook).priority is Priority.P3


def test_tasks_bans_and_watch_of_the_rule_stand_in_the_decision() -> None:
    more = ", forbid: [evade], tasks: [promise, {kind: department, within: 90m}], watch: 2h"
    playbook = make_playbook(matrix=rule("D1", "{arousal: high}", more=more))
    decision = decide(COMPLAINT, playbook=playbook)
    assert decision.watch == timedelta(hours=2)
    assert [(task.kind, task.within) for task in decision.tasks] == [
        ("promise", None),
        ("department", timedelta(minutes=90)),
    ]
    assert decision.forbid == ("evade",)


@given(inputs())
def test_a_decision_survives_being_stored(facts: DecisionInput) -> None:
    decision = decide(facts, playbook=load_shipped_playbook("general"))
    stored = json.loads(json.dumps(decision.to_json()))
    assert Decision.from_json(stored) == decision
    assert stored["playbook"]["name"] == "general"


def test_a_stored_decision_keeps_tasks_and_watch() -> None:
    more = ", tasks: [{kind: department, within: 90m}], watch: 3d"
    playbook = make_playbook(matrix=rule("D1", "{arousal: high}", more=more))
    decision = decide(COMPLAINT, playbook=playbook)
    assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision


class Broken(All):
    """A rule that fails, as no rule should."""

    def holds(self, facts: DecisionInput) -> bool | None:
        raise ZeroDivisionError("a fault in a rule")


def test_a_rule_that_fails_hands_the_case_to_a_person() -> None:
    playbook = make_playbook(matrix=rule("D1", "{arousal: high}"))
    broken = replace(playbook, matrix=(replace(playbook.matrix[0], when=Broken(())),))
    decision = decide(COMPLAINT, playbook=broken)
    assert (decision.rule_id, decision.kind) == ("error", RuleKind.ERROR)
    assert decision.approval is ApprovalLevel.A2
    assert decision.priority is Priority.P3
    assert decision.strategy == ()
    assert decision.error == "ZeroDivisionError: a fault in a rule"
    assert Decision.from_json(decision.to_json()) == decision


def test_when_not_even_the_urgency_can_be_told_it_is_the_greatest() -> None:
    playbook = make_playbook()
    broken = replace(playbook, priorities=(replace(playbook.priorities[0], when=Broken(())),))
    assert decide(COMPLAINT, playbook=broken).priority is Priority.P1
    assert decide(COMPLAINT, playbook=broken).rule_id == "error"


def test_priorities_that_never_hold_hand_the_case_to_a_person() -> None:
    playbook = make_playbook()
    never = FieldTest("category", ((Operator.EQ, "praise"),))
    broken = replace(playbook, priorities=(replace(playbook.priorities[0], when=never),))
    assert decide(COMPLAINT, playbook=broken).rule_id == "error"


def test_a_failure_can_be_compared_and_kept() -> None:
    one = Failure("category", Operator.EQ, "praise", None)
    assert one == Failure("category", Operator.EQ, "praise", None, "")


# --- weight, and rules that add


def test_a_heavier_row_is_followed_before_a_more_specific_one() -> None:
    matrix = rule("D1", "{category: business_error, arousal: high}")
    matrix += rule("D2", "{arousal: high}", more=", weight: 1")
    decision = decide(COMPLAINT, playbook=make_playbook(matrix=matrix))
    assert decision.rule_id == "D2"


def test_a_rule_that_adds_is_joined_and_never_followed() -> None:
    more = ", adds: true, forbid: [evade], tasks: [promise], watch: 1d"
    matrix = rule("D1", "{category: business_error}", more=", forbid: [debate], watch: 2h")
    matrix += rule("D2", "{category: business_error, arousal: high}", more=more).replace(
        "strategy: [ACK], approval: A0, because: [S0.31]",
        "strategy: [ACK, OFF], approval: A2, because: [C6]",
    )
    decision = decide(COMPLAINT, playbook=make_playbook(matrix=matrix))
    assert decision.rule_id == "D1"
    assert decision.strategy == ("ACK", "OFF")
    assert decision.forbid == ("debate", "evade")
    assert [task.kind for task in decision.tasks] == ["promise"]
    assert decision.because == ("S0.31", "C6")
    assert decision.approval is ApprovalLevel.A2
    assert decision.watch == timedelta(days=1)
    assert [(one.rule_id, one.say) for one in decision.added] == [("D2", "S.")]
    assert [(one.rule_id, one.is_followed, one.is_added) for one in decision.matched[:2]] == [
        ("D1", True, False),
        ("D2", False, True),
    ]


def test_a_gate_that_adds_does_not_end_the_search_and_is_joined_to_whatever_follows() -> None:
    adds = rule("G1", "{arousal: high}", more=", adds: true, tasks: [keep_versions]")
    gates = adds + rule("G2", "{category: business_error}")
    row_adds = rule("D1", "{arousal: high}", more=", adds: true, tasks: [promise]")
    gated = decide(COMPLAINT, playbook=make_playbook(gates=gates, matrix=row_adds))
    assert gated.rule_id == "G2"
    assert [one.rule_id for one in gated.added] == ["G1"]
    open_ = decide(COMPLAINT, playbook=make_playbook(gates=adds, matrix=row_adds))
    assert open_.rule_id == "D0"
    assert [one.rule_id for one in open_.added] == ["G1", "D1"]


def test_a_decision_stored_before_rules_could_be_joined_is_still_read() -> None:
    more = ", tasks: [promise, {kind: department, within: 90m}]"
    decision = decide(
        COMPLAINT, playbook=make_playbook(matrix=rule("D1", "{arousal: high}", more=more))
    )
    stored = decision.to_json()
    del stored["added"]
    for one in stored["matched"]:
        del one["is_added"]
    for task in stored["tasks"]:
        del task["lasts"]
    assert Decision.from_json(stored) == decision
