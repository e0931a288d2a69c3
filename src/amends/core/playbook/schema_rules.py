"""Reading gates, rows and priority rules one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from amends.core.playbook.conditions import All
from amends.core.playbook.rules import PriorityRule, Rule, TaskRequest
from amends.core.playbook.schema_conditions import read_condition
from amends.core.playbook.terms import Ban, Component, RuleKind, TaskKind
from amends.core.text import gettext_noop
from amends.core.vocabulary import ApprovalLevel, Priority
from amends.core.yaml_reader import YamlReader
from amends.core.yaml_tree import MapNode, Node, Scalar

RESERVED_ID = "error"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,15}\Z")
_KEYS = ("id", "title", "say", "strategy", "approval", "because")
_OPTIONS = ("forbid", "tasks", "watch")
_WHEN_OPTIONS = ("priority", "weight", "adds")
HIGHEST_WEIGHT = 9
_PRIORITY_KEYS = ("id", "when", "priority", "because")


class RuleReader:
    """Reads rules with one YamlReader and remembers in which line each rule id stands."""

    def __init__(self, reader: YamlReader) -> None:
        self.reader = reader
        self.lines: dict[str, int] = {}

    def read_rules(self, node: Node, *, kind: RuleKind, path: str) -> tuple[Rule, ...]:
        """Return the gates or rows of a list."""
        rules = (
            self._read_rule(item, kind=kind, path=f"{path}[{position}]")
            for position, item in enumerate(self.reader.items(node, path=path))
        )
        return tuple(rule for rule in rules if rule is not None)

    def read_default(self, node: Node) -> Rule | None:
        return self._read_rule(node, kind=RuleKind.DEFAULT, path="default")

    def read_priorities(self, node: Node) -> tuple[PriorityRule, ...]:
        rules = (
            self._read_priority(item, path=f"priorities[{position}]")
            for position, item in enumerate(self.reader.items(node, path="priorities"))
        )
        return tuple(rule for rule in rules if rule is not None)

    def _read_priority(self, node: Node, *, path: str) -> PriorityRule | None:
        found = self.reader.mapping(
            node, path=path, required=_PRIORITY_KEYS, optional=("approval",)
        )
        if not set(_PRIORITY_KEYS) <= set(found):
            return None
        return PriorityRule(
            id=self._read_id(found["id"], path=f"{path}.id"),
            when=read_condition(self.reader, found["when"], path=f"{path}.when"),
            priority=self.reader.code(found["priority"], path=f"{path}.priority", codes=Priority),
            because=self.read_sources(found["because"], path=f"{path}.because"),
            approval=self._read_approval(found.get("approval"), path=f"{path}.approval"),
        )

    def _read_rule(self, node: Node, *, kind: RuleKind, path: str) -> Rule | None:
        is_default = kind is RuleKind.DEFAULT
        required = _KEYS if is_default else (*_KEYS, "when")
        optional = _OPTIONS if is_default else (*_OPTIONS, *_WHEN_OPTIONS)
        found = self.reader.mapping(node, path=path, required=required, optional=optional)
        if not set(required) <= set(found):
            return None
        reader = self.reader
        when = All(()) if is_default else read_condition(reader, found["when"], path=f"{path}.when")
        return Rule(
            id=self._read_id(found["id"], path=f"{path}.id"),
            kind=kind,
            when=when,
            title=reader.text(found["title"], path=f"{path}.title", longest=120),
            say=reader.text(found["say"], path=f"{path}.say", longest=400),
            strategy=reader.codes(found["strategy"], path=f"{path}.strategy", codes=Component),
            forbid=self._read_bans(found, path=f"{path}.forbid"),
            approval=self._read_approval(found["approval"], path=f"{path}.approval"),
            tasks=self._read_tasks(found, path=f"{path}.tasks"),
            because=self.read_sources(found["because"], path=f"{path}.because"),
            priority=self._read_wish(found, path=f"{path}.priority"),
            watch=self._read_time(found.get("watch"), path=f"{path}.watch"),
            weight=self._read_weight(found, kind=kind, path=f"{path}.weight"),
            adds=reader.flag(found["adds"], path=f"{path}.adds") if "adds" in found else False,
        )

    def _read_id(self, node: Node, *, path: str) -> str:
        value = node.value if isinstance(node, Scalar) else None
        if not isinstance(value, str) or not _ID.match(value) or value == RESERVED_ID:
            template = gettext_noop(
                "needs a short name like D4: a letter, then up to 15 letters, digits, - . or _"
            )
            self.reader.report(node.line, path=path, template=template)
            return ""
        if value in self.lines:
            template = gettext_noop("%(id)s is the name of another rule (line %(first)s)")
            first = str(self.lines[value])
            self.reader.report(node.line, path=path, template=template, id=value, first=first)
        self.lines.setdefault(value, node.line)
        return value

    def read_sources(self, node: Node, *, path: str) -> tuple[str, ...]:
        """Return the sources of a rule; one without any is a problem."""
        items = self.reader.items(node, path=path)
        if isinstance(node, MapNode | Scalar) or items:
            return tuple(self.reader.text(item, path=path, longest=64) for item in items)
        template = gettext_noop("names no source; say who or what asks for this rule")
        self.reader.report(node.line, path=path, template=template)
        return ()

    def _read_approval(self, node: Node | None, *, path: str) -> ApprovalLevel:
        if node is None:
            return ApprovalLevel.A0
        return self.reader.code(node, path=path, codes=ApprovalLevel)

    def _read_weight(self, found: Mapping[str, Node], *, kind: RuleKind, path: str) -> int:
        if "weight" not in found:
            return 0
        if kind is RuleKind.GATE:
            template = gettext_noop("gates are asked in order and have no weight; move it up")
            self.reader.report(found["weight"].line, path=path, template=template)
        return self.reader.number(found["weight"], path=path, highest=HIGHEST_WEIGHT)

    def _read_wish(self, found: Mapping[str, Node], *, path: str) -> Priority | None:
        if "priority" not in found:
            return None
        return self.reader.code(found["priority"], path=path, codes=Priority)

    def _read_bans(self, found: Mapping[str, Node], *, path: str) -> tuple[Ban, ...]:
        if "forbid" not in found:
            return ()
        return self.reader.codes(found["forbid"], path=path, codes=Ban)

    def _read_tasks(self, found: Mapping[str, Node], *, path: str) -> tuple[TaskRequest, ...]:
        if "tasks" not in found:
            return ()
        items = enumerate(self.reader.items(found["tasks"], path=path))
        return tuple(self._read_task(item, path=f"{path}[{position}]") for position, item in items)

    def _read_task(self, node: Node, *, path: str) -> TaskRequest:
        task = self._read_request(node, path=path)
        if task.kind is TaskKind.TEMPORARY_BAN and task.lasts is None:
            template = gettext_noop(
                "a temporary ban needs an end; write `{kind: temporary_ban, lasts: 7d}`"
            )
            self.reader.report(node.line, path=path, template=template)
        return task

    def _read_request(self, node: Node, *, path: str) -> TaskRequest:
        if not isinstance(node, MapNode):
            return TaskRequest(self.reader.code(node, path=path, codes=TaskKind))
        optional = ("within", "lasts")
        found = self.reader.mapping(node, path=path, required=("kind",), optional=optional)
        kind = next(iter(TaskKind))
        if "kind" in found:
            kind = self.reader.code(found["kind"], path=f"{path}.kind", codes=TaskKind)
        within, lasts = (self._read_time(found.get(key), path=f"{path}.{key}") for key in optional)
        return TaskRequest(kind, within, lasts)

    def _read_time(self, node: Node | None, *, path: str) -> timedelta | None:
        return None if node is None else self.reader.span(node, path=path)
