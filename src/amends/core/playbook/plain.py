"""A playbook back in the values of its file, so that it can be compared and shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeAlias

from amends.core.playbook.conditions import All, AnyOf, Condition, FieldTest, Not
from amends.core.playbook.rules import (
    ApologyRule,
    ApprovalRule,
    ClockTargets,
    ComponentWords,
    PauseRule,
    PriorityRule,
    Rule,
    Span,
    TaskRequest,
)
from amends.core.playbook.terms import Hours, Operator, Redress, RuleKind
from amends.core.vocabulary import ApprovalLevel

Plain: TypeAlias = Any  # what JSON can hold: texts, numbers, lists, mappings, None
Entry: TypeAlias = dict[str, Plain]


def plain_rule(rule: Rule) -> Entry:
    """Return a gate, a row or the default as its file says it; what is left out there is so here."""
    entry: Entry = {"title": rule.title}
    if rule.kind is not RuleKind.DEFAULT:
        entry["when"] = plain_condition(rule.when)
    if rule.adds:
        entry["adds"] = True
    if rule.weight:
        entry["weight"] = rule.weight
    entry["strategy"] = [part.value for part in rule.strategy]
    if rule.forbid:
        entry["forbid"] = [ban.value for ban in rule.forbid]
    entry["approval"] = rule.approval.value
    if rule.tasks:
        entry["tasks"] = [_plain_task(task) for task in rule.tasks]
    if rule.priority is not None:
        entry["priority"] = rule.priority.value
    if rule.watch is not None:
        entry["watch"] = plain_time(rule.watch)
    return {**entry, "say": rule.say, "because": list(rule.because)}


def plain_priority(rule: PriorityRule) -> Entry:
    """Return a priority rule as its file says it."""
    entry: Entry = {"when": plain_condition(rule.when), "priority": rule.priority.value}
    if rule.approval is not ApprovalLevel.A0:
        entry["approval"] = rule.approval.value
    return {**entry, "because": list(rule.because)}


def plain_clock(promised: ClockTargets) -> Entry:
    """Return the clocks of one priority as the file says them."""
    entry: Entry = {kind.value: _plain_span(span) for kind, span in promised.targets.items()}
    return entry if promised.hours is Hours.WORKING else {**entry, "hours": promised.hours.value}


def plain_pause(rule: PauseRule) -> Entry:
    """Return a pause rule as its file says it."""
    entry: Entry = {
        "stops": [kind.value for kind in rule.stops],
        "pauses": [kind.value for kind in rule.pauses],
        "at_most": plain_time(rule.at_most),
        "then": rule.then.value,
    }
    if rule.watch is not None:
        entry["watch"] = plain_time(rule.watch)
    return {**entry, "because": list(rule.because)}


def plain_approval(rule: ApprovalRule) -> Entry:
    """Return who may agree at a level as the file says it."""
    entry: Entry = {"title": rule.title, "say": rule.say, "who": [one.value for one in rule.who]}
    if rule.together_with:
        entry["together_with"] = [one.value for one in rule.together_with]
    if rule.timeout is not None and rule.then is not None:
        entry |= {"timeout": plain_time(rule.timeout), "then": rule.then.value}
    if rule.deputies:
        entry["deputies"] = [one.value for one in rule.deputies]
    if rule.escalates_to is not None:
        entry["escalates_to"] = rule.escalates_to.value
    if rule.redress is not Redress.NONE:
        entry["redress"] = rule.redress.value
    return {**entry, "because": list(rule.because)}


def plain_component(words: ComponentWords) -> Entry:
    """Return the words for a part of a reply."""
    return {"title": words.title, "say": words.say}


def plain_apology(rule: ApologyRule) -> Entry:
    """Return what is said at one share of the fault as the file says it."""
    lists = {
        "needs": rule.needs,
        "welcome": rule.welcome,
        "never": rule.never,
        "forbid": rule.forbid,
        "because": rule.because,
    }
    return {
        key: [str(one) for one in items]
        for key, items in lists.items()
        if items or key not in ("welcome", "forbid")
    }


def plain_condition(condition: Condition) -> Entry:
    """Return a condition as a mapping of fields and groups, as a `when` of the file says it."""
    if isinstance(condition, FieldTest):
        return {condition.field: _plain_comparisons(condition)}
    if isinstance(condition, Not):
        return {"not": plain_condition(condition.part)}
    if isinstance(condition, AnyOf):
        return {"any": [plain_condition(part) for part in condition.parts]}
    return _plain_all(condition)


def show_plain(value: Plain) -> str:
    """Return a value on one line, as YAML in flow style: `{fault_share: {gte: 50}}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {show_plain(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(show_plain(one) for one in value) + "]"
    return value if isinstance(value, str) else json.dumps(value)


def plain_time(span: timedelta) -> str:
    """Return a time as the file writes it, in the largest unit that holds it whole: 2h, 3d, 90m."""
    minutes = int(span.total_seconds()) // 60
    if minutes % (24 * 60) == 0:
        return f"{minutes // (24 * 60)}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def _plain_all(condition: All) -> Entry:
    parts = [plain_condition(part) for part in condition.parts]
    entry: Entry = {}
    for part in parts:
        if part.keys() & entry.keys() or len(part) != 1:  # two of one key need a list
            return {"all": parts}
        entry |= part
    return entry


def _plain_comparisons(test: FieldTest) -> Plain:
    if len(test.comparisons) == 1 and test.comparisons[0][0] is Operator.EQ:
        return _plain_value(test.comparisons[0][1])
    return {operator.value: _plain_value(expected) for operator, expected in test.comparisons}


def _plain_value(expected: Plain) -> Plain:
    if isinstance(expected, tuple):
        return [_plain_value(one) for one in expected]
    return str(expected) if isinstance(expected, str) else expected


def _plain_task(task: TaskRequest) -> Plain:
    if task.within is None and task.lasts is None:
        return task.kind.value
    entry: Entry = {"kind": task.kind.value}
    if task.within is not None:
        entry["within"] = plain_time(task.within)
    if task.lasts is not None:
        entry["lasts"] = plain_time(task.lasts)
    return entry


def _plain_span(span: Span) -> str:
    return f"{span.days}d" if span.days else _plain_minutes(span.minutes)


def _plain_minutes(minutes: int) -> str:
    """Hours stay hours up to the end: 24h of working time is another promise than a day."""
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
