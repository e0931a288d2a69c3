"""Conditions of rules: do they hold, how specific are they, and why do they not hold.

Logic has three values. A comparison with something unknown is neither true nor false, and only what
is surely true makes a rule hold: `not: {fault_share: {gte: 1}}` does not hold while the fault is
unknown. Whoever wants the unknown asks for it with `known: false`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.terms import Operator

Plain: TypeAlias = str | int | float | bool
Expected: TypeAlias = Plain | tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """One comparison that kept a rule from holding, in codes that the interface translates.

    `actual` is None when the value is unknown. `within` is "not" when the comparison held and
    should not have, "any" when one of several would have been enough, else empty.
    """

    field: str
    operator: Operator
    expected: Expected
    actual: Plain | None
    within: str = ""


@dataclass(frozen=True, slots=True)
class FieldTest:
    """All comparisons that a condition makes with one field; every one of them must hold."""

    field: str
    comparisons: tuple[tuple[Operator, Expected], ...]

    def holds(self, facts: DecisionInput) -> bool | None:
        actual = getattr(facts, self.field)
        outcome: bool | None = True
        for operator, expected in self.comparisons:
            one = compare(actual, operator=operator, expected=expected)
            if one is False:
                return False
            if one is None:
                outcome = None
        return outcome

    def count_keys(self, facts: DecisionInput) -> int:
        return 1

    def failures(self, facts: DecisionInput) -> tuple[Failure, ...]:
        return self._list(facts, is_wanted=True, within="")

    def successes(self, facts: DecisionInput) -> tuple[Failure, ...]:
        return self._list(facts, is_wanted=False, within="not")

    def _list(self, facts: DecisionInput, *, is_wanted: bool, within: str) -> tuple[Failure, ...]:
        actual = getattr(facts, self.field)
        return tuple(
            Failure(self.field, operator, expected, actual, within)
            for operator, expected in self.comparisons
            if compare(actual, operator=operator, expected=expected) is not is_wanted
        )


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every part holds; without parts it always does."""

    parts: tuple[Condition, ...]

    def holds(self, facts: DecisionInput) -> bool | None:
        outcome: bool | None = True
        for part in self.parts:
            one = part.holds(facts)
            if one is False:
                return False
            if one is None:
                outcome = None
        return outcome

    def count_keys(self, facts: DecisionInput) -> int:
        return sum(part.count_keys(facts) for part in self.parts)

    def failures(self, facts: DecisionInput) -> tuple[Failure, ...]:
        return tuple(
            failure
            for part in self.parts
            if part.holds(facts) is not True
            for failure in part.failures(facts)
        )

    def successes(self, facts: DecisionInput) -> tuple[Failure, ...]:
        return tuple(success for part in self.parts for success in part.successes(facts))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when one part holds; it is as specific as the most specific part that does."""

    parts: tuple[Condition, ...]

    def holds(self, facts: DecisionInput) -> bool | None:
        outcome: bool | None = False
        for part in self.parts:
            one = part.holds(facts)
            if one is True:
                return True
            if one is None:
                outcome = None
        return outcome

    def count_keys(self, facts: DecisionInput) -> int:
        return max(part.count_keys(facts) for part in self.parts if part.holds(facts))

    def failures(self, facts: DecisionInput) -> tuple[Failure, ...]:
        return tuple(
            Failure(one.field, one.operator, one.expected, one.actual, one.within or "any")
            for part in self.parts
            for one in part.failures(facts)
        )

    def successes(self, facts: DecisionInput) -> tuple[Failure, ...]:
        return tuple(
            success
            for part in self.parts
            if part.holds(facts) is not False
            for success in part.successes(facts)
        )


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its part surely does not."""

    part: Condition

    def holds(self, facts: DecisionInput) -> bool | None:
        inner = self.part.holds(facts)
        return None if inner is None else not inner

    def count_keys(self, facts: DecisionInput) -> int:
        return 1

    def failures(self, facts: DecisionInput) -> tuple[Failure, ...]:
        return self.part.successes(facts)

    def successes(self, facts: DecisionInput) -> tuple[Failure, ...]:
        return self.part.failures(facts)


Condition: TypeAlias = FieldTest | All | AnyOf | Not


def compare(actual: Plain | None, *, operator: Operator, expected: Expected) -> bool | None:
    """Return whether a comparison holds; None while the actual value is unknown."""
    if operator is Operator.KNOWN:
        return (actual is not None) is expected
    if actual is None:
        return None
    if operator is Operator.EQ:
        return actual == expected
    if operator is Operator.IN:
        return actual in expected  # type: ignore[operator]  # the schema gives `in` a tuple
    if operator is Operator.GTE:
        return actual >= expected  # type: ignore[operator]  # the schema gives numbers only
    return actual <= expected  # type: ignore[operator]
