"""Features of many texts as sparse matrices, exactly those that the screen computes at run time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from amends_engine.text.normalise import fold_diacritics, normalise_text
from amends_engine.triage.features import WORD, FeatureShape, WordFeatures, hash_pairs, hash_words
from amends_engine.triage.heads import PAIR_WEIGHT

SHAPE = FeatureShape(word_bits=18, pair_bits=17)

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Features:
    """A row for each text: its words (`SHAPE.word_size` columns) and pairs (`SHAPE.pair_size`)."""

    words: sparse.csr_matrix
    pairs: sparse.csr_matrix

    def __getitem__(self, at: Whole) -> Features:
        return Features(self.words[at], self.pairs[at])

    def joined(self) -> sparse.csr_matrix:
        """Return both blocks side by side."""
        return sparse.hstack([self.words, self.pairs], format="csr", dtype=np.float32)


def extract_features(texts: Sequence[str], *, has_marks: bool, has_pairs: bool = True) -> Features:
    """Return the features of texts as given.

    `has_marks` keeps ş apart from s: so the language is learned, the fields are not.
    """
    ids: dict[str, int] = {}
    documents = [
        np.array(
            [ids.setdefault(word, len(ids)) for word in WORD.findall(normalise_text(text).text)],
            dtype=np.int64,
        )
        for text in texts
    ]
    words = list(ids)
    folded = hash_words([fold_diacritics(word) for word in words], shape=SHAPE)
    found = hash_words(words, shape=SHAPE) if has_marks else folded
    inside = _inside_words(found, count=len(words))
    pairs = [hash_pairs(folded.hashes[one], shape=SHAPE) for one in documents] if has_pairs else []
    return Features(
        _scale(_count(documents, width=len(words)) @ inside),
        _scale_pairs(pairs) if has_pairs else sparse.csr_matrix((len(texts), SHAPE.pair_size)),
    )


def _inside_words(found: WordFeatures, *, count: int) -> sparse.csr_matrix:
    ends = np.append(found.starts, len(found.buckets))
    ones = np.ones(len(found.buckets), dtype=np.float32)
    return sparse.csr_matrix((ones, found.buckets, ends), shape=(count, SHAPE.word_size))


def _count(lists: Sequence[Whole], *, width: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *map(len, lists)])
    every = np.concatenate(lists) if lists else np.empty(0, dtype=np.int64)
    ones = np.ones(len(every), dtype=np.float32)
    counts = sparse.csr_matrix((ones, every, ends), shape=(len(lists), width))
    counts.sum_duplicates()
    return counts


def _scale(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    sizes = np.asarray(counts.sum(axis=1)).ravel()
    return sparse.csr_matrix(
        sparse.diags((1 / np.sqrt(np.maximum(sizes, 1))).astype(np.float32)) @ counts
    )


def _scale_pairs(pairs: Sequence[Whole]) -> sparse.csr_matrix:
    counts = _count(pairs, width=SHAPE.pair_size)
    sizes = np.array([max(len(one), 1) for one in pairs], dtype=np.float32)
    return sparse.csr_matrix(sparse.diags(PAIR_WEIGHT / np.sqrt(sizes)) @ counts)
