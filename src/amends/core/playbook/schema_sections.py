"""Reading the parts beside the rules: pauses, approvals, components, and the apology by fault share."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from amends.core.playbook.rules import (
    AUTHORITY,
    ApologyRule,
    ApprovalRule,
    ComponentWords,
    PauseRule,
)
from amends.core.playbook.schema_rules import RuleReader
from amends.core.playbook.terms import (
    Approver,
    Ban,
    ClockKind,
    Component,
    FaultBand,
    LateApproval,
    PauseEnd,
    PauseKind,
    Redress,
)
from amends.core.text import gettext_noop
from amends.core.vocabulary import ApprovalLevel
from amends.core.yaml_reader import YamlReader
from amends.core.yaml_tree import Node

Code = TypeVar("Code", bound=StrEnum)

_APPROVAL_KEYS = ("title", "say", "who", "because")
_APPROVAL_OPTIONS = ("together_with", "timeout", "then", "deputies", "escalates_to", "redress")
_PAUSE_KEYS = ("stops", "pauses", "at_most", "then", "because")
_APOLOGY_KEYS = ("needs", "never", "because")


class SectionReader:
    """Reads the sections that a playbook may leave out."""

    def __init__(self, rules: RuleReader) -> None:
        self.rules = rules
        self.reader: YamlReader = rules.reader

    def read_pauses(self, node: Node) -> dict[PauseKind, PauseRule]:
        found = self._open(node, path="pauses", codes=PauseKind)
        rules = {kind: self._read_pause(part, path=f"pauses.{kind}") for kind, part in found}
        return {kind: rule for kind, rule in rules.items() if rule is not None}

    def read_approvals(self, node: Node) -> dict[ApprovalLevel, ApprovalRule]:
        found = self._open(node, path="approvals", codes=ApprovalLevel)
        rules = {
            level: self._read_approval(level, part, path=f"approvals.{level}")
            for level, part in found
        }
        return {level: rule for level, rule in rules.items() if rule is not None}

    def read_components(self, node: Node) -> dict[Component, ComponentWords]:
        words: dict[Component, ComponentWords] = {}
        for part, inner in self._open(node, path="components", codes=Component):
            path = f"components.{part}"
            found = self.reader.mapping(inner, path=path, required=("title", "say"))
            if len(found) == 2:
                title = self.reader.text(found["title"], path=f"{path}.title", longest=120)
                say = self.reader.text(found["say"], path=f"{path}.say", longest=400)
                words[part] = ComponentWords(title, say)
        return words

    def read_apology(self, node: Node) -> dict[FaultBand, ApologyRule]:
        """Return what is said at each share of the fault; every band must be there."""
        found = self._open(node, path="apology", codes=FaultBand, is_complete=True)
        rules = {band: self._read_band(part, path=f"apology.{band}") for band, part in found}
        return {band: rule for band, rule in rules.items() if rule is not None}

    def _open(
        self, node: Node, *, path: str, codes: type[Code], is_complete: bool = False
    ) -> list[tuple[Code, Node]]:
        """Return the parts by their code; with `is_complete` every code must be there."""
        names = [one.value for one in codes]
        required, optional = (names, []) if is_complete else ([], names)
        found = self.reader.mapping(node, path=path, required=required, optional=optional)
        return [(codes(key), part) for key, part in found.items()]

    def _read_pause(self, node: Node, *, path: str) -> PauseRule | None:
        found = self.reader.mapping(node, path=path, required=_PAUSE_KEYS, optional=("watch",))
        if not set(_PAUSE_KEYS) <= set(found):
            return None
        reader = self.reader
        watch = found.get("watch")
        return PauseRule(
            stops=reader.codes(found["stops"], path=f"{path}.stops", codes=ClockKind),
            pauses=reader.codes(found["pauses"], path=f"{path}.pauses", codes=ClockKind),
            at_most=reader.span(found["at_most"], path=f"{path}.at_most"),
            then=reader.code(found["then"], path=f"{path}.then", codes=PauseEnd),
            watch=reader.span(watch, path=f"{path}.watch") if watch else None,
            because=self.rules.read_sources(found["because"], path=f"{path}.because"),
        )

    def _read_approval(self, level: ApprovalLevel, node: Node, *, path: str) -> ApprovalRule | None:
        reader = self.reader
        found = reader.mapping(node, path=path, required=_APPROVAL_KEYS, optional=_APPROVAL_OPTIONS)
        if not set(_APPROVAL_KEYS) <= set(found):
            return None
        timeout = found.get("timeout")
        rule = ApprovalRule(
            level=level,
            title=reader.text(found["title"], path=f"{path}.title", longest=120),
            say=reader.text(found["say"], path=f"{path}.say", longest=400),
            who=self._list(found, key="who", path=path, codes=Approver),
            because=self.rules.read_sources(found["because"], path=f"{path}.because"),
            together_with=self._list(found, key="together_with", path=path, codes=Approver),
            timeout=reader.span(timeout, path=f"{path}.timeout") if timeout else None,
            then=self._maybe(found, key="then", path=path, codes=LateApproval),
            deputies=self._list(found, key="deputies", path=path, codes=Approver),
            escalates_to=self._maybe(found, key="escalates_to", path=path, codes=ApprovalLevel),
            redress=self._maybe(found, key="redress", path=path, codes=Redress) or Redress.NONE,
        )
        self._check_approval(rule, node, path=path)
        return rule

    def _check_approval(self, rule: ApprovalRule, node: Node, *, path: str) -> None:
        if not rule.who:
            template = gettext_noop("names nobody who may agree; write for example `[duty_lead]`")
            self.reader.report(node.line, path=f"{path}.who", template=template)
        if (rule.timeout is None) is not (rule.then is None):
            template = gettext_noop(
                "timeout and then belong together: how long to wait, and what happens after it"
            )
            self.reader.report(node.line, path=path, template=template)
        if rule.then is not None and not rule.deputies:
            template = gettext_noop("names no deputies, so a late approval would reach nobody")
            self.reader.report(node.line, path=path, template=template)
        goes_up = rule.escalates_to
        if goes_up is not None and AUTHORITY[goes_up] <= AUTHORITY[rule.level]:
            template = gettext_noop(
                "goes up to %(to)s, which is not above %(level)s, so it would go round in circles "
                "and nobody would decide; name a higher level"
            )
            self.reader.warn(
                node.line, path=path, template=template, to=goes_up.value, level=rule.level.value
            )

    def _read_band(self, node: Node, *, path: str) -> ApologyRule | None:
        optional = ("welcome", "forbid")
        found = self.reader.mapping(node, path=path, required=_APOLOGY_KEYS, optional=optional)
        if not set(_APOLOGY_KEYS) <= set(found):
            return None
        needs, welcome, never = (
            self._list(found, key=key, path=path, codes=Component)
            for key in ("needs", "welcome", "never")
        )
        for part in never:
            if part in (*needs, *welcome):
                template = gettext_noop("%(part)s is asked for and never allowed; decide for one")
                self.reader.report(node.line, path=path, template=template, part=part.value)
        return ApologyRule(
            needs=needs,
            welcome=welcome,
            never=never,
            forbid=self._list(found, key="forbid", path=path, codes=Ban),
            because=self.rules.read_sources(found["because"], path=f"{path}.because"),
        )

    def _list(
        self, found: Mapping[str, Node], *, key: str, path: str, codes: type[Code]
    ) -> tuple[Code, ...]:
        if key not in found:
            return ()
        return self.reader.codes(found[key], path=f"{path}.{key}", codes=codes)

    def _maybe(
        self, found: Mapping[str, Node], *, key: str, path: str, codes: type[Code]
    ) -> Code | None:
        if key not in found:
            return None
        return self.reader.code(found[key], path=f"{path}.{key}", codes=codes)
