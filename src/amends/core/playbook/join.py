"""Joining what added rules ask for to what the followed rule asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from amends.core.playbook.rules import Rule, TaskRequest, highest_approval
from amends.core.playbook.terms import Ban, Component, RuleKind
from amends.core.vocabulary import ApprovalLevel

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Demands:
    """What is asked of a reply and of the people around it."""

    strategy: tuple[Component, ...]
    forbid: tuple[Ban, ...]
    tasks: tuple[TaskRequest, ...]
    because: tuple[str, ...]
    approval: ApprovalLevel
    watch: timedelta | None


def choose_added(
    gates: Iterable[Rule], rows: Iterable[Rule], *, followed: Rule
) -> tuple[Rule, ...]:
    """Return the rules to join, of those that hold and add.

    Gates always join. Rows join only a row or the default: a followed gate has closed the matrix.
    """
    heard = gates if followed.kind is RuleKind.GATE else (*gates, *rows)
    return tuple(rule for rule in heard if rule.adds)


def join_demands(followed: Rule, *, added: Sequence[Rule]) -> Demands:
    """Return everything that is asked for together.

    Where the followed rule lets nothing be answered, no part of a reply is joined; a part that it
    already has, a ban or a task is joined once, and of tasks of one kind the first one stays.
    """
    may_answer = Ban.REPLY not in followed.forbid
    parts = [part for rule in added for part in rule.strategy] if may_answer else []
    kinds = {task.kind for task in followed.tasks}
    tasks = list(followed.tasks)
    for task in (task for rule in added for task in rule.tasks):
        if task.kind not in kinds:
            kinds.add(task.kind)
            tasks.append(task)
    watched = [rule.watch for rule in (followed, *added) if rule.watch is not None]
    return Demands(
        strategy=_unique((*followed.strategy, *parts)),
        forbid=_unique(ban for rule in (followed, *added) for ban in rule.forbid),
        tasks=tuple(tasks),
        because=_unique(source for rule in (followed, *added) for source in rule.because),
        approval=highest_approval(followed.approval, *(rule.approval for rule in added)),
        watch=max(watched, default=None),
    )


def _unique(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(items))
