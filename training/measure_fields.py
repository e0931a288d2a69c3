"""Macro-F1 by field and source of numbers in the layout, on labelled rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import f1_score

from amends_engine.triage.blend_fields import FIELDS
from amends_engine.triage.layout import CHOICES, COLUMNS, TRUTHS, column_of
from amends_engine.triage.scores import Floats
from training.corpus import Row

LEAST_ROWS = 40


def measure_fields(rows: Sequence[Row], scores: Floats) -> dict[str, float]:
    """Return macro-F1 by "field source" where enough rows of a source can test a field."""
    figures: dict[str, float] = {}
    sources = np.array([row.source for row in rows])
    for field in FIELDS:
        for source in [*np.unique(sources).tolist(), "own"]:
            at = np.flatnonzero(
                np.char.startswith(sources, "own-") if source == "own" else sources == source
            )
            truth, guess = answer_rows(rows, scores, at.tolist(), field=field)
            if len(truth) >= LEAST_ROWS and len(set(truth)) > 1:
                value = f1_score(truth, guess, average="macro", zero_division=0)
                figures[f"{field} {source}"] = round(float(value), 3)
    return figures


def answer_rows(
    rows: Sequence[Row], scores: Floats, at: Sequence[int], *, field: str
) -> tuple[list[str], list[str]]:
    """Return truth and guess of the rows that know the field, among labels that they tell apart."""
    truth, guess = [], []
    for row in at:
        targets = rows[row].targets
        if field in TRUTHS:
            if field in targets.truths:
                truth.append(str(targets.truths[field]))
                guess.append(str(bool(scores[row, column_of(field)] > 0)))
            continue
        choice = targets.choices.get(field)
        if choice is None or len(choice.fits) > 1:
            continue
        known = [CHOICES[field].index(label) for label in choice.known]
        best = known[int(scores[row, COLUMNS[field]][known].argmax())]
        truth.append(choice.fits[0])
        guess.append(CHOICES[field][best])
    return truth, guess
