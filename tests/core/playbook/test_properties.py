"""What holds of every input under every playbook that we ship."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.playbook.clocks import Arrival, ClockPlan, plan_clocks
from amends.core.playbook.compiled import CompiledPlaybook, outcome_of
from amends.core.playbook.decide import decide
from amends.core.playbook.decision import Decision
from amends.core.playbook.fault import FaultRecord, constrain_reply
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.rules import URGENCY, Playbook
from amends.core.playbook.schema import SHIPPED, load_shipped_playbook
from amends.core.playbook.standing import apology_of
from amends.core.playbook.terms import Ban, ClockKind, Component, RuleKind, Ties
from amends.core.vocabulary import Category
from tests.core.playbook.strategies import GATED, inputs

PUBLISHED = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
PLAYBOOKS = [load_shipped_playbook(name) for name in SHIPPED]
COMPILED = {
    playbook.named: (
        CompiledPlaybook(playbook),
        CompiledPlaybook(playbook, is_remembering=False),
    )
    for playbook in PLAYBOOKS
}

every_playbook = pytest.mark.parametrize("playbook", PLAYBOOKS, ids=SHIPPED)


def clocks_of(decision: Decision, playbook: Playbook) -> ClockPlan:
    arrival = Arrival(PUBLISHED, PUBLISHED + timedelta(minutes=2))
    plan = plan_clocks(decision.priority, clocks=playbook.clocks, arrival=arrival)
    assert plan is not None
    return plan


def never_later(calm: Decision, loud: Decision, playbook: Playbook) -> bool:
    """Whether every clock of `calm` runs under `loud` too, and ends no later."""
    assert URGENCY[loud.priority] <= URGENCY[calm.priority]
    sooner = {one.kind: one.due_at for one in clocks_of(loud, playbook).countdowns}
    return all(
        one.kind in sooner and sooner[one.kind] <= one.due_at
        for one in clocks_of(calm, playbook).countdowns
    )


@every_playbook
@settings(max_examples=200)
@given(facts=inputs())
def test_every_input_gets_one_decision_and_it_is_the_same_each_time(
    playbook: Playbook, facts: DecisionInput
) -> None:
    decision = decide(facts, playbook=playbook)
    assert decision.kind is not RuleKind.ERROR
    assert decision == decide(DecisionInput.from_json(facts.to_json()), playbook=playbook)
    rules = [*playbook.gates, *playbook.matrix, *playbook.priorities]
    told = [one.rule_id for one in (*decision.matched, *decision.unmatched)]
    assert sorted(told) == sorted(
        {rule.id for rule in rules} | ({"D0"} if decision.rule_id == "D0" else set())
    )
    assert all(one.failures for one in decision.unmatched)
    assert sum(one.is_followed for one in decision.matched if one.kind != RuleKind.PRIORITY) == 1
    assert {one.rule_id for one in decision.added} == {
        one.rule_id for one in decision.matched if one.is_added
    }


@every_playbook
@given(facts=inputs())
def test_a_decision_survives_being_stored(playbook: Playbook, facts: DecisionInput) -> None:
    decision = decide(facts, playbook=playbook)
    stored = json.loads(json.dumps(decision.to_json()))
    assert Decision.from_json(stored) == decision


@every_playbook
@settings(max_examples=200)
@given(facts=inputs() | inputs(without=GATED))
def test_the_fast_way_comes_to_the_same_as_the_way_that_says_why(
    playbook: Playbook, facts: DecisionInput
) -> None:
    slow = outcome_of(decide(facts, playbook=playbook))
    for compiled in COMPILED[playbook.named]:
        assert compiled.decide(facts) == slow


# --- reach (K34)


@every_playbook
@settings(max_examples=200)
@given(facts=inputs(), one=st.integers(0, 10**7), two=st.integers(0, 10**7))
def test_k34_more_followers_never_make_a_priority_or_a_clock_later(
    playbook: Playbook, facts: DecisionInput, one: int, two: int
) -> None:
    fewer, more = sorted((one, two))
    calm = decide(replace(facts, followers=fewer), playbook=playbook)
    loud = decide(replace(facts, followers=more), playbook=playbook)
    assert never_later(calm, loud, playbook)


@every_playbook
@given(facts=inputs())
def test_k34_with_ten_followers_the_clock_is_what_the_complaint_alone_asks_for(
    playbook: Playbook, facts: DecisionInput
) -> None:
    alone = decide(replace(facts, followers=None), playbook=playbook)
    little_known = decide(replace(facts, followers=10), playbook=playbook)
    assert little_known.priority == alone.priority
    assert clocks_of(little_known, playbook) == clocks_of(alone, playbook)


@every_playbook
@given(facts=inputs(), one=st.floats(0, 1e6), two=st.floats(0, 1e6))
def test_k34_more_shares_strong_ties_and_a_fitting_style_never_make_a_clock_later(
    playbook: Playbook, facts: DecisionInput, one: float, two: float
) -> None:
    fewer, more = sorted((one, two))
    calm = replace(facts, shares_per_hour=fewer)
    loud = replace(calm, shares_per_hour=more, author_ties=Ties.STRONG, style_match=True)
    assert never_later(decide(calm, playbook=playbook), decide(loud, playbook=playbook), playbook)


@every_playbook
def test_k34_nobody_who_is_little_known_is_asked_for_in_a_priority(playbook: Playbook) -> None:
    """The reason behind the property: no priority names followers, and reach counts with heat only."""
    for rule in playbook.priorities:
        assert "followers" not in repr(rule.when)
        assert "'reach'" not in repr(rule.when)


# --- fault and reply (C5)


@every_playbook
@settings(max_examples=200)
@given(facts=inputs(without=GATED), share=st.integers(0, 100), can_help=st.booleans())
def test_what_a_row_recommends_for_an_error_is_what_the_fault_asks_for(
    playbook: Playbook, facts: DecisionInput, share: int, can_help: bool
) -> None:
    facts = replace(facts, category=Category.BUSINESS_ERROR, fault_share=share, can_help=can_help)
    decision = decide(facts, playbook=playbook)
    if decision.kind is not RuleKind.MATRIX or Ban.REPLY in decision.forbid:
        return
    asked = constrain_reply(
        FaultRecord.of(facts),
        apology=apology_of(playbook),
        strategy=decision.strategy,
        forbid=decision.forbid,
    )
    assert asked.missing(decision.strategy) == ()
    assert asked.unwanted(decision.strategy) == ()


@every_playbook
@settings(max_examples=200)
@given(facts=inputs(without=GATED))
def test_responsibility_is_owned_only_where_some_of_it_is_ours(
    playbook: Playbook, facts: DecisionInput
) -> None:
    decision = decide(facts, playbook=playbook)
    if Component.RESP in decision.strategy:
        assert facts.fault_kind == "ours"
        assert "responsibility" not in decision.forbid
        parts = list(decision.strategy)
        assert parts.index(Component.REG) < parts.index(Component.RESP)
        assert parts.index(Component.RESP) < parts.index(Component.FIX)


@every_playbook
@given(facts=inputs())
def test_a_clock_runs_for_every_decision_and_a_complaint_is_answered_within_the_hour(
    playbook: Playbook, facts: DecisionInput
) -> None:
    decision = decide(facts, playbook=playbook)
    plan = clocks_of(decision, playbook)
    assert plan.first_reply.kind is ClockKind.FIRST_REPLY
    if facts.is_complaint and not facts.troll_confirmed:
        assert plan.first_reply.due_at <= PUBLISHED + timedelta(hours=1)
