"""Linear heads over hashed words: weights that are stored sparsely, and how a text is scored.

A text's score is what its words add, divided by the root of how many n-grams they hold, plus what
its pairs of words add, divided by the root of their number. Then what well-taught columns say is
added to thinly taught ones (`mix`), and a bias.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from amends_engine.triage.features import Integers

Floats = npt.NDArray[np.float32]

PAIR_WEIGHT = 0.4
"""How much the pairs of a text count beside its words."""


@dataclass(frozen=True, slots=True)
class Table:
    """Weights by bucket: `places[bucket]` is a row of `rows` (int8); row 0 holds zeros.

    `scales` has one number per column.
    """

    places: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int8]
    scales: Floats

    def sum_buckets(self, buckets: Integers, starts: Integers) -> Floats:
        """Return the sum over each run of buckets, exact but for the scale (runs × columns).

        No run may be empty.
        """
        if not len(starts):
            return np.zeros((0, self.rows.shape[1]), dtype=np.float32)
        gathered = self.rows[self.places[buckets]]
        sums = np.add.reduceat(gathered, starts, axis=0, dtype=np.int32)
        return (sums * self.scales).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Heads:
    """All columns of one language.

    `pairs` is None where they teach nothing. `mix[i]` says how much of column `sources[i]` is
    added to every column.
    """

    words: Table
    pairs: Table | None
    sources: Integers
    mix: Floats
    biases: Floats

    def finish(self, sums: Floats) -> Floats:
        """Return the logits for the sums of whole texts (texts × columns)."""
        return self.spread(sums) + self.biases

    def spread(self, sums: Floats) -> Floats:
        """Return the sums with what the well-taught columns add to the others.

        One column after the other, not a matrix product: its rounding would depend on how many
        texts stand beside.
        """
        spread = sums.copy()
        for row, source in enumerate(self.sources.tolist()):
            spread += sums[:, source, None] * self.mix[row]
        return spread


def softmax(scores: Floats) -> Floats:
    """Return probabilities over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


def pack_table(weights: npt.NDArray[np.floating[Any]], *, levels: int, least: float) -> Table:
    """Return a table of the weights (buckets × columns), the largest of a column at `levels`.

    Weights below `least` times the largest of their column become zero; buckets without any left
    cost nothing.
    """
    largest = np.maximum(np.abs(weights).max(axis=0), 1e-12)
    scales = (largest / levels).astype(np.float32)
    stored = np.rint(weights / scales).astype(np.int8)
    stored[np.abs(weights) < least * largest] = 0
    used = np.flatnonzero(stored.any(axis=1))
    places = np.zeros(len(weights), dtype=np.int32)
    places[used] = np.arange(1, len(used) + 1)
    rows = np.concatenate((np.zeros((1, weights.shape[1]), dtype=np.int8), stored[used]))
    return Table(places, rows, scales)


def write_table(table: Table, name: str) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a table as they are stored: used buckets as bits, rows by column."""
    return {
        f"{name}_used": np.packbits(table.places > 0),
        f"{name}_rows": np.ascontiguousarray(table.rows[1:].T),
        f"{name}_scales": table.scales,
    }


def read_table(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Table:
    """Return a stored table; raise KeyError if it is not there."""
    used = np.flatnonzero(np.unpackbits(arrays[f"{name}_used"]))
    stored = arrays[f"{name}_rows"]
    places = np.zeros(len(arrays[f"{name}_used"]) * 8, dtype=np.int32)
    places[used] = np.arange(1, len(used) + 1)
    rows = np.zeros((len(used) + 1, len(stored)), dtype=np.int8)
    rows[1:] = stored.T
    return Table(places, rows, arrays[f"{name}_scales"])
