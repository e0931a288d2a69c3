"""What the playbook recommends for one comment, and everything needed to say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from amends.core.playbook.conditions import Failure
from amends.core.playbook.rules import PlaybookName, TaskRequest
from amends.core.playbook.terms import Ban, Component, Operator, RuleKind, TaskKind
from amends.core.vocabulary import ApprovalLevel, Priority


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule whose condition holds; `keys` counts the fields that made it hold.

    `is_followed` is true for the one that the decision (or its priority) comes from, `is_added` for
    one whose demands were joined to it.
    """

    rule_id: str
    kind: RuleKind
    keys: int
    is_followed: bool
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class UnmatchedRule:
    """A rule whose condition does not hold, with every comparison that kept it from holding."""

    rule_id: str
    kind: RuleKind
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class AddedRule:
    """A rule that was joined to the one followed, with its words (message ids)."""

    rule_id: str
    title: str
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A recommendation; it does nothing by itself, and a person may override it with a reason.

    `title` and `say` are message ids. `strategy`, `forbid`, `tasks`, `because`, `approval` and
    `watch` hold what the rule followed and those `added` ask for together. `error` is empty unless
    the kind is ERROR; then it says for the operator what went wrong, and the recommendation is that
    a person decides.
    """

    rule_id: str
    kind: RuleKind
    title: str
    say: str
    strategy: tuple[Component, ...]
    forbid: tuple[Ban, ...]
    approval: ApprovalLevel
    priority: Priority
    tasks: tuple[TaskRequest, ...]
    watch: timedelta | None
    because: tuple[str, ...]
    matched: tuple[MatchedRule, ...]
    unmatched: tuple[UnmatchedRule, ...]
    playbook: PlaybookName
    error: str = ""
    added: tuple[AddedRule, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; times are whole seconds. `from_json` gives the same back."""
        return {
            "rule_id": self.rule_id,
            "kind": self.kind.value,
            "title": self.title,
            "say": self.say,
            "strategy": [part.value for part in self.strategy],
            "forbid": [ban.value for ban in self.forbid],
            "approval": self.approval.value,
            "priority": self.priority.value,
            "tasks": [_write_task(task) for task in self.tasks],
            "watch": _write_seconds(self.watch),
            "because": list(self.because),
            "matched": [_write_matched(rule) for rule in self.matched],
            "unmatched": [_write_unmatched(rule) for rule in self.unmatched],
            "playbook": {
                "name": self.playbook.name,
                "version": self.playbook.version,
                "digest": self.playbook.digest,
            },
            "error": self.error,
            "added": [
                {"rule_id": one.rule_id, "title": one.title, "say": one.say} for one in self.added
            ],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; KeyError or ValueError says what is missing or unknown.

        What older versions did not write yet (`added`, `is_added`, `lasts`) may be absent.
        """
        return cls(
            rule_id=values["rule_id"],
            kind=RuleKind(values["kind"]),
            title=values["title"],
            say=values["say"],
            strategy=tuple(Component(part) for part in values["strategy"]),
            forbid=tuple(Ban(ban) for ban in values["forbid"]),
            approval=ApprovalLevel(values["approval"]),
            priority=Priority(values["priority"]),
            tasks=tuple(_read_task(task) for task in values["tasks"]),
            watch=_read_seconds(values["watch"]),
            because=tuple(values["because"]),
            matched=tuple(_read_matched(one) for one in values["matched"]),
            unmatched=tuple(_read_unmatched(one) for one in values["unmatched"]),
            playbook=PlaybookName(**values["playbook"]),
            error=values["error"],
            added=tuple(AddedRule(**one) for one in values.get("added", ())),
        )


def _write_seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


def _read_seconds(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _write_task(task: TaskRequest) -> dict[str, Any]:
    return {
        "kind": task.kind.value,
        "within": _write_seconds(task.within),
        "lasts": _write_seconds(task.lasts),
    }


def _read_task(values: Mapping[str, Any]) -> TaskRequest:
    return TaskRequest(
        TaskKind(values["kind"]),
        _read_seconds(values["within"]),
        _read_seconds(values.get("lasts")),
    )


def _write_matched(rule: MatchedRule) -> dict[str, Any]:
    return {
        "rule_id": rule.rule_id,
        "kind": rule.kind.value,
        "keys": rule.keys,
        "is_followed": rule.is_followed,
        "is_added": rule.is_added,
    }


def _read_matched(values: Mapping[str, Any]) -> MatchedRule:
    return MatchedRule(
        values["rule_id"],
        RuleKind(values["kind"]),
        values["keys"],
        values["is_followed"],
        values.get("is_added", False),
    )


def _write_unmatched(rule: UnmatchedRule) -> dict[str, Any]:
    return {
        "rule_id": rule.rule_id,
        "kind": rule.kind.value,
        "failures": [_write_failure(failure) for failure in rule.failures],
    }


def _write_failure(failure: Failure) -> dict[str, Any]:
    expected = failure.expected
    return {
        "field": failure.field,
        "operator": failure.operator.value,
        "expected": list(expected) if isinstance(expected, tuple) else expected,
        "actual": str(failure.actual) if isinstance(failure.actual, str) else failure.actual,
        "within": failure.within,
    }


def _read_unmatched(values: Mapping[str, Any]) -> UnmatchedRule:
    failures = tuple(
        Failure(
            field=one["field"],
            operator=Operator(one["operator"]),
            expected=tuple(one["expected"])
            if isinstance(one["expected"], list)
            else one["expected"],
            actual=one["actual"],
            within=one["within"],
        )
        for one in values["failures"]
    )
    return UnmatchedRule(values["rule_id"], RuleKind(values["kind"]), failures)
