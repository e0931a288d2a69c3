"""Compare two engines on the same texts: macro-F1 before and after, and whether it is more than luck."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

Answer = str | bool

LUCK = 0.05
"""Probability below which a difference is believed (sign test over the texts that changed)."""

BETTER, UNCLEAR, WORSE = "better", "unclear", "worse"


@dataclass(frozen=True, slots=True)
class Figure:
    """One field, in one language or in all (`language` empty), over `count` texts.

    `mended` were wrong before and are right after, `spoiled` the reverse.
    """

    field: str
    language: str
    count: int
    before: float
    after: float
    mended: int
    spoiled: int
    verdict: str

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def compare_answers(
    field: str,
    *,
    wanted: Sequence[Answer],
    before: Sequence[Answer],
    after: Sequence[Answer],
    language: str = "",
) -> Figure:
    """Return the figure of a field; the three sequences speak of the same texts."""
    triples = list(zip(wanted, before, after, strict=True))
    mended = sum(right != old and right == new for right, old, new in triples)
    spoiled = sum(right == old and right != new for right, old, new in triples)
    old_f1, new_f1 = macro_f1(wanted, before), macro_f1(wanted, after)
    verdict = UNCLEAR
    if new_f1 > old_f1 and chance_of_luck(mended, spoiled) <= LUCK:
        verdict = BETTER
    if new_f1 < old_f1 and chance_of_luck(spoiled, mended) <= LUCK:
        verdict = WORSE
    return Figure(
        field, language, len(triples), round(old_f1, 4), round(new_f1, 4), mended, spoiled, verdict
    )


def macro_f1(wanted: Sequence[Answer], given: Sequence[Answer]) -> float:
    """Return the mean F1 over the labels that people gave; 0 without texts."""
    labels = sorted(set(wanted), key=str)
    if not labels:
        return 0.0
    pairs = list(zip(wanted, given, strict=True))
    total = 0.0
    for label in labels:
        hits = sum(right == label and said == label for right, said in pairs)
        asked = sum(right == label for right, _ in pairs)
        told = sum(said == label for _, said in pairs)
        total += 2 * hits / (asked + told) if asked + told else 0.0
    return total / len(labels)


def chance_of_luck(good: int, bad: int) -> float:
    """Return how likely at least `good` of all changes are good ones if each were a coin's throw."""
    total = good + bad
    if not total:
        return 1.0
    ways = sum(math.comb(total, count) for count in range(good, total + 1))
    return float(ways / 2**total)
