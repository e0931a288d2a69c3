"""Fit the linear heads on hashed n-grams, and calibrate them on texts that they did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from amends_engine.text.normalise import normalise_text
from amends_engine.triage.features import FeatureShape, hash_texts

Floats = npt.NDArray[np.float64]
BATCH = 2000
NEVER = 2.0
"""A threshold that no probability reaches."""


@dataclass(frozen=True, slots=True)
class LinearFit:
    """One column: weights for features that are divided by their norms, and a bias."""

    weights: Floats
    bias: float

    def scores(self, features: sparse.csr_matrix) -> Floats:
        return np.asarray(features @ self.weights + self.bias)


def count_features(texts: Sequence[str], *, shape: FeatureShape) -> sparse.csr_matrix:
    """Return how often each bucket occurs in each text."""
    parts = []
    for start in range(0, len(texts), BATCH):
        batch = [normalise_text(text).text for text in texts[start : start + BATCH]]
        found = hash_texts(batch, shape=shape)
        ones = np.ones(len(found.buckets), dtype=np.float32)
        parts.append(
            sparse.csr_matrix((ones, (found.rows, found.buckets)), shape=(len(batch), shape.size))
        )
    return sparse.vstack(parts, format="csr")


def measure_rarity(counts: sparse.csr_matrix) -> npt.NDArray[np.float16]:
    """Return the smoothed inverse document frequency of each bucket."""
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log((1 + counts.shape[0]) / (1 + documents)) + 1
    return rarity.astype(np.float16)


def scale_features(
    counts: sparse.csr_matrix, *, rarity: npt.NDArray[Any], shape: FeatureShape
) -> sparse.csr_matrix:
    """Weight counts by rarity; divide each block by the norm over its occurrences.

    The same as `heads.occurrence_norms`: repeated n-grams count once per occurrence in the norm.
    """
    wide = rarity.astype(np.float64)
    blocks = (slice(0, shape.char_size), slice(shape.char_size, shape.size))
    norms = [np.sqrt(np.maximum(counts[:, block] @ wide[block] ** 2, 1e-12)) for block in blocks]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    block_of = (counts.indices >= shape.char_size).astype(int)
    values = counts.data * wide[counts.indices] / np.stack(norms)[block_of, rows]
    return sparse.csr_matrix(
        (values.astype(np.float32), counts.indices, counts.indptr), shape=counts.shape
    )


def fit_column(
    features: sparse.csr_matrix,
    targets: Sequence[int] | npt.NDArray[Any],
    *,
    weights: Sequence[float] | npt.NDArray[Any],
    strength: float,
    seed: int,
) -> LinearFit:
    """Fit one yes/no column by logistic regression, classes balanced by the root of their share."""
    y = np.asarray(targets)
    sample = np.asarray(weights, dtype=np.float64)
    totals = np.array([sample[y == value].sum() for value in (0, 1)])
    balanced = sample * np.sqrt(totals.sum() / (2 * totals))[y]
    model = LogisticRegression(
        C=strength, solver="liblinear", max_iter=200, tol=1e-3, random_state=seed
    )
    model.fit(features, y, sample_weight=balanced)
    return LinearFit(weights=model.coef_[0].astype(np.float64), bias=float(model.intercept_[0]))


def fit_languages(
    features: sparse.csr_matrix,
    targets: npt.NDArray[Any],
    *,
    weights: npt.NDArray[Any],
    seed: int,
) -> list[LinearFit]:
    """Fit one column per language and one for all others, as a softmax."""
    model = LogisticRegression(C=20.0, solver="lbfgs", max_iter=60, tol=1e-3, random_state=seed)
    model.fit(features, targets, sample_weight=weights)
    pairs = zip(model.coef_, model.intercept_, strict=True)
    return [LinearFit(weights=row.astype(np.float64), bias=float(bias)) for row, bias in pairs]


def fit_platt(scores: Floats, targets: npt.NDArray[Any]) -> tuple[float, float]:
    """Return slope and offset that turn scores into honest log-odds (Platt 1999)."""
    if len(scores) < 40 or len(set(targets.tolist())) < 2:
        return 1.0, 0.0
    model = LogisticRegression(C=10.0, solver="lbfgs")
    model.fit(scores.reshape(-1, 1), targets)
    slope = float(model.coef_[0][0])
    if slope <= 0:
        return 1.0, 0.0
    return slope, float(model.intercept_[0])


def choose_threshold(
    confidence: Floats, is_right: npt.NDArray[np.bool_], *, precision: float, at_least: int = 60
) -> float:
    """Return the lowest confidence from which `precision` of the answers are right, else NEVER.

    At least `at_least` answers must lie above.
    """
    order = np.argsort(-confidence)
    right = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    usable = np.flatnonzero(right >= precision)
    usable = usable[usable >= at_least - 1]
    if not len(usable):
        return NEVER
    return float(confidence[order][usable[-1]])
