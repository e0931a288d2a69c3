"""Deciding: gates in order, then the weightiest and most specific row, then the default row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amends.core.playbook.decision import AddedRule, Decision, MatchedRule, UnmatchedRule
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.join import choose_added, join_demands
from amends.core.playbook.rules import (
    Playbook,
    PriorityRule,
    Rule,
    highest_approval,
    most_urgent,
)
from amends.core.playbook.terms import RuleKind
from amends.core.text import gettext_noop
from amends.core.vocabulary import ApprovalLevel, Priority

ERROR_TITLE = gettext_noop("The playbook could not be applied")
ERROR_SAY = gettext_noop(
    "A rule of the playbook failed, so nothing is recommended: a person decides, and the lead "
    "should look at the playbook."
)


def decide(facts: DecisionInput, *, playbook: Playbook) -> Decision:
    """Return what `playbook` recommends for `facts`, with all rules that hold and all that do not.

    Pure and total: the same input and playbook give the same Decision, and every input gets one.
    If a rule raises, the answer is a Decision of kind ERROR with approval A2 that asks a person
    (fail closed): a broken rule must never let anything through.
    """
    try:
        return _apply(facts, playbook)
    except Exception as error:  # fail closed: whatever a rule does, a person is asked
        return _ask_a_person(facts, playbook=playbook, error=error)


@dataclass(frozen=True, slots=True)
class _Holding:
    """A rule that holds, how specific it is, and where it stands in the file."""

    rule: Rule
    keys: int


def _apply(facts: DecisionInput, playbook: Playbook) -> Decision:
    gates, gates_unmatched = _sort_out(facts, playbook.gates)
    rows, rows_unmatched = _sort_out(facts, playbook.matrix)
    followed = _choose(gates, rows, playbook.default)
    added = choose_added((one.rule for one in gates), (one.rule for one in rows), followed=followed)
    asked = join_demands(followed, added=added)
    urgency, urgency_trace, urgency_unmatched = _judge_urgency(facts, playbook.priorities)
    wishes = [one.rule.priority for one in (*gates, *rows) if one.rule.priority is not None]
    return Decision(
        rule_id=followed.id,
        kind=followed.kind,
        title=followed.title,
        say=followed.say,
        strategy=asked.strategy,
        forbid=asked.forbid,
        approval=highest_approval(asked.approval, urgency.approval),
        # Every rule that holds is heard, not only the one followed: else reach could move a comment
        # from an urgent row to a less urgent one (reach may never lower a priority).
        priority=most_urgent(urgency.priority, *wishes),
        tasks=asked.tasks,
        watch=asked.watch,
        because=asked.because,
        matched=(
            *(_trace(one, followed, added) for one in (*gates, *rows)),
            *_trace_default(playbook.default, followed),
            *urgency_trace,
        ),
        unmatched=(*gates_unmatched, *rows_unmatched, *urgency_unmatched),
        playbook=playbook.named,
        added=tuple(AddedRule(one.id, one.title, one.say) for one in added),
    )


def _sort_out(
    facts: DecisionInput, rules: Sequence[Rule]
) -> tuple[list[_Holding], list[UnmatchedRule]]:
    holding: list[_Holding] = []
    unmatched: list[UnmatchedRule] = []
    for rule in rules:
        if rule.when.holds(facts):
            holding.append(_Holding(rule, rule.when.count_keys(facts)))
        else:
            unmatched.append(UnmatchedRule(rule.id, rule.kind, rule.when.failures(facts)))
    return holding, unmatched


def _choose(gates: Sequence[_Holding], rows: Sequence[_Holding], default: Rule) -> Rule:
    for gate in gates:
        if not gate.rule.adds:
            return gate.rule
    candidates = [one for one in rows if not one.rule.adds]
    if not candidates:
        return default
    # max keeps the first of equals: file order
    return max(candidates, key=lambda one: (one.rule.weight, one.keys)).rule


def _judge_urgency(
    facts: DecisionInput, rules: Sequence[PriorityRule]
) -> tuple[PriorityRule, list[MatchedRule], list[UnmatchedRule]]:
    followed: PriorityRule | None = None
    trace: list[MatchedRule] = []
    unmatched: list[UnmatchedRule] = []
    for rule in rules:
        if rule.when.holds(facts):
            is_first = followed is None
            trace.append(
                MatchedRule(rule.id, RuleKind.PRIORITY, rule.when.count_keys(facts), is_first)
            )
            followed = followed or rule
        else:
            unmatched.append(UnmatchedRule(rule.id, RuleKind.PRIORITY, rule.when.failures(facts)))
    if followed is None:
        raise ValueError("no priority rule holds; the last one must hold always")
    return followed, trace, unmatched


def _trace(one: _Holding, followed: Rule, added: Sequence[Rule]) -> MatchedRule:
    is_added = any(one.rule is rule for rule in added)
    return MatchedRule(one.rule.id, one.rule.kind, one.keys, one.rule is followed, is_added)


def _trace_default(default: Rule, followed: Rule) -> tuple[MatchedRule, ...]:
    if followed is not default:
        return ()
    return (MatchedRule(default.id, RuleKind.DEFAULT, 0, is_followed=True),)


def _ask_a_person(facts: DecisionInput, *, playbook: Playbook, error: Exception) -> Decision:
    try:
        priority = _judge_urgency(facts, playbook.priorities)[0].priority
    except Exception:  # even the urgency cannot be told: then it is the greatest
        priority = Priority.P1
    return Decision(
        rule_id="error",
        kind=RuleKind.ERROR,
        title=ERROR_TITLE,
        say=ERROR_SAY,
        strategy=(),
        forbid=(),
        approval=ApprovalLevel.A2,
        priority=priority,
        tasks=(),
        watch=None,
        because=(),
        matched=(),
        unmatched=(),
        playbook=playbook.named,
        error=f"{type(error).__name__}: {error}",
    )
