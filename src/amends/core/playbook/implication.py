"""Whether one condition follows from another, and whether it can hold at all; for warnings only.

Both answers are careful: "no" also where it cannot be told, so that no warning is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from amends.core.playbook.conditions import (
    All,
    AnyOf,
    Condition,
    Expected,
    FieldTest,
    Not,
    Plain,
    compare,
)
from amends.core.playbook.terms import Operator


def implies(stronger: Condition, weaker: Condition) -> bool:
    """Whether `weaker` surely holds wherever `stronger` does."""
    if stronger == weaker:
        return True
    if isinstance(stronger, AnyOf):
        return all(implies(part, weaker) for part in stronger.parts)
    if isinstance(weaker, All):
        return all(implies(stronger, part) for part in weaker.parts)
    if isinstance(weaker, AnyOf) and any(implies(stronger, part) for part in weaker.parts):
        return True
    if isinstance(stronger, All):
        return any(implies(part, weaker) for part in stronger.parts)
    if isinstance(stronger, FieldTest) and isinstance(weaker, FieldTest):
        return _implies_test(stronger, weaker)
    return False


def can_hold(condition: Condition) -> bool:
    """Whether nothing in `condition` surely excludes another part of it."""
    if isinstance(condition, AnyOf):
        return any(can_hold(part) for part in condition.parts)
    if isinstance(condition, Not):
        return True
    if isinstance(condition, FieldTest):
        return not _exclude_each_other(condition, condition)
    if not all(can_hold(part) for part in condition.parts):
        return False
    tests = list(_tests_of(condition))
    return not any(_exclude_each_other(one, other) for one, other in combinations(tests, 2))


def _tests_of(condition: All) -> Iterator[FieldTest]:
    for part in condition.parts:
        if isinstance(part, FieldTest):
            yield part
        elif isinstance(part, All):
            yield from _tests_of(part)


def _implies_test(stronger: FieldTest, weaker: FieldTest) -> bool:
    if stronger.field != weaker.field:
        return False
    values = _values(stronger)
    if values is not None:
        return bool(values) and all(_fits(value, weaker) for value in values)
    low, high = _range(stronger)
    for operator, expected in weaker.comparisons:
        if operator is Operator.KNOWN:
            is_known = any(one is not Operator.KNOWN for one, _ in stronger.comparisons)
            if not (expected is True and is_known) and (
                (operator, expected) not in stronger.comparisons
            ):
                return False
        elif operator is Operator.GTE:
            if low is None or low < _number(expected):
                return False
        elif operator is Operator.LTE:
            if high is None or high > _number(expected):
                return False
        else:
            return False
    return True


def _exclude_each_other(one: FieldTest, other: FieldTest) -> bool:
    if one.field != other.field:
        return False
    both = FieldTest(one.field, (*one.comparisons, *other.comparisons))
    values = _values(both)
    if values is not None:
        return not values
    comparisons = set(both.comparisons)
    if (Operator.KNOWN, False) in comparisons and len(comparisons) > 1:
        return True
    low, high = _range(both)
    return low is not None and high is not None and low > high


def _values(test: FieldTest) -> list[Plain] | None:
    """Return the values that a test allows; None where it names none one by one."""
    named: list[Plain] | None = None
    for operator, expected in test.comparisons:
        if operator is Operator.EQ:
            named = [expected]  # type: ignore[list-item]  # only `in` has a tuple
        elif operator is Operator.IN:
            named = list(expected)  # type: ignore[arg-type]
    if named is None:
        return None
    return [value for value in named if _fits(value, test)]


def _fits(value: Plain, test: FieldTest) -> bool:
    return all(
        compare(value, operator=operator, expected=expected) is True
        for operator, expected in test.comparisons
    )


def _range(test: FieldTest) -> tuple[float | None, float | None]:
    lows = [_number(expected) for operator, expected in test.comparisons if operator == "gte"]
    highs = [_number(expected) for operator, expected in test.comparisons if operator == "lte"]
    return max(lows, default=None), min(highs, default=None)


def _number(expected: Expected) -> float:
    """The schema lets `gte` and `lte` compare numbers only."""
    return float(expected) if isinstance(expected, int | float) else 0.0
