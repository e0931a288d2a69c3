"""What the rules and plain signs of a text say, as numbers in the common layout.

Each number is the score of the strongest rule for that label, 0 without one. Rules are evidence
that the blend weighs with everything else; none decides alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amends_engine.triage.findings import Findings, find_targeted_insult
from amends_engine.triage.layout import CHOICES, TRUTHS, WIDTH, column_of

Floats = npt.NDArray[np.float32]

CAPITALS = 0.6
"""Share of capital letters from which a text shouts."""

VALID_DATUM = 1.0


def read_signals(findings: Findings) -> Floats:
    """Return 39 numbers between 0 and 1."""
    signals = np.zeros(WIDTH, dtype=np.float32)
    for match in findings.matches:
        column = _column(match.rule.field, match.rule.label)
        if column is not None:
            signals[column] = max(signals[column], match.rule.score)
    signals[column_of("policy_ground", "profanity_targeted")] = max(
        signals[column_of("policy_ground", "profanity_targeted")],
        0.7 if find_targeted_insult(findings.matches) else 0.0,
    )
    if findings.personal_data:
        signals[column_of("personal_data")] = VALID_DATUM
    signals[column_of("complaint")] = max(findings.best("issue"), findings.best("trouble"))
    signals[column_of("question")] = 0.5 * findings.has_question_mark + 0.5 * findings.has("asks")
    signals[column_of("arousal", "high")] = min(
        1.0,
        0.4 * (findings.capital_share >= CAPITALS)
        + 0.3 * (findings.exclamations >= 2)
        + 0.4 * findings.has("anger"),
    )
    signals[column_of("sentiment", "positive")] = findings.best("praise")
    signals[column_of("sentiment", "negative")] = findings.best("anger")
    return signals


def _column(field: str, label: str) -> int | None:
    if field in CHOICES and label in CHOICES[field]:
        return column_of(field, label)
    return column_of(field) if field in TRUTHS else None
