"""Checks that need the whole playbook: rules never followed, and reach that would cost somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from amends.core.playbook.conditions import All, Condition
from amends.core.playbook.rules import URGENCY, ClockTargets, Playbook, PriorityRule, Rule, Span
from amends.core.playbook.schema_conditions import mentions_reach, rises_with_reach
from amends.core.playbook.terms import ClockKind
from amends.core.text import gettext_noop
from amends.core.vocabulary import Priority
from amends.core.yaml_reader import YamlReader


def check_whole(reader: YamlReader, *, playbook: Playbook, lines: Mapping[str, int]) -> None:
    """Report what is wrong between rules; `lines` says where each rule (and each clock) stands."""
    _check_order(reader, playbook.priorities, lines)
    for rules in (playbook.gates, playbook.matrix):
        _check_reachable(reader, rules, lines)
    for rule in (*playbook.gates, *playbook.matrix):
        if rule.priority is not None:
            _check_rising(reader, rule.when, lines[rule.id], rule.id)
    _check_clocks(reader, playbook.clocks, lines=lines)


def _check_clocks(
    reader: YamlReader, clocks: Mapping[Priority, ClockTargets], *, lines: Mapping[str, int]
) -> None:
    """A more urgent priority promises no later time, else raising one could delay an answer."""
    ordered = sorted(clocks, key=URGENCY.__getitem__)
    for urgent, calmer in pairwise(ordered):
        for kind in ClockKind:
            if _length(clocks[urgent], kind) > _length(clocks[calmer], kind):
                template = gettext_noop(
                    "%(clock)s of %(urgent)s is later than that of %(calmer)s; a more urgent "
                    "priority may promise no later time"
                )
                reader.report(
                    lines[f"clocks.{urgent}"],
                    path=f"clocks.{urgent}",
                    template=template,
                    clock=kind.value,
                    urgent=urgent.value,
                    calmer=calmer.value,
                )


def _length(promised: ClockTargets, kind: ClockKind) -> float:
    span: Span | None = promised.targets.get(kind)
    return float("inf") if span is None else span.minutes + span.days * 24 * 60


def _check_order(
    reader: YamlReader, rules: Sequence[PriorityRule], lines: Mapping[str, int]
) -> None:
    if not rules:
        template = gettext_noop("needs at least one rule; the last one holds always: `when: {}`")
        reader.report(1, path="priorities", template=template)
    for position, rule in enumerate(rules):
        is_last = position == len(rules) - 1
        if _holds_always(rule.when) and not is_last:
            template = gettext_noop(
                "holds always, so the rules below it are never asked; move it last"
            )
            reader.report(lines[rule.id], path=rule.id, template=template)
        if is_last and not _holds_always(rule.when):
            template = gettext_noop("the last priority must hold always; write `when: {}`")
            reader.report(lines[rule.id], path=rule.id, template=template)
        _check_rising(reader, rule.when, lines[rule.id], rule.id)
        later = next((one for one in rules[position:] if _is_more_urgent(one, rule)), None)
        if mentions_reach(rule.when) and later is not None:
            template = gettext_noop(
                "reach would lower a priority, since %(later)s below is more urgent; move this "
                "rule below it"
            )
            reader.report(lines[rule.id], path=rule.id, template=template, later=later.id)


def _is_more_urgent(one: PriorityRule, other: PriorityRule) -> bool:
    return URGENCY[one.priority] < URGENCY[other.priority]


def _check_rising(reader: YamlReader, when: Condition, line: int, rule_id: str) -> None:
    if not rises_with_reach(when):
        template = gettext_noop(
            "reach may raise a priority, never lower one; ask for followers or shares_per_hour "
            "with gte, for virality with `virality: high`, and not within `not`"
        )
        reader.report(line, path=f"{rule_id}.when", template=template)


def _check_reachable(reader: YamlReader, rules: Sequence[Rule], lines: Mapping[str, int]) -> None:
    seen: dict[Condition, str] = {}
    for rule in rules:
        if _holds_always(rule.when):
            template = gettext_noop("holds always; what holds always belongs into `default`")
            reader.report(lines[rule.id], path=rule.id, template=template)
        elif rule.when in seen:
            template = gettext_noop("has the same `when` as %(first)s above and is never followed")
            reader.report(lines[rule.id], path=rule.id, template=template, first=seen[rule.when])
        seen.setdefault(rule.when, rule.id)


def _holds_always(when: Condition) -> bool:
    return isinstance(when, All) and not when.parts
