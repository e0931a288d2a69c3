"""Remember what words say, so that a word that was met before costs one look-up.

Bounded: when more than `MOST_WORDS` words are known, all are forgotten before the next batch.
What is remembered is a pure function of the word, so forgetting changes no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from amends_engine.text.normalise import fold_diacritics
from amends_engine.triage.features import FeatureShape, Hashes, Integers, hash_words
from amends_engine.triage.heads import Floats, Heads, Table

MOST_WORDS = 25_000
MOST_ROWS = 30_000
"""Rows over all languages; a word has one in each language in which it was met."""

LEARNED_AT_ONCE = 1_000
"""New words that are hashed together; more would only need more memory."""

NO_WORD = ""
"""The word with number 0, which says nothing; it keeps texts without words from being special."""


class WordMemory:
    """Numbers for words, and by number what each says of the language and in each language."""

    def __init__(self, *, shape: FeatureShape, language: Table, heads: Sequence[Heads]) -> None:
        self._shape = shape
        self._language = language
        self._heads = heads
        self._forget()

    def _forget(self) -> None:
        columns = self._heads[0].words.rows.shape[1]
        self._ids: dict[str, int] = {NO_WORD: 0}
        self._words: list[str] = [NO_WORD]
        self._rows = 1
        self.hashes: Hashes = np.zeros(1, dtype=np.uint64)
        self.sizes: Floats = np.zeros(1, dtype=np.float32)
        self.languages: Floats = np.zeros((1, self._language.rows.shape[1]), dtype=np.float32)
        self.fields: Floats = np.zeros((1, columns), dtype=np.float32)
        self._places = np.full((len(self._heads), 1), -1, dtype=np.int64)
        self._places[:, 0] = 0

    def make_room(self) -> None:
        """Forget everything if too much is known; numbers given before are void after it."""
        if len(self._words) > MOST_WORDS or self._rows > MOST_ROWS:
            self._forget()

    def number_words(self, words: Sequence[str]) -> Integers:
        """Return the number of each word, learning those that are new."""
        ids = self._ids
        try:
            return np.fromiter(map(ids.__getitem__, words), dtype=np.int64, count=len(words))
        except KeyError:
            new = [word for word in dict.fromkeys(words) if word not in ids]
        for at in range(0, len(new), LEARNED_AT_ONCE):
            self._learn(new[at : at + LEARNED_AT_ONCE])
        return np.fromiter(map(ids.__getitem__, words), dtype=np.int64, count=len(words))

    def _learn(self, words: Sequence[str]) -> None:
        first = len(self._words)
        self._ids.update(zip(words, range(first, first + len(words)), strict=True))
        self._words += words
        found = hash_words(words, shape=self._shape)
        whole = hash_words([fold_diacritics(word) for word in words], shape=self._shape)
        said = self._language.sum_buckets(found.buckets, found.starts)
        sizes = np.diff(np.append(found.starts, len(found.buckets)))
        self.languages = _put(self.languages, said, first)
        self.hashes = _put(self.hashes, whole.hashes, first)
        self.sizes = _put(self.sizes, sizes.astype(np.float32), first)
        room = len(self.sizes) - self._places.shape[1]
        if room > 0:
            more = np.full((len(self._heads), room), -1, dtype=np.int64)
            self._places = np.concatenate((self._places, more), axis=1)

    def place_fields(self, ids: Integers, groups: Integers) -> Integers:
        """Return the row of `fields` for each word in the language of its text."""
        places = self._places[groups, ids]
        missing = np.flatnonzero(places < 0)
        if len(missing):
            for group in np.unique(groups[missing]).tolist():
                new = np.unique(ids[missing][groups[missing] == group])
                for at in range(0, len(new), LEARNED_AT_ONCE):
                    self._learn_fields(new[at : at + LEARNED_AT_ONCE], group)
            places = self._places[groups, ids]
        return places

    def _learn_fields(self, ids: Integers, group: int) -> None:
        words = [fold_diacritics(self._words[number]) for number in ids.tolist()]
        found = hash_words(words, shape=self._shape)
        said = self._heads[group].words.sum_buckets(found.buckets, found.starts)
        self._places[group, ids] = np.arange(self._rows, self._rows + len(ids))
        self.fields = _put(self.fields, said, self._rows)
        self._rows += len(ids)


def _put(whole: npt.NDArray[Any], part: npt.NDArray[Any], at: int) -> npt.NDArray[Any]:
    """Write `part` into `whole` from row `at` on, in a larger array if it does not fit."""
    if at + len(part) > len(whole):
        larger = np.zeros(
            (max(2 * len(whole), at + len(part), 1024), *whole.shape[1:]), whole.dtype
        )
        larger[:at] = whole[:at]
        whole = larger
    whole[at : at + len(part)] = part
    return whole
