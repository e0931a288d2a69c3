"""A playbook as the schema has read it: frozen, complete, ready to decide by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from amends.core.playbook.conditions import Condition
from amends.core.playbook.terms import Ban, ClockKind, Component, Hours, RuleKind, TaskKind
from amends.core.vocabulary import ApprovalLevel, Priority

URGENCY = {priority: rank for rank, priority in enumerate(Priority)}  # 0 is the most urgent
AUTHORITY = {level: rank for rank, level in enumerate(ApprovalLevel)}


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """Work that a rule asks for, with the time it may take where the rule says so."""

    kind: TaskKind
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A gate, a row of the matrix, or the default row.

    `title` and `say` are English message ids: the name of the rule, and one plain sentence for the
    person. `priority` asks for at least that urgency. `because` holds the ids of the sources.
    """

    id: str
    kind: RuleKind
    when: Condition
    title: str
    say: str
    strategy: tuple[Component, ...]
    forbid: tuple[Ban, ...]
    approval: ApprovalLevel
    tasks: tuple[TaskRequest, ...]
    because: tuple[str, ...]
    priority: Priority | None = None
    watch: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """How urgent a comment is; `approval` is the least that this urgency asks for."""

    id: str
    when: Condition
    priority: Priority
    because: tuple[str, ...]
    approval: ApprovalLevel = ApprovalLevel.A0


@dataclass(frozen=True, slots=True)
class Span:
    """A promised length of time: minutes, or days as the calendar counts them. One of both is 0."""

    minutes: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class ClockTargets:
    """What one priority promises; a clock that is absent does not run."""

    targets: Mapping[ClockKind, Span]
    hours: Hours


@dataclass(frozen=True, slots=True)
class PlaybookName:
    """Which text was in force: its name, its version, and the SHA-256 of its bytes (hex)."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """Everything that a lead has laid down about deciding."""

    named: PlaybookName
    priorities: tuple[PriorityRule, ...]
    clocks: Mapping[Priority, ClockTargets]
    gates: tuple[Rule, ...]
    matrix: tuple[Rule, ...]
    default: Rule


def most_urgent(*priorities: Priority) -> Priority:
    """Return the priority whose clocks are shortest."""
    return min(priorities, key=URGENCY.__getitem__)


def highest_approval(*levels: ApprovalLevel) -> ApprovalLevel:
    """Return the level that asks for the most authority."""
    return max(levels, key=AUTHORITY.__getitem__)
