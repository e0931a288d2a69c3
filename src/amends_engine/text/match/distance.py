"""How far a word is from another one, up to a bound; and an index of near words.

The distance counts insertions, deletions, substitutions and swaps of neighbours (optimal string
alignment). The index keeps each word under every string that deleting up to `budget` letters
leaves: two words within the budget share such a string (W. Garbe, symmetric deletion, 2012).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from amends_engine.text.match.fold import squeeze

Owner = TypeVar("Owner")

MIN_LETTERS = 5
"""Shorter words are never found misspelt, but for a letter written twice."""


LONG_ENOUGH = 7
"""Letters from which on any letter may stand for any other, and a wrong word may take endings."""
_ALIKE = (
    "aeiouyаеиоуыэюя",
    "ckgqкг",
    "szcзсц",
    "dtдт",
    "bpбп",
    "vwfuвф",
    "ijy",
    "mnмн",
    "lrлр",
    "hgkхг",
)


def is_plausible(word: str, known: str) -> bool:
    """Whether a short word at distance 1 differs as people err: a letter too many, too few, swapped,
    or one for another that sounds like it; chance neighbours (Zumba, Zumoa) mostly do not."""
    if len(known) >= LONG_ENOUGH or len(word) != len(known) or sorted(word) == sorted(known):
        return True
    (one, other), *_rest = ((a, b) for a, b in zip(word, known, strict=True) if a != b)
    return any(one in group and other in group for group in _ALIKE)


def is_light(word: str, known: str) -> bool:
    """Whether a letter was written twice or two changed places: the name shows through in a short word."""
    return sorted(word) == sorted(known) or squeeze(word) == squeeze(known)


def budget_of(word: str) -> int:
    """How many letters of a word may be wrong: 0 below 5, 1 up to 8, 2 from 9 on."""
    if len(word) < MIN_LETTERS:
        return 0
    return 1 if len(word) < 9 else 2


def distance(one: str, other: str, *, limit: int) -> int:
    """The distance of two words, or `limit + 1` when it is more than `limit`."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        after = [at] + [0] * len(other)
        for place, letter in enumerate(other, 1):
            cost = min(row[place] + 1, after[place - 1] + 1, row[place - 1] + (char != letter))
            is_swap = at > 1 < place and char == other[place - 2] and one[at - 2] == letter
            after[place] = min(cost, before[place - 2] + 1) if is_swap else cost
        if min(after) > limit:
            return limit + 1
        before, row = row, after
    return min(row[-1], limit + 1)


class NearWords(Generic[Owner]):
    """Finds the words that a misspelt one may be."""

    def __init__(self, words: Iterable[tuple[str, Owner]]) -> None:
        self._index: dict[str, list[tuple[str, Owner]]] = defaultdict(list)
        self._deepest = 0
        for word, owner in words:
            budget = budget_of(word)
            self._deepest = max(self._deepest, budget)
            for left in _shortened(word, budget) if budget else ():
                self._index[left].append((word, owner))

    def find(self, word: str) -> list[tuple[int, str, Owner]]:
        """Distance (at least 1), word and owner of every near one; the nearest first."""
        near: dict[tuple[str, int], tuple[int, str, Owner]] = {}
        for left in _shortened(word, min(self._deepest, budget_of(word + "x"))):
            for known, owner in self._index.get(left, ()):
                key = (known, id(owner))
                if key in near or known[:1] != word[:1]:
                    continue  # people get the first letter right, and chance neighbours do not
                budget = min(budget_of(known), budget_of(word + "x"))
                far = distance(word, known, limit=budget)
                if 0 < far <= budget and is_plausible(word, known):
                    near[key] = (far, known, owner)
        return sorted(near.values(), key=lambda one: (one[0], one[1]))


def _shortened(word: str, budget: int) -> set[str]:
    """The word and what is left of it without up to `budget` letters."""
    found = {word}
    edge = {word}
    for _ in range(budget):
        edge = {one[:at] + one[at + 1 :] for one in edge for at in range(len(one))}
        found |= edge
    return found
