"""The rows of all sources with their features: who teaches which field in which language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amends_engine.triage.layout import CHOICES, COLUMNS, TRUTHS, WIDTH, column_of
from amends_engine.triage.screen import POOLED
from training.corpus import LANGUAGES, SOURCES, Row
from training.hashing import hash_fraction
from training.screen.features import Features, extract_features
from training.screen.fit import Floats, Lesson, Whole

GROUPS = (*LANGUAGES, POOLED)
FIELDS = (*CHOICES, *TRUTHS)
OWN_WEIGHT = 2.0
"""Our own examples are few, labelled in every field, and of the kind that a desk meets."""

POOLED_CAP = 700
"""Rows of a source in our languages that teach the pooled group; of other languages all do."""

IMITATED, IMITATED_WEIGHT = "imitated", 0.5
"""Texts that the engine labelled, and how much one of them counts."""

SMALLEST_PART, LARGEST_PART = 0.4, 3.0
"""Bounds of a label's weight, by the root of how rare it is."""


@dataclass(frozen=True)
class Material:
    """All rows, their features, and a number for each source.

    `wishes` (rows × 39) are the engine's probabilities, NaN where it was not asked (imitate.py).
    """

    rows: Sequence[Row]
    features: Features
    sources: npt.NDArray[np.str_]
    ranks: Whole
    wishes: Floats

    def is_own(self) -> npt.NDArray[np.bool_]:
        return np.char.startswith(self.sources, "own-")

    def is_validation(self) -> npt.NDArray[np.bool_]:
        return np.array([row.is_validation for row in self.rows], dtype=bool)

    def langs(self) -> npt.NDArray[np.str_]:
        return np.array([row.lang for row in self.rows], dtype=np.str_)


def build_material(rows: Sequence[Row], wishes: Mapping[str, Floats] | None = None) -> Material:
    """Extract all features; rank the rows of each source in an order that never moves."""
    sources = np.array([row.source for row in rows], dtype=np.str_)
    fractions = np.array([hash_fraction(row.id) for row in rows])
    ranks = np.zeros(len(rows), dtype=np.int64)
    for name in np.unique(sources):
        at = np.flatnonzero(sources == name)
        ranks[at[np.argsort(fractions[at], kind="stable")]] = np.arange(len(at))
    features = extract_features([row.text for row in rows], has_marks=False)
    unasked = np.full(WIDTH, np.nan, dtype=np.float32)
    said = np.array([(wishes or {}).get(row.id, unasked) for row in rows], dtype=np.float32)
    return Material(rows, features, sources, ranks, said.reshape(-1, WIDTH))


def rows_of_group(rows: Sequence[Row], group: str) -> list[Row]:
    """Return the rows of a language; for the pooled group all others, and some of each of ours."""
    if group != POOLED:
        return [row for row in rows if row.lang == group]
    taken: dict[str, int] = {}
    chosen = []
    for row in sorted(rows, key=lambda row: hash_fraction(row.id)):
        if row.lang in LANGUAGES:
            taken[row.source] = taken.get(row.source, 0) + (not row.is_validation)
            if row.is_validation or taken[row.source] > POOLED_CAP:
                continue
        chosen.append(row)
    return chosen


def columns_of(field: str) -> slice:
    """Return the columns of a field in the layout."""
    if field in CHOICES:
        return COLUMNS[field]
    return slice(column_of(field), column_of(field) + 1)


def rows_teaching(material: Material, field: str, *, is_imitating: bool = True) -> Whole:
    """Return the training rows of `field`, bounded for each source, and those to imitate."""
    chosen = []
    caps = {source.name: source.cap for source in SOURCES}
    is_asked = ~np.isnan(material.wishes[:, 0])
    for at, row in enumerate(material.rows):
        if row.is_validation:
            continue
        if not is_labelled(row, field):
            if is_imitating and is_asked[at]:
                chosen.append(at)
            continue
        if material.ranks[at] < caps.get(row.source, len(material.rows)):
            chosen.append(at)
    return np.array(chosen, dtype=np.int64)


def is_labelled(row: Row, field: str) -> bool:
    """Return whether the row says anything of a field."""
    return field in row.targets.choices or field in row.targets.truths


def make_lesson(material: Material, field: str, at: Whole, *, base: Floats) -> Lesson:
    """Return rows as they teach a field; `base` has a row for each row of the material."""
    rows = [material.rows[row] for row in at.tolist()]
    soft = material.wishes[at][:, columns_of(field)].copy()
    is_imitated = np.array([not is_labelled(row, field) for row in rows])
    soft[~is_imitated] = np.nan
    fits = np.zeros(soft.shape, dtype=bool)
    known = np.ones(soft.shape, dtype=bool)
    labelled = np.flatnonzero(~is_imitated)
    fits[labelled], known[labelled] = read_targets([rows[one] for one in labelled.tolist()], field)
    fits[is_imitated] = _likeliest(soft[is_imitated])
    _, numbers = np.unique(
        np.where(is_imitated, IMITATED, material.sources[at]), return_inverse=True
    )
    weights = np.where(is_imitated, IMITATED_WEIGHT, [_weight(row) for row in rows])
    return Lesson(
        features=material.features[at].joined(),
        base=base[at],
        fits=fits,
        known=known,
        sources=numbers.astype(np.int64),
        weights=(weights * _balance(fits, weights)).astype(np.float32),
        soft=soft,
    )


def _likeliest(soft: Floats) -> npt.NDArray[np.bool_]:
    """Return the label of each row that is likeliest, or whether a truth is."""
    if soft.shape[1] == 1:
        return soft > 0.5
    return np.arange(soft.shape[1]) == soft.argmax(axis=1)[:, None]


def read_targets(
    rows: Sequence[Row], field: str
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which labels fit and which are told apart (rows × labels; one column for a truth)."""
    if field in TRUTHS:
        fits = np.array([[row.targets.truths[field]] for row in rows], dtype=bool).reshape(-1, 1)
        return fits, np.ones_like(fits)
    labels = CHOICES[field]
    choices = [row.targets.choices[field] for row in rows]
    fits = np.array([[label in one.fits for label in labels] for one in choices], dtype=bool)
    known = np.array([[label in one.known for label in labels] for one in choices], dtype=bool)
    return fits.reshape(-1, len(labels)), known.reshape(-1, len(labels))


def _weight(row: Row) -> float:
    if row.source.startswith("own-"):
        return OWN_WEIGHT
    return row.weight * _COPIES.get(row.source, 1)


_COPIES = {source.name: source.copies for source in SOURCES}


def _balance(fits: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64]) -> Floats:
    """Return a factor for each row: the root of how rare its label is, bounded."""
    kinds = fits if fits.shape[1] > 1 else np.concatenate([~fits, fits], axis=1)
    is_exact = kinds.sum(axis=1) == 1
    totals = np.array([weights[is_exact & kinds[:, k]].sum() for k in range(kinds.shape[1])])
    mean = totals.sum() / max(int((totals > 0).sum()), 1)
    factors = np.clip(np.sqrt(mean / np.maximum(totals, 1e-9)), SMALLEST_PART, LARGEST_PART)
    return np.where(is_exact, factors[kinds.argmax(axis=1)], 1.0).astype(np.float32)
