"""Fit one field: logistic regression that also learns from partial labels, by L-BFGS.

A row says which labels fit among those its source tells apart; the loss asks that the labels that
fit get the probability of all that are known. Each source has an offset of its own, so that its
class prior does not lean on ours; offsets are not shipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

OFFSET_STRENGTH = 25.0
BASE_STRENGTH = 300.0
"""How freely other columns' scores may be used (as 1 over the penalty)."""

OFFSET_SCALE, BASE_SCALE = 0.05, 0.02
"""Offsets and base scores stand in every row; made small, they leave the search steps for words."""

ITERATIONS = 60
LEAST_MET = 3
"""Rows that must hold a bucket for it to be learned; most stand in one or two."""


@dataclass(frozen=True)
class Lesson:
    """The rows that teach one field.

    `features` (n × buckets), `base` (n × b: scores of well-taught columns), `fits` and `known`
    (n × k; for a truth k is 1 and `known` all true), `sources` (numbers), `weights`. `soft` (n × k)
    holds probabilities to imitate instead of labels, NaN in rows that a person labelled.
    """

    features: sparse.csr_matrix
    base: Floats
    fits: Flags
    known: Flags
    sources: Whole
    weights: Floats
    soft: Floats

    def __getitem__(self, at: Whole) -> Lesson:
        return Lesson(
            self.features[at], self.base[at], self.fits[at], self.known[at], self.sources[at],
            self.weights[at], self.soft[at],
        )  # fmt: skip

    def is_imitated(self) -> Flags:
        """Return which rows no person labelled."""
        return ~np.isnan(self.soft[:, 0])


@dataclass(frozen=True)
class Linear:
    """Weights of the buckets (buckets × k), of the base columns (b × k), and a bias for each.

    `offsets` (sources × k) are what each source is apart from all.
    """

    weights: Floats
    mix: Floats
    biases: Floats
    offsets: Floats

    def scores(self, features: sparse.csr_matrix, base: Floats) -> Floats:
        """Return the scores of rows, without any source's offset."""
        return np.asarray(features @ self.weights + base @ self.mix + self.biases, dtype=np.float32)


def fit_linear(lesson: Lesson, *, strength: float) -> Linear:
    """Minimise the loss; deterministic."""
    met = np.bincount(lesson.features.indices, minlength=lesson.features.shape[1])
    used = np.flatnonzero(met >= LEAST_MET)
    features = sparse.csr_matrix(lesson.features[:, used])
    turned = sparse.csr_matrix(features.T)
    dense = _dense_inputs(lesson)
    penalties = np.concatenate(
        [
            np.full(lesson.base.shape[1], 1 / BASE_STRENGTH),
            np.full(dense.shape[1] - lesson.base.shape[1] - 1, 1 / OFFSET_STRENGTH),
            [1e-4],
        ]
    ).astype(np.float32)
    scales = np.full(dense.shape[1], OFFSET_SCALE, dtype=np.float32)
    scales[: lesson.base.shape[1]] = BASE_SCALE
    dense, penalties = dense * scales, penalties * scales**2
    k = lesson.fits.shape[1]
    cut = len(used) * k

    def objective(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        sparse_part = flat[:cut].astype(np.float32).reshape(-1, k)
        dense_part = flat[cut:].astype(np.float32).reshape(-1, k)
        loss, slopes = measure_loss(features @ sparse_part + dense @ dense_part, lesson)
        gradient = np.concatenate(
            [
                (turned @ slopes + sparse_part / strength).ravel(),
                (dense.T @ slopes + dense_part * penalties[:, None]).ravel(),
            ]
        )
        loss += float((sparse_part.astype(np.float64) ** 2).sum()) / (2 * strength)
        loss += float((dense_part**2 * penalties[:, None]).sum()) / 2
        return loss, gradient.astype(np.float64)

    start = np.zeros(cut + dense.shape[1] * k)
    options = {"maxiter": ITERATIONS, "ftol": 1e-6, "maxcor": 8}
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options=options).x
    weights = np.zeros((lesson.features.shape[1], k), dtype=np.float32)
    weights[used] = found[:cut].reshape(-1, k)
    rest = found[cut:].astype(np.float32).reshape(-1, k) * scales[:, None]
    many = lesson.base.shape[1]
    return Linear(weights, rest[:many], rest[-1], rest[many:-1])


def _dense_inputs(lesson: Lesson) -> Floats:
    """Return base scores, one column for each source, and a column of ones."""
    offsets = np.zeros((len(lesson.sources), int(lesson.sources.max()) + 1), dtype=np.float32)
    offsets[np.arange(len(lesson.sources)), lesson.sources] = 1
    ones = np.ones((len(lesson.sources), 1), dtype=np.float32)
    return np.concatenate([lesson.base, offsets, ones], axis=1)


def measure_loss(scores: Floats, lesson: Lesson) -> tuple[float, Floats]:
    """Return the weighted loss of scores (n × k), and its slope for each score."""
    imitated = lesson.is_imitated()
    if scores.shape[1] == 1:
        wanted = np.where(imitated, lesson.soft[:, 0], lesson.fits[:, 0]).astype(np.float32)
        odds = scores[:, 0]
        chance = 0.5 * (1 + np.tanh(0.5 * odds))
        losses = np.logaddexp(0, odds) - wanted * odds
        slopes = (lesson.weights * (chance - wanted))[:, None]
        return float((losses * lesson.weights).sum(dtype=np.float64)), slopes.astype(np.float32)
    among, all_known = _share(scores, lesson.known)
    right, all_fitting = _share(scores, lesson.fits)
    # Where the labels are probabilities, the loss is the cross-entropy with them.
    right[imitated] = lesson.soft[imitated]
    all_fitting[imitated] = (lesson.soft[imitated] * scores[imitated]).sum(axis=1)
    losses = all_known - all_fitting
    slopes = (among - right) * lesson.weights[:, None]
    return float((losses * lesson.weights).sum(dtype=np.float64)), slopes.astype(np.float32)


def _share(scores: Floats, mask: Flags) -> tuple[Floats, Floats]:
    """Return the softmax within the mask (zero outside), and the logarithm of its sum."""
    masked = np.where(mask, scores, np.float32(-1e9))
    top = masked.max(axis=1, keepdims=True)
    powers = np.exp(masked - top)
    total = powers.sum(axis=1, keepdims=True)
    return powers / total, (top + np.log(total))[:, 0]


def fit_calibration(scores: Floats, lesson: Lesson) -> tuple[float, Floats]:
    """Return a slope and a bias for each label that make scores of unseen rows honest."""
    k = scores.shape[1]

    def objective(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        slope, biases = np.float32(np.exp(flat[0])), flat[1:].astype(np.float32)
        loss, slopes = measure_loss(scores * slope + biases, lesson)
        gradient = np.concatenate([[float((slopes * scores).sum() * slope)], slopes.sum(axis=0)])
        # Held near to what they are, so that few rows change little.
        return loss + 2 * float(flat @ flat), gradient + 4 * flat

    found = minimize(objective, np.zeros(k + 1), jac=True, method="L-BFGS-B").x
    return float(np.exp(found[0])), found[1:].astype(np.float32)
