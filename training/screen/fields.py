"""Teach every field of one language: first what large sources teach, then the rest upon that.

Sentiment, offence and complaints have large public sources in some languages; their scores are
inputs for the fields that only our own examples teach ("bad mood and no question" says much about
the category). Those inputs come from folds, so that no row is judged by what it taught.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from amends_engine.triage.layout import WIDTH, column_of
from training.corpus import SOURCES
from training.screen.features import SHAPE
from training.screen.fit import Floats, Lesson, Whole, fit_calibration, fit_linear
from training.screen.material import (
    FIELDS,
    Material,
    columns_of,
    make_lesson,
    rows_teaching,
)

STRENGTH = 6.0
"""1 over the penalty on weights."""

FOLDS = 2
WELL_TAUGHT = 1_000
"""Public rows from which a field is taught first."""

FIRST = ("sentiment", "offensive", "complaint")
CALIBRATION_ROWS, WEAK_ROWS = 300, 60
"""Rows beyond which a source counts no more when a field is calibrated; of a weak one fewer."""

_WEAK = {source.name for source in SOURCES if source.is_weak}


@dataclass(frozen=True)
class Group:
    """All columns of one language: weights of buckets (buckets × 39), mix (b × 39), biases.

    `first` are the fields that were taught first. `unseen` (rows of the material × 39) holds
    logits by fits that did not see the row, NaN where none was asked for.
    """

    first: tuple[str, ...]
    weights: Floats
    sources: Whole
    mix: Floats
    biases: Floats
    unseen: Floats


@dataclass(frozen=True)
class Task:
    """One field of one language: the rows that teach it, and what other columns say of all rows."""

    material: Material
    field: str
    at: Whole
    base: Floats

    def lesson(self) -> Lesson:
        return make_lesson(self.material, self.field, self.at, base=self.base)


def first_fields(material: Material) -> tuple[str, ...]:
    """Return the fields that public sources teach well in a language."""
    own = material.is_own()
    return tuple(
        field
        for field in FIRST
        if (~own[rows_teaching(material, field, is_imitating=False)]).sum() >= WELL_TAUGHT
    )


def base_columns(fields: Sequence[str]) -> Whole:
    """Return the columns whose scores other fields may use."""
    columns: list[int] = []
    for field in fields:
        if field == "sentiment":
            labels = ("negative", "neutral", "positive")
            columns += [column_of(field, label) for label in labels]
        else:
            columns.append(column_of(field))
    return np.array(columns, dtype=np.int64)


def teach_first(material: Material, *, judged: Whole) -> Group:
    """Fit and calibrate the first fields of a language; score the rows `judged`."""
    taught = _empty(material, first_fields(material))
    nothing = np.zeros((len(material.rows), 0), dtype=np.float32)
    for field in taught.first:
        at = rows_teaching(material, field)
        _teach(Task(material, field, at, nothing), taught, judged=judged)
    return taught


def teach_rest(material: Material, taught: Group, *, judged: Whole) -> Group:
    """Fit and calibrate all other fields upon the first ones; score the rows `judged`."""
    base = np.nan_to_num(taught.unseen[:, taught.sources])
    for field in FIELDS:
        if field not in taught.first:
            at = rows_teaching(material, field)
            _teach(Task(material, field, at, base), taught, judged=judged)
    return taught


def _empty(material: Material, first: tuple[str, ...]) -> Group:
    buckets = SHAPE.word_size + SHAPE.pair_size
    sources = base_columns(first)
    return Group(
        first=first,
        weights=np.zeros((buckets, WIDTH), dtype=np.float32),
        sources=sources,
        mix=np.zeros((len(sources), WIDTH), dtype=np.float32),
        biases=np.zeros(WIDTH, dtype=np.float32),
        unseen=np.full((len(material.rows), WIDTH), np.nan, dtype=np.float32),
    )


def _teach(task: Task, taught: Group, *, judged: Whole) -> None:
    """Fill in the columns of one field."""
    lesson, columns = task.lesson(), columns_of(task.field)
    linear = fit_linear(lesson, strength=STRENGTH)
    unseen = np.full((len(task.material.rows), lesson.fits.shape[1]), np.nan, dtype=np.float32)
    rest = np.setdiff1d(judged, task.at)
    unseen[rest] = linear.scores(task.material.features[rest].joined(), task.base[rest])
    folds = task.material.ranks[task.at] % FOLDS
    for fold in range(FOLDS):
        part = fit_linear(lesson[np.flatnonzero(folds != fold)], strength=STRENGTH)
        out = np.flatnonzero(folds == fold)
        unseen[task.at[out]] = part.scores(lesson.features[out], lesson.base[out])
    slope, biases = _calibrate(task, lesson, unseen[task.at])
    taught.weights[:, columns] = linear.weights * slope
    taught.biases[columns] = linear.biases * slope + biases
    taught.unseen[:, columns] = unseen * slope + biases
    if task.base.shape[1]:
        taught.mix[:, columns] = linear.mix * slope


def _calibrate(task: Task, lesson: Lesson, scores: Floats) -> tuple[float, Floats]:
    """Return slope and biases, each source with about the same say.

    What our own examples teach almost alone is calibrated on them alone: half of a public set of
    spam is spam, which would make every second comment so.
    """
    names = task.material.sources[task.at]
    is_own = np.char.startswith(names, "own-")
    if task.field not in FIRST and is_own.any():
        # Ours are labelled in every field, so that none of them is imitated.
        ones = np.ones(int(is_own.sum()), dtype=np.float32)
        own = replace(lesson[np.flatnonzero(is_own)], weights=ones)
        return fit_calibration(scores[is_own], own)
    counts = {name: int((names == name).sum()) for name in np.unique(names).tolist()}
    weights = np.array(
        [
            min(1.0, (WEAK_ROWS if name in _WEAK else CALIBRATION_ROWS) / counts[name])
            for name in names.tolist()
        ],
        dtype=np.float32,
    )
    weights[lesson.is_imitated()] = 0
    return fit_calibration(scores, replace(lesson, weights=weights))
