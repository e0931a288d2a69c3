"""Linear heads over hashed n-grams: scores, probabilities, and the share of each chunk in them.

A text's features in a block (characters, words) are its occurrences weighted by rarity and
divided by their Euclidean norm; weights are stored as int8 with one scale per column, already
multiplied by rarity, so that scoring is one gather and two sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from amends_engine.triage.features import FeatureShape, Occurrences

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Head:
    """Columns of int8 weights (`size` × columns), a scale and a bias for each column."""

    weights: npt.NDArray[np.int8]
    scales: Floats
    biases: Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """`rows`: one score per text and column. `chunks`: what each chunk added to it."""

    rows: Floats
    chunks: Floats


def occurrence_norms(
    occurrences: Occurrences, *, rarity: npt.NDArray[Any], shape: FeatureShape
) -> Floats:
    """Return the norm of the block of its text, for each occurrence; never zero."""
    squares = rarity[occurrences.buckets].astype(np.float64) ** 2
    blocks = (occurrences.buckets >= shape.char_size).astype(np.int64)
    slots = occurrences.rows * 2 + blocks
    totals = np.bincount(slots, weights=squares, minlength=2 * occurrences.row_count)
    return np.asarray(np.sqrt(np.maximum(totals, 1e-12))[slots], dtype=np.float64)


def score_head(
    head: Head, *, occurrences: Occurrences, norms: Floats, at: npt.NDArray[np.int64] | None = None
) -> Scores:
    """Return the scores of all texts; with `at` only those occurrences are counted."""
    buckets, chunks = occurrences.buckets, occurrences.chunks
    if at is not None:
        buckets, chunks, norms = buckets[at], chunks[at], norms[at]
    gathered = head.weights[buckets]
    shares: Floats = np.stack(
        [
            np.bincount(
                chunks,
                weights=gathered[:, column] / norms * head.scales[column],
                minlength=len(occurrences.chunk_rows),
            )
            for column in range(gathered.shape[1])
        ],
        axis=1,
    )
    rows: Floats = np.stack(
        [
            np.bincount(
                occurrences.chunk_rows, weights=shares[:, column], minlength=occurrences.row_count
            )
            + head.biases[column]
            for column in range(gathered.shape[1])
        ],
        axis=1,
    )
    return Scores(rows=rows, chunks=shares)


def logistic(scores: Floats | float) -> Floats:
    """Return probabilities for log-odds, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(scores, dtype=np.float64))))


def softmax(scores: Floats) -> Floats:
    """Return probabilities over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def sentiment_probabilities(neutrality: Floats, polarity: Floats) -> Floats:
    """Return P(negative), P(neutral), P(positive) from two log-odds per text.

    Split so that sources without a neutral class teach the polarity only.
    """
    neutral = logistic(neutrality)
    positive = logistic(polarity)
    return np.stack([(1 - neutral) * (1 - positive), neutral, (1 - neutral) * positive], axis=1)


def quantise(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Return int8 columns and their scales; the largest weight of a column becomes 127."""
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-12) / 127
    return np.rint(weights / scales).astype(np.int8), scales


def stack_heads(heads: Sequence[Head]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of several heads of the same shape, as they are stored."""
    return {
        "weights": np.stack([head.weights for head in heads]),
        "scales": np.stack([head.scales for head in heads]),
        "biases": np.stack([head.biases for head in heads]),
    }
