"""Conditions as bits: every comparison of a playbook is made once per case, whoever asks for it.

A comparison with something unknown sets neither bit: what is neither true nor false makes no rule
hold, neither as such nor turned round (`conditions.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeAlias

from amends.core.playbook.conditions import All, AnyOf, Condition, FieldTest, Not
from amends.core.playbook.inputs import DecisionInput

Bits: TypeAlias = tuple[int, int]  # which comparisons hold, and which surely do not
Holds: TypeAlias = Callable[[Bits], bool]

MOST_VALUES = 10_000  # of one field that are remembered; followers have many


@dataclass(slots=True)
class _Field:
    """The comparisons that are made with one field, and what they came to for each value."""

    get: Callable[[DecisionInput], Any]
    tests: list[tuple[int, FieldTest]] = field(default_factory=list)
    known: dict[Any, Bits] = field(default_factory=dict)


class BitBook:
    """Numbers the comparisons of conditions, and reads what they come to for a case."""

    def __init__(self) -> None:
        self._bits: dict[FieldTest, int] = {}
        self._fields: dict[str, _Field] = {}

    def compile(self, condition: Condition) -> Holds:
        """Return whether `condition` surely holds, as a function of bits."""
        return self._compile(condition, wanted=True)

    def read(self, facts: DecisionInput) -> Bits:
        """Make every comparison with `facts`."""
        holding, failing = 0, 0
        for one in self._fields.values():
            value = one.get(facts)
            found = one.known.get(value)
            if found is None:
                found = self._judge(one, facts, value)
            holding |= found[0]
            failing |= found[1]
        return holding, failing

    def _judge(self, one: _Field, facts: DecisionInput, value: object) -> Bits:
        holding, failing = 0, 0
        for bit, test in one.tests:
            outcome = test.holds(facts)
            if outcome is True:
                holding |= bit
            elif outcome is False:
                failing |= bit
        if len(one.known) >= MOST_VALUES:
            one.known.clear()
        one.known[value] = holding, failing
        return holding, failing

    def _number(self, test: FieldTest) -> int:
        if test not in self._bits:
            bit = self._bits[test] = 1 << len(self._bits)
            home = self._fields.setdefault(test.field, _Field(attrgetter(test.field)))
            home.tests.append((bit, test))
            home.known.clear()
        return self._bits[test]

    def _compile(self, condition: Condition, *, wanted: bool) -> Holds:
        """Return whether the condition surely holds (`wanted`), or surely does not."""
        if type(condition) not in (FieldTest, Not, All, AnyOf):
            raise TypeError(f"{type(condition).__name__} cannot be compiled; use `decide`")
        if isinstance(condition, FieldTest):
            return _ask_bits(self._number(condition), place=0 if wanted else 1)
        if isinstance(condition, Not):
            return self._compile(condition.part, wanted=not wanted)
        needs_all = isinstance(condition, All) is wanted
        tests = [part for part in condition.parts if isinstance(part, FieldTest)]
        others = [part for part in condition.parts if not isinstance(part, FieldTest)]
        asked = [self._compile(part, wanted=wanted) for part in others]
        mask = 0
        for test in tests:
            mask |= self._number(test)
        place = 0 if wanted else 1
        return _need_all(mask, asked, place) if needs_all else _need_one(mask, asked, place)


def _ask_bits(mask: int, *, place: int) -> Holds:
    return lambda bits: bits[place] & mask != 0


def _need_all(mask: int, others: list[Holds], place: int) -> Holds:
    if not others:
        return lambda bits: bits[place] & mask == mask
    return lambda bits: bits[place] & mask == mask and all(one(bits) for one in others)


def _need_one(mask: int, others: list[Holds], place: int) -> Holds:
    if not others:
        return lambda bits: bits[place] & mask != 0
    return lambda bits: bits[place] & mask != 0 or any(one(bits) for one in others)
