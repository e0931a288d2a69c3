"""Deciding many cases fast: the same answers as `decide`, without saying why.

A playbook is compiled once (`bits.py`): every comparison that it makes anywhere becomes a bit, and a
case becomes the bits that hold and those that do not. Cases with the same bits cannot be told apart
by the playbook, so one that is like another before is answered from memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from amends.core.playbook.bits import BitBook, Bits
from amends.core.playbook.decide import decide
from amends.core.playbook.decision import Decision
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.join import Demands, choose_added, join_demands
from amends.core.playbook.rules import (
    Playbook,
    PriorityRule,
    Rule,
    TaskRequest,
    highest_approval,
    most_urgent,
)
from amends.core.playbook.terms import Ban, Component
from amends.core.vocabulary import ApprovalLevel, Priority

MOST_REMEMBERED = 5_000  # answers; when there are more, memory begins anew


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision asks for, without its reasons."""

    rule_id: str
    added: tuple[str, ...]
    priority: Priority
    approval: ApprovalLevel
    strategy: tuple[Component, ...]
    forbid: tuple[Ban, ...]
    tasks: tuple[TaskRequest, ...]
    watch: timedelta | None


def outcome_of(decision: Decision) -> Outcome:
    """Return what `decision` asks for."""
    return Outcome(
        rule_id=decision.rule_id,
        added=tuple(one.rule_id for one in decision.added),
        priority=decision.priority,
        approval=decision.approval,
        strategy=decision.strategy,
        forbid=decision.forbid,
        tasks=decision.tasks,
        watch=decision.watch,
    )


class CompiledPlaybook:
    """A playbook made ready for many cases; not to be shared between threads.

    Playbooks that share a `book` need a case to be read only once (`what_if.py`).
    """

    def __init__(
        self, playbook: Playbook, *, is_remembering: bool = True, book: BitBook | None = None
    ) -> None:
        self.playbook = playbook
        self._book = book = book or BitBook()
        self._gates = [(book.compile(rule.when), rule) for rule in playbook.gates]
        self._rows = [(book.compile(rule.when), rule) for rule in playbook.matrix]
        self._priorities = [(book.compile(rule.when), rule) for rule in playbook.priorities]
        self._is_remembering = is_remembering
        self._remembered: dict[Bits, Outcome] = {}
        self._joined: dict[tuple[str, ...], Demands] = {}

    def decide(self, facts: DecisionInput, *, bits: Bits | None = None) -> Outcome:
        """Return the same as `outcome_of(decide(facts, playbook=…))`.

        `bits` are those of the book for exactly these facts, where they were read already.
        """
        try:
            bits = bits or self._book.read(facts)
            if not self._is_remembering:
                return self._apply(facts, bits)
            found = self._remembered.get(bits)
            if found is None:
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                found = self._remembered[bits] = self._apply(facts, bits)
        except Exception:  # fail closed, with the words of the one place that says how
            return outcome_of(decide(facts, playbook=self.playbook))
        return found

    def _apply(self, facts: DecisionInput, bits: Bits) -> Outcome:
        gates = [rule for holds, rule in self._gates if holds(bits)]
        rows = [rule for holds, rule in self._rows if holds(bits)]
        followed = self._choose(facts, gates, rows)
        added = choose_added(gates, rows, followed=followed)
        asked = self._join(followed, added)
        urgency = self._judge_urgency(bits)
        wishes = [rule.priority for rule in (*gates, *rows) if rule.priority is not None]
        return Outcome(
            rule_id=followed.id,
            added=tuple(rule.id for rule in added),
            priority=most_urgent(urgency.priority, *wishes),
            approval=highest_approval(asked.approval, urgency.approval),
            strategy=asked.strategy,
            forbid=asked.forbid,
            tasks=asked.tasks,
            watch=asked.watch,
        )

    def _choose(self, facts: DecisionInput, gates: Sequence[Rule], rows: Sequence[Rule]) -> Rule:
        for gate in gates:
            if not gate.adds:
                return gate
        candidates = [rule for rule in rows if not rule.adds]
        if len(candidates) < 2:
            return candidates[0] if candidates else self.playbook.default
        return max(candidates, key=lambda rule: (rule.weight, rule.when.count_keys(facts)))

    def _join(self, followed: Rule, added: Sequence[Rule]) -> Demands:
        names = (followed.id, *(rule.id for rule in added))
        found = self._joined.get(names)
        if found is None:
            found = self._joined[names] = join_demands(followed, added=added)
        return found

    def _judge_urgency(self, bits: Bits) -> PriorityRule:
        for holds, rule in self._priorities:
            if holds(bits):
                return rule
        raise ValueError("no priority rule holds; the last one must hold always")
