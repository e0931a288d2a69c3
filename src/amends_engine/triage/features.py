"""Hash the character and word n-grams of a batch of texts, vectorised and without a vocabulary.

Two blocks share one index space: character n-grams of 2 to 5 inside blank-padded chunks, then
single words and pairs of words. Every occurrence keeps the chunk (blank-separated piece) that it
came from, so that a weight can be traced to a span. Polynomial hashes modulo 2**64 over code
points, finished as in MurmurHash3 (public domain).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

BLANK, LETTER, SYMBOL = 0, 1, 2
SHORTEST, LONGEST = 2, 5
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class FeatureShape:
    """How many buckets each block has, as powers of two."""

    char_bits: int
    word_bits: int

    @property
    def size(self) -> int:
        return (1 << self.char_bits) + (1 << self.word_bits)

    @property
    def char_size(self) -> int:
        return 1 << self.char_bits


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every n-gram of a batch: its bucket, the text and the chunk that it stands in."""

    buckets: Integers
    rows: Integers
    chunks: Integers
    chunk_rows: Integers
    chunk_starts: Integers
    chunk_ends: Integers
    row_count: int


def hash_texts(texts: Sequence[str], *, shape: FeatureShape) -> Occurrences:
    """Return the n-grams of normalised `texts`; chunk bounds are offsets into each of them."""
    codes, offsets = _join(texts)
    kinds = _kinds(codes)
    is_blank = kinds == BLANK
    inside = ~is_blank
    begins = inside & np.concatenate(([True], is_blank[:-1]))
    chunk_of = np.cumsum(begins) - 1
    chunk_starts = np.flatnonzero(begins)
    chunk_ends = np.flatnonzero(inside & np.concatenate((is_blank[1:], [True]))) + 1
    chunk_rows = np.searchsorted(offsets, chunk_starts, side="right") - 1
    char_buckets, char_chunks = _hash_characters(codes, is_blank, chunk_of, shape)
    word_buckets, word_chunks = _hash_words(codes, kinds, chunk_of, chunk_rows, shape)
    chunks = np.concatenate((char_chunks, word_chunks))
    return Occurrences(
        buckets=np.concatenate((char_buckets, word_buckets)),
        rows=chunk_rows[chunks] if len(chunk_rows) else chunks,
        chunks=chunks,
        chunk_rows=chunk_rows,
        chunk_starts=chunk_starts - offsets[chunk_rows],
        chunk_ends=chunk_ends - offsets[chunk_rows],
        row_count=len(texts),
    )


def _join(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], Integers]:
    # Each text is preceded by one blank, and one ends the batch; offsets point behind the blank.
    joined = " " + " ".join(texts) + " "
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    return codes, np.concatenate(([0], np.cumsum(lengths)[:-1])) + 1 if len(texts) else lengths


@cache
def _kind_table() -> npt.NDArray[np.uint8]:
    table = np.full(0x10000, SYMBOL, dtype=np.uint8)
    for code in range(0x10000):
        char = chr(code)
        if char.isspace():
            table[code] = BLANK
        elif char.isalnum() or char == "'":
            table[code] = LETTER
    return table


def _kinds(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    table = _kind_table()
    return np.where(codes < len(table), table[np.minimum(codes, len(table) - 1)], SYMBOL).astype(
        np.uint8
    )


def _finish(hashes: Hashes) -> Hashes:
    hashes = hashes ^ (hashes >> np.uint64(33))
    hashes = hashes * np.uint64(0xFF51AFD7ED558CCD)
    return hashes ^ (hashes >> np.uint64(33))


def _hash_characters(
    codes: npt.NDArray[np.uint32],
    is_blank: npt.NDArray[np.bool_],
    chunk_of: Integers,
    shape: FeatureShape,
) -> tuple[Integers, Integers]:
    values = codes.astype(np.uint64) + np.uint64(1)
    rolling = values.copy()
    valid = np.ones(len(codes), dtype=bool)
    buckets, chunks = [], []
    mask = np.uint64(shape.char_size - 1)
    for length in range(SHORTEST, LONGEST + 1):
        count = len(codes) - length + 1
        if count <= 0:
            break
        rolling = rolling[:count] * _BASE + values[length - 1 :]
        # Blanks may stand at both ends of an n-gram, never inside.
        valid = valid[:count]
        if length > SHORTEST:
            valid = valid & ~is_blank[length - 2 : length - 2 + count]
        whole = (
            valid & ~(is_blank[:count] & is_blank[length - 1 :]) if length == SHORTEST else valid
        )
        at = np.flatnonzero(whole)
        salted = rolling[at] + np.uint64(length * 0xC2B2AE3D27D4EB4F & 0xFFFFFFFFFFFFFFFF)
        buckets.append((_finish(salted) & mask).astype(np.int64))
        chunks.append(chunk_of[at + is_blank[at]])
    if not buckets:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    return np.concatenate(buckets), np.concatenate(chunks)


def _hash_words(
    codes: npt.NDArray[np.uint32],
    kinds: npt.NDArray[np.uint8],
    chunk_of: Integers,
    chunk_rows: Integers,
    shape: FeatureShape,
) -> tuple[Integers, Integers]:
    before = np.concatenate(([BLANK], kinds[:-1])).astype(np.uint8)
    begins = (kinds == SYMBOL) | ((kinds == LETTER) & (before != LETTER))
    starts = np.flatnonzero(begins)
    if not len(starts):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    after = np.concatenate((kinds[1:], [BLANK])).astype(np.uint8)
    ends = np.flatnonzero((kinds == SYMBOL) | ((kinds == LETTER) & (after != LETTER))) + 1
    mixed = _finish((codes.astype(np.uint64) + np.uint64(1)) * _BASE)
    powers = _powers(int((ends - starts).max()))
    words = _word_hashes(mixed, starts, ends, powers)
    chunks = chunk_of[starts]
    same = chunk_rows[chunks[:-1]] == chunk_rows[chunks[1:]]
    pairs = (words[:-1] * np.uint64(0x165667B19E3779F9) + words[1:])[same]
    hashes = _finish(np.concatenate((words, pairs)))
    mask = np.uint64((1 << shape.word_bits) - 1)
    buckets = (hashes & mask).astype(np.int64) + shape.char_size
    return buckets, np.concatenate((chunks, chunks[:-1][same]))


def _powers(longest: int) -> Hashes:
    # The stubs of NumPy take products of unsigned integers for signed ones.
    return cast("Hashes", np.cumprod(np.full(longest, _BASE, dtype=np.uint64)))


def _word_hashes(mixed: Hashes, starts: Integers, ends: Integers, powers: Hashes) -> Hashes:
    lengths = ends - starts
    place = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    terms = mixed[np.repeat(starts, lengths) + place] * powers[place]
    return np.asarray(np.add.reduceat(terms, np.cumsum(lengths) - lengths), dtype=np.uint64)
