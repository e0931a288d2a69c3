"""The texts with their features, and which of them teach or test which column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from amends_engine.triage.features import FeatureShape
from training import fit, sources
from training.sources import LANGUAGES, Example

Rows = npt.NDArray[np.int64]

COLUMNS = ("neutral", "polarity", "complaint", "offensive")
POOLED = "xx"
GROUPS = (*LANGUAGES, POOLED)
"""One group of heads per language, and one pooled over all for texts in any other."""

SHAPE = FeatureShape(char_bits=17, word_bits=16)
FOLDS = 5
GOLD_COMPLAINTS = ("own-", "en-preotiuc19")
WEAK_LABEL_WEIGHT = 0.1


@dataclass(frozen=True)
class Material:
    """All examples with their features; rows are indices into both."""

    examples: Sequence[Example]
    features: sparse.csr_matrix
    rarity: npt.NDArray[Any]
    seed: int

    def rows_teaching(self, column: str, *, group: str) -> Rows:
        """Return the rows with a target for `column` in the language of `group`."""
        return np.array(
            [
                row
                for row, example in enumerate(self.examples)
                if getattr(example, column) is not None and group in (example.lang, POOLED)
            ],
            dtype=np.int64,
        )

    def targets(self, column: str, rows: Rows) -> Rows:
        return np.array([getattr(self.examples[row], column) for row in rows], dtype=np.int64)

    def weights(self, column: str, rows: Rows) -> npt.NDArray[np.float64]:
        """Return the weight of each row; complaint labels derived from sentiment count little."""
        weights = [
            self.examples[row].weight
            * (1.0 if is_gold(self.examples[row].source, column) else WEAK_LABEL_WEIGHT)
            for row in rows
        ]
        return np.array(weights)

    def is_validation(self, rows: Rows) -> npt.NDArray[np.bool_]:
        return np.array([self.examples[row].is_validation for row in rows], dtype=bool)

    def folds(self, rows: Rows) -> Rows:
        """Return the fold of our own examples, -1 for all others."""
        numbers = [
            int(sources.hash_fraction(self.examples[row].id) * FOLDS)
            if self.examples[row].source.startswith("own-")
            else -1
            for row in rows
        ]
        return np.array(numbers, dtype=np.int64)

    def sources_of(self, rows: Rows) -> npt.NDArray[np.str_]:
        return np.array([self.examples[row].source for row in rows], dtype=np.str_)


def is_gold(source: str, column: str) -> bool:
    """Return whether the label was given by a person for this very column."""
    return column != "complaint" or source.startswith(GOLD_COMPLAINTS)


def build_material(examples: Sequence[Example], *, seed: int) -> Material:
    """Hash and weigh all texts."""
    counts = fit.count_features([example.text for example in examples], shape=SHAPE)
    rarity = fit.measure_rarity(counts)
    features = fit.scale_features(counts, rarity=rarity, shape=SHAPE)
    return Material(examples=examples, features=features, rarity=rarity, seed=seed)
