"""The corpus as arrays: pieces of every text, and for every logit what the text teaches."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from amends_engine.triage.layout import CHOICES, COLUMNS, TRUTHS, TRUTHS_AT
from amends_engine.triage.model.pieces import join_pieces
from amends_engine.triage.model.words import prepare_text
from training.corpus import IDENTITIES, SOURCES, Row
from training.hashing import hash_fraction

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]

FIELDS = (*CHOICES, *TRUTHS)
FIELD_WEIGHTS: Mapping[str, float] = {
    "sentiment": 1.0,
    "category": 1.0,
    "severity": 0.7,
    "arousal": 0.5,
    "policy_ground": 1.0,
    "complaint": 1.0,
    "offensive": 1.0,
}
"""How much a field counts in the loss; those not named count half."""

WEAK = {source.name: at + 1 for at, source in enumerate(s for s in SOURCES if s.is_weak)}
"""Number of each source whose labels only lean the right way; 0 for the others."""

UNKNOWN = -1
LEAST_BALANCE, MOST_BALANCE = 0.5, 2.0
ASCII_SHARE, LOWER_SHARE = 0.12, 0.08
_TO_ASCII = str.maketrans("çğıöşüÇĞİÖŞÜ", "cgiosuCGIOSU")


@dataclass(frozen=True)
class Material:
    """Rows as arrays; `fits` and `known` have a column for every label of every choice."""

    pieces: Sequence[Sequence[int]]
    lengths: Whole
    fits: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]
    truths: npt.NDArray[np.int8]
    weights: Floats
    weak: Whole
    sources: npt.NDArray[np.str_]
    is_validation: npt.NDArray[np.bool_]

    def rows_of(self, source: str, *, validation: bool) -> Whole:
        """Return the rows of one source and split."""
        return np.flatnonzero((self.sources == source) & (self.is_validation == validation))


def build_material(
    rows: Sequence[Row], *, tokenizer: Tokenizer, characters: Mapping[int, str]
) -> Material:
    """Cut all texts into pieces and lay out their targets."""
    texts = tokenizer.encode_batch_fast(
        [prepare_text(vary_text(row), characters) for row in rows], add_special_tokens=False
    )
    parents = tokenizer.encode_batch_fast(
        [prepare_text(row.parent or "", characters) for row in rows], add_special_tokens=False
    )
    pieces = [
        join_pieces(text.ids, parent.ids) for text, parent in zip(texts, parents, strict=True)
    ]
    fits = np.zeros((len(rows), TRUTHS_AT), dtype=bool)
    known = np.zeros((len(rows), TRUTHS_AT), dtype=bool)
    truths = np.full((len(rows), len(TRUTHS)), UNKNOWN, dtype=np.int8)
    for at, row in enumerate(rows):
        for field, choice in row.targets.choices.items():
            start = COLUMNS[field].start
            fits[at, [start + CHOICES[field].index(label) for label in choice.fits]] = True
            known[at, [start + CHOICES[field].index(label) for label in choice.known]] = True
        for field, value in row.targets.truths.items():
            truths[at, TRUTHS.index(field)] = value
    sources = np.array([row.source for row in rows], dtype=np.str_)
    material = Material(
        pieces=pieces,
        lengths=np.array([len(one) for one in pieces], dtype=np.int64),
        fits=fits,
        known=known,
        truths=truths,
        weights=np.array([row.weight for row in rows], dtype=np.float32)[:, None]
        * np.ones((1, len(FIELDS)), dtype=np.float32),
        weak=np.array([WEAK.get(row.source, 0) for row in rows], dtype=np.int64),
        sources=sources,
        is_validation=np.array([row.is_validation for row in rows], dtype=bool),
    )
    _balance(material)
    return material


def vary_text(row: Row) -> str:
    """Return the text, for some rows without Turkish letters or in lower case, always the same."""
    draw = hash_fraction(f"vary {row.id}")
    if row.is_validation or draw >= ASCII_SHARE + LOWER_SHARE:
        return row.text
    if draw < ASCII_SHARE:
        return row.text.translate(_TO_ASCII) if row.lang == "tr" else row.text
    return row.text.lower()


def _balance(material: Material) -> None:
    """Weigh rare labels more and frequent ones less, within each source, by the root of their share."""
    groups = np.array(["own" if name.startswith("own-") else name for name in material.sources])
    for group in np.unique(groups):
        rows = np.flatnonzero((groups == group) & ~material.is_validation)
        for number, field in enumerate(FIELDS):
            labels = _labels_of(material, field, rows)
            values, counts = np.unique(labels[labels != UNKNOWN], return_counts=True)
            if len(values) < 2:
                continue
            total = counts.sum()
            for value, count in zip(values, counts, strict=True):
                balance = float(np.sqrt(total / (len(values) * count)))
                chosen = rows[labels == value]
                material.weights[chosen, number] *= np.clip(balance, LEAST_BALANCE, MOST_BALANCE)
    for number, field in enumerate(FIELDS):
        material.weights[:, number] *= FIELD_WEIGHTS.get(field, 0.5)


def _labels_of(material: Material, field: str, rows: Whole) -> npt.NDArray[np.int64]:
    if field in TRUTHS:
        return material.truths[rows, TRUTHS.index(field)].astype(np.int64)
    fits = material.fits[rows, COLUMNS[field]]
    return np.where(fits.any(axis=1), fits.argmax(axis=1), UNKNOWN)


OWN_COPIES, IDENTITY_COPIES = 4, 6
POOL = 6_144
PIECES_A_BATCH, TEXTS_A_BATCH = 1_792, 128


def draw_pass(
    material: Material, *, rng: np.random.Generator, own_copies: int = OWN_COPIES
) -> Whole:
    """Return the rows of one pass: a sample of each source up to its cap, ours repeated, shuffled."""
    drawn: list[Whole] = []
    for source in SOURCES:
        rows = material.rows_of(source.name, validation=False)
        if source.path == "spam/id-judol-youtube":  # few adverts among many comments: all of them
            is_advert = material.fits[rows, COLUMNS["category"]].sum(axis=1) == 1
            drawn += [rows[is_advert]] * 2
            rows = rows[~is_advert]
        drawn += [rng.permutation(rows)[: source.cap]] * source.copies
    own = np.flatnonzero(np.char.startswith(material.sources, "own-") & ~material.is_validation)
    drawn += [own] * own_copies
    drawn += [material.rows_of(IDENTITIES, validation=False)] * IDENTITY_COPIES
    return rng.permutation(np.concatenate(drawn))


def cut_batches(material: Material, rows: Whole, *, rng: random.Random) -> list[Whole]:
    """Return batches of texts of like length, their order shuffled within pools."""
    batches: list[Whole] = []
    for start in range(0, len(rows), POOL):
        pool = rows[start : start + POOL]
        pool = pool[np.argsort(material.lengths[pool], kind="stable")]
        cut: list[Whole] = []
        batch: list[int] = []
        for row in pool.tolist():
            longest = int(material.lengths[row])
            if batch and (
                longest * (len(batch) + 1) > PIECES_A_BATCH or len(batch) >= TEXTS_A_BATCH
            ):
                cut.append(np.array(batch))
                batch = []
            batch.append(row)
        cut.append(np.array(batch))
        rng.shuffle(cut)
        batches += cut
    return batches
