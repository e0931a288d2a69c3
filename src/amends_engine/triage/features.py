"""Take a normalised text apart into words, and hash what is inside a word and between two.

Everything that is learned hangs on words: the character n-grams of 2 to 5 inside a word (with its
ends marked) and the word itself in one block of buckets, pairs of neighbours in another. So what a
word says can be remembered, and a text costs no more than looking its words up. Polynomial hashes
modulo 2**64 over code points, finished as in MurmurHash3 (public domain).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

LONGEST_WORD = 32
"""Longer words are cut, so that remembering one is cheap whatever a text contains."""

WORD = re.compile(rf"⟨url⟩|⟨@⟩|\w[\w']{{0,{LONGEST_WORD - 1}}}|[^\w\s]{{1,4}}")
SHORTEST, LONGEST = 2, 5

_BASE = np.uint64(0x9E3779B97F4A7C15)
_PAIR = np.uint64(0x165667B19E3779F9)
_DIGITS = str.maketrans("123456789", "000000000")
_BLANK = 0x20


@dataclass(frozen=True, slots=True)
class FeatureShape:
    """How many buckets each block has, as powers of two."""

    word_bits: int
    pair_bits: int

    @property
    def word_size(self) -> int:
        return 1 << self.word_bits

    @property
    def pair_size(self) -> int:
        return 1 << self.pair_bits


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """The buckets of some words: those of word i stand from `starts[i]` on; and its own hash."""

    buckets: Integers
    starts: Integers
    hashes: Hashes


def hash_words(words: Sequence[str], *, shape: FeatureShape) -> WordFeatures:
    """Return the buckets of the n-grams inside each word and of the word itself.

    Words must not be empty nor contain a blank. Digits count as one and the same, so that no
    number is ever learned.
    """
    if not words:
        nothing = np.empty(0, dtype=np.int64)
        return WordFeatures(nothing, nothing, np.empty(0, dtype=np.uint64))
    joined = " " + " ".join(words).translate(_DIGITS) + " "
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_blank = codes == _BLANK
    owners = np.cumsum(is_blank) - 1
    buckets, of_word = _hash_characters(codes, is_blank, owners, shape)
    hashes = _hash_whole(codes, is_blank)
    mask = np.uint64(shape.word_size - 1)
    buckets.append((hashes & mask).astype(np.int64))
    of_word.append(np.arange(len(words)))
    every = np.concatenate(of_word)
    order = np.argsort(every, kind="stable")
    starts = np.searchsorted(every[order], np.arange(len(words)))
    return WordFeatures(np.concatenate(buckets)[order], starts, hashes)


def hash_pairs(hashes: Hashes, *, shape: FeatureShape) -> Integers:
    """Return the bucket of each word with the one behind it, one less than words."""
    mixed = _finish(hashes[:-1] * _PAIR + hashes[1:])
    return (mixed & np.uint64(shape.pair_size - 1)).astype(np.int64)


def _finish(hashes: Hashes) -> Hashes:
    hashes = hashes ^ (hashes >> np.uint64(33))
    hashes = hashes * np.uint64(0xFF51AFD7ED558CCD)
    return hashes ^ (hashes >> np.uint64(33))


def _hash_characters(
    codes: npt.NDArray[np.uint32],
    is_blank: npt.NDArray[np.bool_],
    owners: Integers,
    shape: FeatureShape,
) -> tuple[list[Integers], list[Integers]]:
    values = codes.astype(np.uint64) + np.uint64(1)
    rolling = values.copy()
    valid = np.ones(len(codes), dtype=bool)
    buckets, of_word = [], []
    mask = np.uint64(shape.word_size - 1)
    for length in range(SHORTEST, LONGEST + 1):
        count = len(codes) - length + 1
        if count <= 0:
            break
        rolling = rolling[:count] * _BASE + values[length - 1 :]
        # Blanks may stand at both ends of an n-gram, never inside.
        valid = valid[:count]
        if length > SHORTEST:
            valid = valid & ~is_blank[length - 2 : length - 2 + count]
        at = np.flatnonzero(valid)
        salted = rolling[at] + np.uint64(length * 0xC2B2AE3D27D4EB4F & 0xFFFFFFFFFFFFFFFF)
        buckets.append((_finish(salted) & mask).astype(np.int64))
        of_word.append(owners[at])
    return buckets, of_word


def _hash_whole(codes: npt.NDArray[np.uint32], is_blank: npt.NDArray[np.bool_]) -> Hashes:
    blanks = np.flatnonzero(is_blank)
    starts, lengths = blanks[:-1] + 1, np.diff(blanks) - 1
    mixed = _finish((codes.astype(np.uint64) + np.uint64(1)) * _BASE)
    # The stubs of NumPy take products of unsigned integers for signed ones.
    powers = cast(
        "Hashes", np.cumprod(np.full(int(lengths.max()), _BASE, dtype=np.uint64), dtype=np.uint64)
    )
    inside = np.flatnonzero(~is_blank)
    place = inside - np.repeat(starts, lengths)
    terms = mixed[inside] * powers[place]
    sums = np.add.reduceat(terms, np.cumsum(lengths) - lengths)
    return _finish(np.asarray(sums, dtype=np.uint64))
