"""A playbook as the schema has read it: frozen, complete, ready to decide by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from amends.core.playbook.conditions import Condition
from amends.core.playbook.terms import (
    Approver,
    Ban,
    ClockKind,
    Component,
    FaultBand,
    Hours,
    LateApproval,
    PauseEnd,
    PauseKind,
    Redress,
    RuleKind,
    TaskKind,
)
from amends.core.vocabulary import ApprovalLevel, Priority

URGENCY = {priority: rank for rank, priority in enumerate(Priority)}  # 0 is the most urgent
AUTHORITY = {level: rank for rank, level in enumerate(ApprovalLevel)}


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """Work that a rule asks for; `within` is the time it may take, `lasts` how long it holds (a ban)."""

    kind: TaskKind
    within: timedelta | None = None
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A gate, a row of the matrix, or the default row.

    `title` and `say` are English message ids: the name of the rule, and one plain sentence for the
    person. `priority` asks for at least that urgency. `because` holds the ids of the sources.

    Of the rows that hold, the one with the greatest `weight` is followed, then the most specific. A
    rule that `adds` is never followed: what it says is joined to the rule that is.
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
    weight: int = 0
    adds: bool = False


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
class PauseRule:
    """When clocks stand still: `stops` end for good, `pauses` wait for the author, but not for ever.

    After `at_most` one reminder goes out; when that stays unanswered for the same time, `then`
    follows, and the case is watched for `watch`. An automatic acknowledgement, hiding, or "seen"
    is never a reason (S2.21).
    """

    stops: tuple[ClockKind, ...]
    pauses: tuple[ClockKind, ...]
    at_most: timedelta
    then: PauseEnd
    watch: timedelta | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Who may agree at a level, and what happens when nobody has in time.

    One of `who` must agree, and one of `together_with` where it names anybody. After `timeout`
    one of `deputies` may agree instead (DEPUTY), or only a holding reply may go out (HOLDING_ONLY),
    which the deputies may agree to. After a second `timeout` the case goes up to `escalates_to`.
    Nothing is ever sent without somebody's agreement.
    """

    level: ApprovalLevel
    title: str
    say: str
    who: tuple[Approver, ...]
    because: tuple[str, ...]
    together_with: tuple[Approver, ...] = ()
    timeout: timedelta | None = None
    then: LateApproval | None = None
    deputies: tuple[Approver, ...] = ()
    escalates_to: ApprovalLevel | None = None
    redress: Redress = Redress.NONE


@dataclass(frozen=True, slots=True)
class ComponentWords:
    """What a part of a reply is: its name and one sentence for the writer (message ids)."""

    title: str
    say: str


@dataclass(frozen=True, slots=True)
class ApologyRule:
    """What a full answer to a complaint must, may and must not say, by our share of the fault."""

    needs: tuple[Component, ...]
    welcome: tuple[Component, ...]
    never: tuple[Component, ...]
    forbid: tuple[Ban, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaybookName:
    """Which text was in force: its name, its version, and the SHA-256 of its bytes (hex)."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """Everything that a lead has laid down about deciding; the last four may be empty.

    What an empty one means is said by `standing.py`: the desk's own approvals, pauses, components
    and apologies hold.
    """

    named: PlaybookName
    priorities: tuple[PriorityRule, ...]
    clocks: Mapping[Priority, ClockTargets]
    gates: tuple[Rule, ...]
    matrix: tuple[Rule, ...]
    default: Rule
    pauses: Mapping[PauseKind, PauseRule] = field(default_factory=dict)
    approvals: Mapping[ApprovalLevel, ApprovalRule] = field(default_factory=dict)
    components: Mapping[Component, ComponentWords] = field(default_factory=dict)
    apology: Mapping[FaultBand, ApologyRule] = field(default_factory=dict)


def most_urgent(*priorities: Priority) -> Priority:
    """Return the priority whose clocks are shortest."""
    return min(priorities, key=URGENCY.__getitem__)


def highest_approval(*levels: ApprovalLevel) -> ApprovalLevel:
    """Return the level that asks for the most authority."""
    return max(levels, key=AUTHORITY.__getitem__)
