"""Puts what the engine thinks and what the playbook recommends into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from amends.cases.models import Decision, Verdict
from amends.web import labels
from amends.web.sources import source_owner, source_words

SHOWN = ("category", "severity", "arousal", "sentiment", "complaint", "policy_ground")


@dataclass(frozen=True, slots=True)
class FieldView:
    """One judgement of the engine."""

    name: str
    label: str
    value: str
    score: float | None
    is_sure: bool
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A component of the recommended reply."""

    code: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A rule that did not hold, with what kept it from holding."""

    rule_id: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What the playbook recommends, in words."""

    rule_id: str
    title: str
    say: str
    is_preliminary: bool
    is_error: bool
    parts: tuple[Part, ...]
    bans: tuple[str, ...]
    tasks: tuple[str, ...]
    approval: str
    approval_words: str
    priority: str
    priority_words: str
    sources: tuple[tuple[str, str, str], ...]  # id, what it says, who says it
    also: tuple[tuple[str, str], ...]  # joined rules: id, what it says
    matched: tuple[tuple[str, bool], ...]
    unmatched: tuple[Unmatched, ...]
    known: tuple[tuple[str, str], ...]  # what it rests on: the fact, and what it is
    playbook: str
    version: str
    at: datetime


def explain_verdict(
    verdict: Verdict | None, *, quotes: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> tuple[FieldView, ...]:
    """The engine's judgements worth showing; "none" of the policy and flags that are off are left out.

    `quotes` are the words on the page that speak for a field.
    """
    if verdict is None:
        return ()
    said = verdict.assessment
    views = [
        _field(name, said[name], quotes=quotes.get(name, ()))
        for name in SHOWN
        if isinstance(said.get(name), dict) and said[name].get("label") != "none"
    ]
    scores = said.get("flag_scores", {})
    for flag, is_set in said.get("flags", {}).items():
        if is_set and flag not in {"question", "vague"}:
            views.append(
                FieldView(
                    name=flag,
                    label=_("Flag"),
                    value=labels.label_of(labels.FLAGS, flag),
                    score=scores.get(flag),
                    is_sure=True,
                    quotes=quotes.get(flag, ()),
                )
            )
    return tuple(views)


def explain_decision(decision: Decision | None) -> DecisionView | None:
    """A stored decision in words; codes of a newer playbook are shown as they are."""
    if decision is None:
        return None
    said: dict[str, Any] = decision.decision
    return DecisionView(
        rule_id=decision.rule_id,
        title=_translated(said.get("title", "")),
        say=_translated(said.get("say", "")),
        is_preliminary=decision.triage_id is None,
        is_error=said.get("kind") == "error",
        parts=tuple(component_part(code) for code in said.get("strategy", ())),
        bans=tuple(labels.label_of(labels.BANS, code) for code in said.get("forbid", ())),
        tasks=tuple(task_words(task) for task in said.get("tasks", ())),
        approval=decision.approval,
        approval_words=labels.label_of(labels.APPROVALS, decision.approval),
        priority=decision.priority,
        priority_words=labels.label_of(labels.PRIORITIES, decision.priority),
        sources=tuple(
            (code, source_words(code), source_owner(code)) for code in said.get("because", ())
        ),
        also=tuple((one["rule_id"], _translated(one["say"])) for one in said.get("added", ())),
        matched=tuple((one["rule_id"], one["is_followed"]) for one in said.get("matched", ())),
        unmatched=tuple(_unmatched(one) for one in said.get("unmatched", ())),
        known=_known(decision.inputs),
        playbook=decision.playbook,
        version=decision.playbook_version,
        at=decision.created_at,
    )


def _known(inputs: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The facts that were known, in the order of `labels.INPUTS`; signals that are off tell nothing."""
    return tuple(
        (str(label), value_words(name, inputs[name]))
        for name, label in labels.INPUTS.items()
        if inputs.get(name) is not None and not (name in labels.FLAGS and inputs[name] is False)
    )


def _field(name: str, said: dict[str, Any], *, quotes: tuple[str, ...]) -> FieldView:
    words = {
        "category": labels.CATEGORIES,
        "severity": labels.SEVERITIES,
        "arousal": labels.AROUSALS,
        "sentiment": labels.SENTIMENTS,
        "complaint": labels.COMPLAINTS,
        "policy_ground": labels.GROUNDS,
    }[name]
    code = str(said["label"]).lower() if isinstance(said["label"], bool) else str(said["label"])
    return FieldView(
        name=name,
        label=labels.label_of(labels.FIELDS, name),
        value=labels.label_of(words, code),
        score=said.get("score"),
        is_sure=bool(said.get("sure")),
        quotes=quotes,
    )


def component_part(code: str) -> Part:
    """A part of a reply in words."""
    label, hint = labels.COMPONENTS.get(code, (code, ""))
    return Part(code, str(label), str(hint))


def task_words(task: dict[str, Any]) -> str:
    words = labels.label_of(labels.TASKS, task["kind"])
    days = (task.get("lasts") or 0) // (24 * 3600)
    if days:
        lasting = ngettext("for %(count)d day", "for %(count)d days", days) % {"count": days}
        words = pgettext("task, length", "%(task)s, %(lasting)s") % {
            "task": words,
            "lasting": lasting,
        }
    seconds = task.get("within")
    if not seconds:
        return words
    hours = max(round(seconds / 3600), 1)
    within = ngettext("within %(count)d hour", "within %(count)d hours", hours) % {"count": hours}
    return pgettext("task, deadline", "%(task)s, %(within)s") % {"task": words, "within": within}


def _unmatched(one: dict[str, Any]) -> Unmatched:
    return Unmatched(one["rule_id"], tuple(_failure(failure) for failure in one["failures"]))


def _failure(failure: dict[str, Any]) -> str:
    facts = {
        "field": labels.label_of(labels.INPUTS, failure["field"]),
        "expected": value_words(failure["field"], failure["expected"]),
        "actual": value_words(failure["field"], failure["actual"]),
    }
    if failure["operator"] == "known":
        return (
            _("%(field)s is not known") % facts
            if failure["actual"] is None
            else _("%(field)s is known") % facts
        )
    if failure["actual"] is None:
        return _("%(field)s is not known (needed: %(expected)s)") % facts
    if failure["within"] == "not":
        return _("%(field)s is %(actual)s") % facts
    sentences = {
        "gte": _("%(field)s is %(actual)s, needed at least %(expected)s"),
        "lte": _("%(field)s is %(actual)s, needed at most %(expected)s"),
    }
    plain = _("%(field)s is %(actual)s, needed %(expected)s")
    return sentences.get(failure["operator"], plain) % facts


def value_words(field: str, value: Any) -> str:
    """What a field of the inputs holds, in words."""
    if isinstance(value, list | tuple):
        return ", ".join(value_words(field, one) for one in value)
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = {
        "category": labels.CATEGORIES,
        "severity": labels.SEVERITIES,
        "arousal": labels.AROUSALS,
        "sentiment": labels.SENTIMENTS,
        "policy_ground": labels.GROUNDS,
        "fault_basis": labels.FAULT_BASES,
        "author_type": labels.AUTHOR_TYPES,
        "goal": labels.GOALS,
        "speech_level": labels.SPEECH_LEVELS,
        "thread_state": labels.THREAD_STATES,
        "topic": labels.TOPICS,
        "order_state": labels.ORDER_STATES,
    }.get(field)
    return labels.label_of(words, str(value)) if words else str(value).replace("_", " ")


def _translated(message: str) -> str:
    return _(message) if message else ""
