"""Puts a playbook into words: its rules with their conditions, its priorities and clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from amends.cases.in_force import is_damaged
from amends.cases.playbook_queries import RuleCount
from amends.cases.what_if import clock_times
from amends.core.playbook.conditions import All, AnyOf, Condition, Expected, FieldTest, Not
from amends.core.playbook.rules import Playbook, PriorityRule, Rule, TaskRequest
from amends.core.playbook.standing import approvals_of
from amends.core.playbook.terms import Operator
from amends.core.yaml_tree import FileProblem
from amends.web import labels
from amends.web.explain import Part, component_part, task_words, value_words
from amends.web.sources import source_owner, source_words

NO_COUNT = RuleCount(0, 0)
Source = tuple[str, str, str]  # id, what it says, who says it


@dataclass(frozen=True, slots=True)
class RuleView:
    """A gate or row as people read it, and how it fared."""

    id: str
    title: str
    say: str
    when: str
    parts: tuple[Part, ...]
    bans: tuple[str, ...]
    tasks: tuple[str, ...]
    approval: str
    approval_words: str
    priority: str
    adds: bool
    sources: tuple[Source, ...]
    count: RuleCount


@dataclass(frozen=True, slots=True)
class PriorityView:
    """How a comment gets a priority, and what that promises; `clocks` are empty after the first mention."""

    id: str
    priority: str
    words: str
    when: str
    approval: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """Who must agree at a level."""

    level: str
    title: str
    say: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ClockRow:
    """What one priority promises; an empty time means that no such clock runs."""

    priority: str
    words: str
    first_reply: str
    progress: str
    resolution: str
    hours: str


@dataclass(frozen=True, slots=True)
class PlaybookView:
    """A playbook in words."""

    name: str
    version: str
    is_damaged: bool
    gates: tuple[RuleView, ...]
    matrix: tuple[RuleView, ...]
    default: RuleView
    priorities: tuple[PriorityView, ...]
    clocks: tuple[ClockRow, ...]
    approvals: tuple[ApprovalView, ...]


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A mistake with its line, in the reader's language."""

    line: int
    path: str
    words: str


def view_playbook(playbook: Playbook, *, counts: Mapping[str, RuleCount]) -> PlaybookView:
    """Everything of a playbook that a person reads; titles of ours are translated."""
    return PlaybookView(
        name=playbook.named.name,
        version=playbook.named.version,
        is_damaged=is_damaged(playbook),
        gates=tuple(_view_rule(one, counts) for one in playbook.gates),
        matrix=tuple(_view_rule(one, counts) for one in playbook.matrix),
        default=_view_rule(playbook.default, counts),
        priorities=tuple(_view_priority(one) for one in playbook.priorities),
        clocks=tuple(_view_clocks(playbook)),
        approvals=tuple(
            ApprovalView(one.level.value, _(one.title), _(one.say), read_sources(one.because))
            for _level, one in sorted(approvals_of(playbook).items())
        ),
    )


def view_problems(problems: tuple[FileProblem, ...]) -> tuple[ProblemView, ...]:
    """The mistakes of a text, in the order of its lines."""
    return tuple(
        ProblemView(
            one.line, one.path, _(one.template) % one.params if one.params else _(one.template)
        )
        for one in problems
    )


def condition_words(condition: Condition, *, is_inner: bool = False) -> str:
    """A condition as a phrase; what is nested stands in brackets."""
    if isinstance(condition, FieldTest):
        said = _range(condition) or [
            _compare(condition.field, *one) for one in condition.comparisons
        ]
        return _join(said, word=pgettext("between conditions", "and"), is_inner=is_inner)
    if isinstance(condition, Not):
        inner = condition_words(condition.part, is_inner=True)
        return pgettext("condition", "not: %(what)s") % {"what": inner}
    if isinstance(condition, All | AnyOf):
        is_all = isinstance(condition, All)
        word = (
            pgettext("between conditions", "and")
            if is_all
            else pgettext("between conditions", "or")
        )
        has_several = len(condition.parts) > 1
        parts = [condition_words(one, is_inner=has_several) for one in condition.parts]
        return _join(parts, word=word, is_inner=is_inner)
    return str(condition)


def _join(parts: list[str], *, word: str, is_inner: bool) -> str:
    if not parts:
        return pgettext("condition", "always")
    joined = f" {word} ".join(parts)
    return f"({joined})" if is_inner and len(parts) > 1 else joined


def _range(test: FieldTest) -> list[str]:
    """A lower and an upper limit as one phrase; nothing where it is something else."""
    limits = dict(test.comparisons)
    if len(test.comparisons) != 2 or set(limits) != {Operator.GTE, Operator.LTE}:
        return []
    facts = {
        "field": labels.label_of(labels.INPUTS, test.field),
        "low": value_words(test.field, limits[Operator.GTE]),
        "high": value_words(test.field, limits[Operator.LTE]),
    }
    return [_("%(field)s is from %(low)s to %(high)s") % facts]


def _compare(field: str, operator: Operator, expected: Expected) -> str:
    facts = {
        "field": labels.label_of(labels.INPUTS, field),
        "value": value_words(field, expected),
    }
    if operator is Operator.KNOWN:
        return (_("%(field)s is known") if expected else _("%(field)s is not known")) % facts
    if isinstance(expected, bool):
        return pgettext("condition with yes or no", "%(field)s: %(value)s") % facts
    sentences = {
        Operator.IN: _("%(field)s is one of %(value)s"),
        Operator.GTE: _("%(field)s is at least %(value)s"),
        Operator.LTE: _("%(field)s is at most %(value)s"),
    }
    return sentences.get(operator, _("%(field)s is %(value)s")) % facts


def _view_rule(rule: Rule, counts: Mapping[str, RuleCount]) -> RuleView:
    return RuleView(
        id=rule.id,
        title=_(rule.title) if rule.title else "",
        say=_(rule.say) if rule.say else "",
        when=condition_words(rule.when),
        parts=tuple(component_part(one.value) for one in rule.strategy),
        bans=tuple(labels.label_of(labels.BANS, one.value) for one in rule.forbid),
        tasks=tuple(task_words(_plain_task(one)) for one in rule.tasks),
        approval=rule.approval.value,
        approval_words=labels.label_of(labels.APPROVALS, rule.approval.value),
        priority=rule.priority.value if rule.priority else "",
        adds=rule.adds,
        sources=read_sources(rule.because),
        count=counts.get(rule.id, NO_COUNT),
    )


def _plain_task(task: TaskRequest) -> dict[str, Any]:
    """As a stored decision holds it."""
    within = int(task.within.total_seconds()) if task.within else None
    lasts = int(task.lasts.total_seconds()) if task.lasts else None
    return {"kind": task.kind.value, "within": within, "lasts": lasts}


def _view_priority(rule: PriorityRule) -> PriorityView:
    return PriorityView(
        id=rule.id,
        priority=rule.priority.value,
        words=labels.label_of(labels.PRIORITIES, rule.priority.value),
        when=condition_words(rule.when),
        approval=rule.approval.value,
        sources=read_sources(rule.because),
    )


def _view_clocks(playbook: Playbook) -> list[ClockRow]:
    rows = []
    for priority, targets in sorted(playbook.clocks.items()):
        times = clock_times(targets)
        rows.append(
            ClockRow(
                priority=priority.value,
                words=labels.label_of(labels.PRIORITIES, priority.value),
                first_reply=span_text(times.get("first_reply", "")),
                progress=span_text(times.get("progress", "")),
                resolution=span_text(times.get("resolution", "")),
                hours=_("around the clock")
                if times["hours"] == "always"
                else _("in working hours"),
            )
        )
    return rows


def span_text(written: str) -> str:
    """A time as a file writes it (30m, 4h, 1d) in words; empty stays empty."""
    if not written:
        return ""
    units = {
        "m": pgettext("short length of time", "%(count)d min"),
        "h": pgettext("short length of time", "%(count)d h"),
        "d": pgettext("short length of time", "%(count)d d"),
    }
    return units[written[-1]] % {"count": int(written[:-1])}


def read_sources(codes: tuple[str, ...]) -> tuple[Source, ...]:
    """Who asks for it, each with what they say."""
    return tuple((code, source_words(code), source_owner(code)) for code in codes)
