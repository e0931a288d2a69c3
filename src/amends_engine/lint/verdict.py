"""From findings to a verdict and a score (shared conventions of the rubric)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from amends_engine.lint.finding import Level

Verdict = Literal["clean", "warn", "block"]

COSTS: dict[Level, int] = {"block": 25, "warn": 8, "hint": 2}


def reach_verdict(levels: Iterable[Level]) -> tuple[Verdict, int]:
    """Return the verdict (the highest level; hints leave a reply clean) and the score, 0 to 100."""
    found = list(levels)
    score = max(0, 100 - sum(COSTS[level] for level in found))
    if "block" in found:
        return "block", score
    return ("warn" if "warn" in found else "clean"), score
