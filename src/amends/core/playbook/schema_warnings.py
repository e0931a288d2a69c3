"""Warnings: a playbook that can be used as it is, but hardly says what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from amends.core.playbook.implication import can_hold, implies
from amends.core.playbook.rules import Playbook, PriorityRule, Rule
from amends.core.text import gettext_noop
from amends.core.vocabulary import ApprovalLevel
from amends.core.yaml_reader import YamlReader


def warn_of(reader: YamlReader, *, playbook: Playbook, lines: Mapping[str, int]) -> None:
    """Note rules that are never followed or never hold, and levels that nobody explains."""
    _warn_of_hidden(reader, playbook, lines)
    asked: list[Rule | PriorityRule] = [*playbook.priorities, *playbook.gates, *playbook.matrix]
    for rule in asked:
        if not can_hold(rule.when):
            template = gettext_noop("can never hold: its conditions exclude each other")
            reader.warn(lines[rule.id], path=rule.id, template=template)
    _warn_of_levels(reader, playbook, lines)


def _warn_of_hidden(reader: YamlReader, playbook: Playbook, lines: Mapping[str, int]) -> None:
    """A rule is hidden where one above holds whenever it does; a joined rule hides nothing."""
    closing = [gate for gate in playbook.gates if not gate.adds]
    for position, gate in enumerate(closing):
        _warn_if_hidden(reader, gate, above=closing[:position], lines=lines)
    for row in playbook.matrix:
        _warn_if_hidden(reader, row, above=closing, lines=lines)
    for position, urgency in enumerate(playbook.priorities):
        _warn_if_hidden(reader, urgency, above=playbook.priorities[:position], lines=lines)


def _warn_if_hidden(
    reader: YamlReader,
    rule: Rule | PriorityRule,
    *,
    above: Sequence[Rule | PriorityRule],
    lines: Mapping[str, int],
) -> None:
    hiding = next((one for one in above if implies(rule.when, one.when)), None)
    if hiding is None or not can_hold(rule.when):
        return
    template = gettext_noop(
        "is never followed: whenever it holds, %(above)s above holds too; move it up, or make one "
        "of the two narrower"
    )
    reader.warn(lines[rule.id], path=rule.id, template=template, above=hiding.id)


def _warn_of_levels(reader: YamlReader, playbook: Playbook, lines: Mapping[str, int]) -> None:
    if not playbook.approvals:
        return  # the desk's own hold (standing.py)
    for rule_id, level in _levels(playbook):
        if level not in playbook.approvals:
            template = gettext_noop(
                "asks for %(level)s, which `approvals` does not explain; say there who may agree"
            )
            reader.warn(lines[rule_id], path=rule_id, template=template, level=level.value)


def _levels(playbook: Playbook) -> Iterator[tuple[str, ApprovalLevel]]:
    for urgency in playbook.priorities:
        yield urgency.id, urgency.approval
    for rule in (*playbook.gates, *playbook.matrix, playbook.default):
        yield rule.id, rule.approval
