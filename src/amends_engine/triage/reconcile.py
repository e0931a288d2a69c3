"""Choose, of all combinations of labels that the annotation guide allows, the most probable one.

Fields are scored apart and would contradict each other now and then: praise that is a complaint,
a threat of low severity. Here they are read together. Sentiment stands apart: how somebody feels
neither makes nor takes a ground, a category or a severity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt

from amends_engine.triage.layout import CHOICES, column_of

Floats = npt.NDArray[np.float32]

GROUNDS_OF: Mapping[str, tuple[str, ...]] = {
    "business_error": ("none", "profanity_targeted"),
    "misunderstanding": ("none",),
    "general_negativity": ("none", "profanity_targeted"),
    "employee": ("none", "profanity_targeted"),
    "question": ("none",),
    "vague": ("none", "profanity_targeted"),
    "praise": ("none",),
    "spam": ("spam", "scam", "illegal"),
    "troll": ("none", "profanity_targeted"),
    "abuse": ("hate", "threat", "doxxing", "sexual"),
    "other": ("none", "off_topic", "profanity_targeted"),
}
"""The grounds that a category can go with: abuse and spam are conduct, all else is speech."""

COMPLAINTS_OF: Mapping[str, tuple[bool, ...]] = {
    "business_error": (True,),
    "misunderstanding": (True,),
    "vague": (True,),
    "general_negativity": (False, True),
    "employee": (False, True),
    "abuse": (False, True),
}
"""Whether a category is a complaint; those not named never are."""

SEVERITIES_OF: Mapping[str, tuple[str, ...]] = {
    "threat": ("critical",),
    "doxxing": ("critical",),
    "hate": ("high", "critical"),
    "sexual": ("high", "critical"),
    "illegal": ("high", "critical"),
    "scam": ("medium", "high", "critical"),
    "profanity_targeted": ("medium", "high", "critical"),
}
"""How grave conduct is at least; other grounds say nothing of it."""

LEVELS = CHOICES["severity"]


@dataclass(frozen=True, slots=True)
class Combination:
    """Labels that go together."""

    category: str
    policy_ground: str
    severity: str
    complaint: bool


@dataclass(frozen=True, slots=True)
class _Table:
    combinations: Sequence[Combination]
    columns: npt.NDArray[np.int64]
    complaint_sign: npt.NDArray[np.float32]


@cache
def _table() -> _Table:
    found: list[Combination] = []
    for category, grounds in GROUNDS_OF.items():
        for ground, level in product(grounds, LEVELS):
            if level not in SEVERITIES_OF.get(ground, LEVELS):
                continue
            if category == "praise" and level != "low":
                continue
            found.extend(
                Combination(category, ground, level, complaint)
                for complaint in COMPLAINTS_OF.get(category, (False,))
            )
    columns = [
        [
            column_of("category", one.category),
            column_of("policy_ground", one.policy_ground),
            column_of("severity", one.severity),
        ]
        for one in found
    ]
    signs = [1.0 if one.complaint else 0.0 for one in found]
    return _Table(found, np.array(columns), np.array(signs, dtype=np.float32))


def choose_combination(scores: Floats, *, least_severity: str = "low") -> Combination:
    """Return the best combination for log-probabilities of choices and log-odds of truths.

    `scores` lies in the layout (39 numbers). `least_severity` is what a flag demands (a legal step
    is never less than high).
    """
    table = _table()
    odds = scores[column_of("complaint")]
    # log P(complaint) and log P(no complaint) from the log-odds.
    is_complaint = -np.logaddexp(0.0, -odds)
    is_none = -np.logaddexp(0.0, odds)
    totals = scores[table.columns].sum(axis=1)
    totals += np.where(table.complaint_sign > 0, is_complaint, is_none)
    if least_severity != "low":
        least = LEVELS.index(least_severity)
        ranks = np.array([LEVELS.index(one.severity) for one in table.combinations])
        totals = np.where(ranks >= least, totals, -np.inf)
    return table.combinations[int(totals.argmax())]
