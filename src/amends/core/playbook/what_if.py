"""What if the playbook were another one: past cases decided under both, and what would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from amends.core.playbook.bits import BitBook
from amends.core.playbook.compiled import MOST_REMEMBERED, CompiledPlaybook, Outcome
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.rules import URGENCY, ClockTargets, Playbook, Span
from amends.core.playbook.terms import ClockKind, Hours

KEPT_CHANGES = 1_000  # cases listed one by one; all are counted


class Aspect(StrEnum):
    """In what two decisions differ."""

    RULE = "rule"
    ADDED = "added"
    PRIORITY = "priority"
    CLOCKS = "clocks"
    APPROVAL = "approval"
    STRATEGY = "strategy"
    FORBID = "forbid"
    TASKS = "tasks"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A clock of a case that would run otherwise; None: it does not run."""

    kind: ClockKind
    before: Span | None
    after: Span | None
    is_later: bool


@dataclass(frozen=True, slots=True)
class CaseChange:
    """One case that would be decided differently."""

    case_id: str
    before: Outcome
    after: Outcome
    aspects: tuple[Aspect, ...]
    clocks: tuple[ClockChange, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What an edited playbook would have changed.

    `changed` counts cases, `by_aspect` how many of them differ in what (one case may differ in
    several), `moves` how many went from one rule to another, `urgency` from one priority to another.
    `later` and `sooner` count cases with a clock that would end later or sooner. `cases` lists the
    first changed cases, not more than asked for.
    """

    total: int
    changed: int
    by_aspect: Mapping[Aspect, int]
    moves: Mapping[tuple[str, str], int]
    urgency: Mapping[tuple[str, str], int]
    later: int
    sooner: int
    cases: tuple[CaseChange, ...]


def compare_playbooks(
    cases: Iterable[tuple[str, DecisionInput]],
    *,
    before: Playbook,
    after: Playbook,
    keep: int = KEPT_CHANGES,
) -> WhatIf:
    """Decide every case under both playbooks and return what differs; one pass, nothing is stored.

    `cases` are ids with the inputs that were stored with their decisions. Neither order nor time
    matters: the same cases give the same counts.
    """
    book = BitBook()
    old, new = CompiledPlaybook(before, book=book), CompiledPlaybook(after, book=book)
    tally = _Tally(before, after, keep=keep)
    for case_id, facts in cases:
        bits = book.read(facts)
        tally.add(case_id, old.decide(facts, bits=bits), new.decide(facts, bits=bits))
    return tally.close()


_Difference: TypeAlias = tuple[tuple[Aspect, ...], tuple[ClockChange, ...]]
_Compared: TypeAlias = tuple[Outcome, Outcome, _Difference]


class _Tally:
    """Counts differences; pairs of outcomes that were met before are not compared again."""

    def __init__(self, before: Playbook, after: Playbook, *, keep: int) -> None:
        self.before = before
        self.after = after
        self.keep = keep
        self.total = 0
        self.changed = 0
        self.by_aspect: Counter[Aspect] = Counter()
        self.moves: Counter[tuple[str, str]] = Counter()
        self.urgency: Counter[tuple[str, str]] = Counter()
        self.later = 0
        self.sooner = 0
        self.cases: list[CaseChange] = []
        self._compared: dict[tuple[int, int], _Compared] = {}

    def add(self, case_id: str, old: Outcome, new: Outcome) -> None:
        self.total += 1
        aspects, clocks = self._difference(old, new)
        if not aspects:
            return
        self.changed += 1
        self.by_aspect.update(aspects)
        if Aspect.RULE in aspects:
            self.moves[old.rule_id, new.rule_id] += 1
        if Aspect.PRIORITY in aspects:
            self.urgency[old.priority.value, new.priority.value] += 1
        self.later += any(one.is_later for one in clocks)
        self.sooner += any(not one.is_later for one in clocks)
        if len(self.cases) < self.keep:
            self.cases.append(CaseChange(case_id, old, new, aspects, clocks))

    def close(self) -> WhatIf:
        return WhatIf(
            total=self.total,
            changed=self.changed,
            by_aspect={one: self.by_aspect[one] for one in Aspect if self.by_aspect[one]},
            moves=dict(self.moves.most_common()),
            urgency=dict(sorted(self.urgency.items())),
            later=self.later,
            sooner=self.sooner,
            cases=tuple(self.cases),
        )

    def _difference(self, old: Outcome, new: Outcome) -> _Difference:
        """Compilers give out the same outcome again and again, so its identity is a good key."""
        found = self._compared.get((id(old), id(new)))
        if found is None:
            if len(self._compared) >= MOST_REMEMBERED:
                self._compared.clear()
            # The outcomes are kept beside, so that no identity is given to another meanwhile.
            found = self._compared[id(old), id(new)] = old, new, self._compare(old, new)
        return found[2]

    def _compare(self, old: Outcome, new: Outcome) -> _Difference:
        clocks = _compare_clocks(self.before.clocks[old.priority], self.after.clocks[new.priority])
        differs = {
            Aspect.RULE: old.rule_id != new.rule_id,
            Aspect.ADDED: old.added != new.added,
            Aspect.PRIORITY: URGENCY[old.priority] != URGENCY[new.priority],
            Aspect.CLOCKS: bool(clocks),
            Aspect.APPROVAL: old.approval != new.approval,
            Aspect.STRATEGY: old.strategy != new.strategy,
            Aspect.FORBID: set(old.forbid) != set(new.forbid),
            Aspect.TASKS: set(old.tasks) != set(new.tasks),
            Aspect.WATCH: old.watch != new.watch,
        }
        return tuple(aspect for aspect, is_other in differs.items() if is_other), clocks


def _compare_clocks(old: ClockTargets, new: ClockTargets) -> tuple[ClockChange, ...]:
    """Return the clocks whose promised time differs, or counts other hours."""
    changes = []
    for kind in ClockKind:
        before, after = old.targets.get(kind), new.targets.get(kind)
        if before != after or (before is not None and old.hours is not new.hours):
            is_later = _length(after, new.hours) > _length(before, old.hours)
            changes.append(ClockChange(kind, before, after, is_later))
    return tuple(changes)


def _length(span: Span | None, hours: Hours) -> tuple[float, bool]:
    """Order clocks by the time promised; of equal ones that which waits for working hours is later."""
    minutes = float("inf") if span is None else span.minutes + span.days * 24 * 60
    return minutes, hours is Hours.WORKING
