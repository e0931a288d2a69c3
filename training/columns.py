"""Fit the columns of one language, each with log-odds for texts that it did not see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training import fit
from training.material import FOLDS, POOLED, SHAPE, Material, Rows, is_gold

STRENGTHS = {"neutral": 6.0, "polarity": 6.0, "complaint": 6.0, "offensive": 4.0}
POOLED_CAP = 60_000
UNTAUGHT_BIAS = -4.0
"""Log-odds of a column without material: it answers no, and is never sure."""


@dataclass(frozen=True, slots=True)
class Column:
    """A calibrated column, and the calibrated log-odds of unseen texts by row."""

    linear: fit.LinearFit
    unseen: dict[int, float]
    is_taught: bool


def train_column(material: Material, column: str, *, group: str) -> Column:
    """Fit on the training rows; calibrate on validation rows and left-out folds of our own."""
    rows = material.rows_teaching(column, group=group)
    is_validation = material.is_validation(rows)
    train, validation = rows[~is_validation], rows[is_validation]
    if group == POOLED:
        train = np.random.default_rng(material.seed).permutation(train)[:POOLED_CAP]
    if len(np.unique(material.targets(column, train))) < 2:
        return Column(fit.LinearFit(np.zeros(SHAPE.size), UNTAUGHT_BIAS), {}, is_taught=False)
    linear = fit_rows(material, column, rows=train)
    unseen = score_rows(material, linear, rows=validation)
    if group != POOLED:
        unseen |= _score_left_out_folds(material, column, train=train)
    known = np.array(sorted(unseen), dtype=np.int64)
    # Calibrated on labels given by people alone: derived ones say little about how often.
    gold = [is_gold(name, column) for name in material.sources_of(known).tolist()]
    known = known[np.array(gold, dtype=bool)]
    scores = np.array([unseen[row] for row in known.tolist()])
    slope, offset = fit.fit_platt(scores, material.targets(column, known))
    calibrated = fit.LinearFit(linear.weights * slope, linear.bias * slope + offset)
    return Column(
        calibrated,
        {row: score * slope + offset for row, score in unseen.items()},
        is_taught=True,
    )


def fit_rows(material: Material, column: str, *, rows: Rows) -> fit.LinearFit:
    """Fit one column on `rows`."""
    return fit.fit_column(
        material.features[rows],
        material.targets(column, rows),
        weights=material.weights(column, rows),
        strength=STRENGTHS[column],
        seed=material.seed,
    )


def score_rows(material: Material, linear: fit.LinearFit, *, rows: Rows) -> dict[int, float]:
    """Return the log-odds of `rows`."""
    scores: npt.NDArray[np.float64] = linear.scores(material.features[rows])
    return dict(zip(rows.tolist(), scores.tolist(), strict=True))


def _score_left_out_folds(material: Material, column: str, *, train: Rows) -> dict[int, float]:
    folds = material.folds(train)
    unseen: dict[int, float] = {}
    for number in range(FOLDS):
        left_out = train[folds == number]
        if len(left_out):
            linear = fit_rows(material, column, rows=train[folds != number])
            unseen |= score_rows(material, linear, rows=left_out)
    return unseen
