"""What an edited playbook would have changed, and the fast way to decide that it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.playbook.compiled import CompiledPlaybook, outcome_of
from amends.core.playbook.conditions import All
from amends.core.playbook.decide import decide
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.rules import Playbook, Span
from amends.core.playbook.schema import (
    load_shipped_playbook,
    parse_playbook,
    read_shipped_playbook,
)
from amends.core.playbook.what_if import WhatIf, compare_playbooks
from tests.core.playbook.examples import CLOCKS, make_playbook, playbook_text, rule
from tests.core.playbook.strategies import GATED, inputs

GENERAL = load_shipped_playbook("general")
ERROR = DecisionInput(category="business_error", fault_share=60, is_complaint=True)  # type: ignore[arg-type]
PRAISE = DecisionInput(category="praise", is_complaint=False)  # type: ignore[arg-type]
CASES = [("C-1", ERROR), ("C-2", PRAISE), ("C-3", ERROR)]


def edited(old: str, new: str) -> Playbook:
    source = read_shipped_playbook("general").decode()
    assert old in source
    return parse_playbook(source.replace(old, new, 1))


def what_if(after: Playbook, **options: int) -> WhatIf:
    return compare_playbooks(CASES, before=GENERAL, after=after, **options)


def test_the_same_playbook_changes_nothing() -> None:
    found = what_if(GENERAL)
    assert (found.total, found.changed, found.cases) == (3, 0, ())


def test_another_rule_is_counted_as_a_move_and_listed_with_its_case() -> None:
    found = what_if(
        edited("fault_share: {gte: 50}\n    strategy", "fault_share: {gte: 70}\n    strategy")
    )
    assert (found.total, found.changed) == (3, 2)
    assert dict(found.moves) == {("D1", "D0"): 2}
    first = found.cases[0]
    assert (first.case_id, first.before.rule_id, first.after.rule_id) == ("C-1", "D1", "D0")
    assert set(first.aspects) == {"rule", "strategy", "forbid", "tasks", "approval"}


def test_a_stricter_approval_a_ban_and_a_task_are_told_apart() -> None:
    source = "title: Our mistake\n"
    found = what_if(edited(source, source + "    watch: 2h\n"))
    assert found.by_aspect == {"watch": 2}
    assert found.cases[0].after.watch == timedelta(hours=2)
    found = what_if(edited("tasks: [department, promise, close_publicly]", "tasks: [department]"))
    assert found.by_aspect == {"tasks": 2}
    found = what_if(edited("forbid: [evade, minimise, public_compensation]", "forbid: [evade]"))
    assert found.by_aspect == {"forbid": 2}


def test_another_priority_is_counted_with_the_clocks_that_end_sooner() -> None:
    found = what_if(
        edited(
            "when: {is_complaint: true}\n    priority: P3",
            "when: {is_complaint: true}\n    priority: P2",
        )
    )
    assert dict(found.urgency) == {("P3", "P2"): 2}
    assert (found.sooner, found.later) == (2, 0)
    kinds = {one.kind.value: (one.before, one.after) for one in found.cases[0].clocks}
    assert kinds["first_reply"] == (Span(minutes=60), Span(minutes=30))


def test_another_clock_changes_cases_whose_priority_stays() -> None:
    found = what_if(edited("P3: {first_reply: 60m", "P3: {first_reply: 90m"))
    assert found.by_aspect == {"clocks": 2}
    assert (found.later, found.sooner) == (2, 0)
    assert found.urgency == {}


def test_a_clock_that_no_longer_runs_is_later_and_one_that_counts_always_is_sooner() -> None:
    clock = "P3: {first_reply: 60m, progress: 24h, resolution: 3d"
    always = what_if(edited(clock, f"{clock}, hours: always"))
    assert (always.sooner, always.later) == (2, 0)
    gone = edited("P4: {first_reply: 4h, resolution: 5d}", "P4: {first_reply: 4h}")
    assert compare_playbooks(CASES, before=GENERAL, after=gone).later == 1


def test_only_so_many_cases_are_listed_but_all_are_counted() -> None:
    found = what_if(edited("title: Our mistake\n", "title: Our mistake\n    watch: 2h\n"), keep=1)
    assert (found.changed, len(found.cases)) == (2, 1)


def test_cases_may_come_one_by_one_and_may_be_none() -> None:
    assert compare_playbooks(iter(()), before=GENERAL, after=GENERAL).total == 0


OWNED_EARLIER = edited("fault_share: {gte: 50}", "fault_share: {gte: 40}")


@settings(max_examples=50)
@given(st.lists(inputs(without=GATED), max_size=4))
def test_what_is_counted_is_what_two_full_decisions_differ_in(facts: list[DecisionInput]) -> None:
    after = OWNED_EARLIER
    found = compare_playbooks(
        ((str(at), one) for at, one in enumerate(facts)), before=GENERAL, after=after
    )
    differing = [
        str(at)
        for at, one in enumerate(facts)
        if outcome_of(decide(one, playbook=GENERAL)) != outcome_of(decide(one, playbook=after))
    ]
    assert [one.case_id for one in found.cases] == differing


# --- the fast way


CONDITIONS = [
    "{fault_share: {gte: 10, lte: 60}}",
    "{fault_share: {in: [0, 60, 100]}}",
    "{fault_share: {known: false}}",
    "{not: {fault_share: {gte: 50}}}",
    "{not: {any: [{arousal: high}, {severity: low}]}}",
    "{not: {all: [{arousal: high}, {not: {severity: low}}]}}",
    "{any: [{not: {arousal: high}}, {category: praise, severity: {in: [low, high]}}]}",
    "{all: [{arousal: high}, {any: [{severity: low}, {category: vague}]}], can_help: true}",
    "{shares_per_hour: {gte: 3}}",
    "{fault_basis: {known: true}}",
]
SMALL = [make_playbook(matrix=rule("D1", when)) for when in CONDITIONS]
COMPILED = [CompiledPlaybook(playbook) for playbook in SMALL]


@given(inputs())
def test_every_kind_of_condition_comes_to_the_same_in_bits(facts: DecisionInput) -> None:
    for playbook, compiled in zip(SMALL, COMPILED, strict=True):
        assert compiled.decide(facts) == outcome_of(decide(facts, playbook=playbook))


def test_cases_that_the_playbook_cannot_tell_apart_share_their_answer() -> None:
    compiled = CompiledPlaybook(GENERAL)
    one = compiled.decide(replace(ERROR, fault_share=60, followers=3))
    assert compiled.decide(replace(ERROR, fault_share=99, followers=900)) is one
    assert compiled.decide(replace(ERROR, fault_share=49)) is not one


class Strange(All):
    """A condition that the schema does not make."""


def test_a_condition_of_another_make_is_not_compiled() -> None:
    playbook = make_playbook(matrix=rule("D1", "{arousal: high}"))
    strange = replace(playbook, matrix=(replace(playbook.matrix[0], when=Strange(())),))
    with pytest.raises(TypeError, match="Strange cannot be compiled"):
        CompiledPlaybook(strange)


def test_a_playbook_that_cannot_be_applied_hands_the_case_to_a_person_here_too() -> None:
    playbook = parse_playbook(playbook_text(clocks=CLOCKS))
    broken = replace(playbook, priorities=())
    outcome = CompiledPlaybook(broken).decide(ERROR)
    assert (outcome.rule_id, outcome.approval) == ("error", "A2")
