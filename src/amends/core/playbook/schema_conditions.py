"""Reading the `when` of a rule."""

from __future__ import annotations

from collections.abc import Mapping

from amends.core.playbook.conditions import (
    All,
    AnyOf,
    Condition,
    Expected,
    FieldTest,
    Not,
    Plain,
)
from amends.core.playbook.inputs import FIELDS, FieldSpec
from amends.core.playbook.terms import Operator, Ties, Virality
from amends.core.text import gettext_noop
from amends.core.yaml_reader import YamlReader
from amends.core.yaml_tree import MapNode, Node, Scalar

GROUPS = ("all", "any", "not")
_NUMBER_ONLY = (Operator.GTE, Operator.LTE)
_MOST_REACH: Mapping[str, Plain] = {  # the value of a code or flag that more reach leads to
    "virality": Virality.HIGH,
    "author_ties": Ties.STRONG,
    "style_match": True,
}


def read_condition(reader: YamlReader, node: Node, *, path: str) -> Condition:
    """Return the condition written in `node`: fields that must all hold, with all, any and not."""
    parts: list[Condition] = []
    for key, (line, value) in reader.open_mapping(node, path=path).items():
        where = f"{path}.{key}"
        if key in GROUPS:
            parts.append(_read_group(reader, key, value, path=where))
        elif key in FIELDS:
            parts.append(_read_field(reader, key, value, path=where))
        else:
            template = gettext_noop("%(key)s is not a field; it may be %(allowed)s")
            allowed = ", ".join([*FIELDS, *GROUPS])
            reader.report(line, path=path, template=template, key=key, allowed=allowed)
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _read_group(reader: YamlReader, group: str, node: Node, *, path: str) -> Condition:
    if group == "not":
        if isinstance(node, MapNode) and not node.entries:
            template = gettext_noop("is empty; name what must not hold, or leave it out")
            reader.report(node.line, path=path, template=template)
        return Not(read_condition(reader, node, path=path))
    parts: list[Condition] = []
    for position, item in enumerate(reader.items(node, path=path)):
        if isinstance(item, MapNode) and not item.entries:
            template = gettext_noop("is empty; name a condition, or leave it out")
            reader.report(item.line, path=f"{path}[{position}]", template=template)
        parts.append(read_condition(reader, item, path=f"{path}[{position}]"))
    if not parts:
        template = gettext_noop("needs at least one condition in its list")
        reader.report(node.line, path=path, template=template)
    return All(tuple(parts)) if group == "all" else AnyOf(tuple(parts))


def _read_field(reader: YamlReader, name: str, node: Node, *, path: str) -> FieldTest:
    spec = FIELDS[name]
    if not isinstance(node, MapNode):
        value = _read_expected(reader, node, path=path, spec=spec)
        return FieldTest(name, ((Operator.EQ, value),))
    comparisons: list[tuple[Operator, Expected]] = []
    for key, (line, value_node) in node.entries.items():
        if key not in set(Operator):
            template = gettext_noop("%(key)s is not a comparison; it may be %(allowed)s")
            allowed = ", ".join(Operator)
            reader.report(line, path=path, template=template, key=key, allowed=allowed)
            continue
        operator = Operator(key)
        expected = _read_operand(reader, operator, value_node, path=f"{path}.{key}", spec=spec)
        comparisons.append((operator, expected))
    if not node.entries:
        template = gettext_noop("names no comparison; it may be %(allowed)s")
        reader.report(node.line, path=path, template=template, allowed=", ".join(Operator))
    return FieldTest(name, tuple(comparisons))


def _read_operand(
    reader: YamlReader, operator: Operator, node: Node, *, path: str, spec: FieldSpec
) -> Expected:
    if operator is Operator.KNOWN:
        return reader.flag(node, path=path)
    if operator is Operator.IN:
        items = reader.items(node, path=path)
        if not items:
            reader.report(node.line, path=path, template=gettext_noop("needs at least one value"))
        return tuple(_read_expected(reader, item, path=path, spec=spec) for item in items)
    if operator in _NUMBER_ONLY and not spec.is_number:
        template = gettext_noop("compares numbers only; use eq or in for this field")
        reader.report(node.line, path=path, template=template)
        return False
    return _read_expected(reader, node, path=path, spec=spec)


def _read_expected(reader: YamlReader, node: Node, *, path: str, spec: FieldSpec) -> Plain:
    if isinstance(node, Scalar) and node.value is None:
        template = gettext_noop("null is no value; write `known: false` for what is unknown")
        reader.report(node.line, path=path, template=template)
        return False
    if spec.codes is not None:
        return reader.code(node, path=path, codes=spec.codes).value
    if spec.is_flag:
        return reader.flag(node, path=path)
    return reader.number(node, path=path, highest=spec.highest)


def mentions_reach(condition: Condition) -> bool:
    """Whether the condition looks at followers, shares or virality at all."""
    if isinstance(condition, FieldTest):
        return FIELDS[condition.field].is_reach
    if isinstance(condition, Not):
        return mentions_reach(condition.part)
    return any(mentions_reach(part) for part in condition.parts)


def rises_with_reach(condition: Condition) -> bool:
    """Whether more reach can only make the condition hold, never stop it from holding."""
    if isinstance(condition, FieldTest):
        return not FIELDS[condition.field].is_reach or all(
            operator is Operator.GTE
            or (operator is Operator.EQ and expected == _MOST_REACH.get(condition.field))
            for operator, expected in condition.comparisons
        )
    if isinstance(condition, Not):
        return not mentions_reach(condition.part)
    return all(rises_with_reach(part) for part in condition.parts)
