"""Tells a fight among commenters from a conversation about the matter (K38), by signs anybody can check.

Pure: turns in, signs out. Four signs must come together: people who answer each other, at least four such
turns, words that have left the matter, and heat. It says nothing of who began or who is right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MIN_AUTHORS = 2
MIN_TURNS = 4
ON_MATTER = 0.25  # at most this share of the turns may still speak of the matter
MIN_HEATED = 2
SHOUTED = 0.6  # share of capitals from which a text shouts
MIN_LETTERS = 8  # below that capitals say nothing
STEM = 5  # letters; endings of Turkish, Russian and the others are cut off by it
SHORTEST = 4

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Turn:
    """One word of a thread: who says it, to whom (the author that it answers), and what.

    `is_heated` is what an engine or person says of the mood; None where nobody has.
    """

    author: str
    to: str | None
    text: str
    is_ours: bool = False
    is_heated: bool | None = None


@dataclass(frozen=True, slots=True)
class FightSigns:
    """What shows a fight: how many authors, how many turns at each other, how many of them heated."""

    authors: int
    turns: int
    heated: int
    on_matter: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """What people wrote to each other; how many of the last turns are angry, how many speak of the matter."""

    speakers: frozenset[str] = frozenset()
    turns: int = 0
    recent: int = 0
    heated: int = 0
    on_matter: int = 0

    @property
    def is_long(self) -> bool:
        """Whether there is enough of it to tell anything."""
        return self.recent >= MIN_TURNS and len(self.speakers) >= MIN_AUTHORS

    @property
    def has_left_the_matter(self) -> bool:
        return self.on_matter <= self.recent * ON_MATTER

    @property
    def is_angry(self) -> bool:
        return self.heated >= MIN_HEATED


def find_fight(turns: Sequence[Turn], *, matter: str) -> FightSigns | None:
    """The signs of a fight, or None; `turns` in order, `matter` is what the thread was about.

    The last turns count: a thread that comes back to the matter is no fight any more.
    """
    found = read_exchange(turns, matter=matter)
    if not (found.is_long and found.has_left_the_matter and found.is_angry):
        return None
    return FightSigns(len(found.speakers), found.turns, found.heated, found.on_matter)


def read_exchange(turns: Sequence[Turn], *, matter: str) -> Exchange:
    """What people say to one another; empty where nobody gets an answer back: many at one are no fight."""
    at_each_other = _exchange(turns)
    recent = at_each_other[-max(MIN_TURNS, 8) :]
    if not _is_mutual(recent):
        return Exchange()
    known = _stems(matter)
    return Exchange(
        speakers=frozenset(one.author for one in recent),
        turns=len(at_each_other),
        recent=len(recent),
        heated=sum(_is_heated(one) for one in recent),
        on_matter=sum(_speaks_of(one.text, known=known) for one in recent),
    )


def speaks_of_matter(text: str, *, matter: str) -> bool:
    """Whether a text shares words with what the thread is about."""
    return _speaks_of(text, known=_stems(matter))


def _exchange(turns: Sequence[Turn]) -> list[Turn]:
    """The turns of people who answer other people of the thread; ours, and answers to us, are none."""
    ours = {one.author for one in turns if one.is_ours}
    speakers = {one.author for one in turns} - ours
    return [one for one in turns if one.author in speakers and one.to in speakers - {one.author}]


def _is_mutual(turns: Sequence[Turn]) -> bool:
    """Whether two people at least answer one another; many who answer one are no fight."""
    pairs = {(one.author, one.to) for one in turns}
    return any((to, author) in pairs for author, to in pairs)


def _speaks_of(text: str, *, known: frozenset[str]) -> bool:
    """One long word of the matter, or two of any length: short ones are often shared by chance."""
    shared = _stems(text) & known
    return len(shared) >= 2 or any(len(stem) >= STEM for stem in shared)


def _stems(text: str) -> frozenset[str]:
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(word[:STEM] for word in words if len(word) >= SHORTEST)


def _is_heated(turn: Turn) -> bool:
    if turn.is_heated is not None:
        return turn.is_heated
    letters = [one for one in turn.text if one.isalpha()]
    shouts = sum(one.isupper() for one in letters) >= SHOUTED * max(len(letters), MIN_LETTERS)
    return shouts or "!!" in turn.text or "??" in turn.text or "?!" in turn.text
