"""Shows what changed between two texts, word by word, so that a person can read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_TOKENS = 2_000  # beyond it the comparison would take seconds: the texts are shown whole


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with one fate."""

    change: Change
    text: str


def diff_words(old: str, *, new: str) -> tuple[Piece, ...]:
    """The pieces in reading order; without the added ones they make `old`, without the removed `new`."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) + len(after) > _MOST_TOKENS:
        pieces = [Piece(Change.REMOVED, old), Piece(Change.ADDED, new)]
        return tuple(piece for piece in pieces if piece.text)
    pieces = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for verb, start, end, new_start, new_end in _bridge(matcher.get_opcodes(), before):
        if verb == "equal":
            pieces.append(Piece(Change.SAME, "".join(before[start:end])))
            continue
        pieces.append(Piece(Change.REMOVED, "".join(before[start:end])))
        pieces.append(Piece(Change.ADDED, "".join(after[new_start:new_end])))
    return tuple(piece for piece in pieces if piece.text)


_Step = tuple[str, int, int, int, int]


def _bridge(steps: list[_Step], before: list[str]) -> list[_Step]:
    """Join changes that only a space separates: "two words" reads better than two single ones."""
    joined: list[_Step] = []
    for step in steps:
        is_space = step[0] == "equal" and not "".join(before[step[1] : step[2]]).strip()
        is_between = is_space and joined and joined[-1][0] != "equal" and step is not steps[-1]
        if joined and joined[-1][0] == "bridge":
            last = joined.pop()
            joined.append(("replace", last[1], step[2], last[3], step[4]))
        elif is_between:
            last = joined.pop()
            joined.append(("bridge", last[1], step[2], last[3], step[4]))
        else:
            joined.append(step)
    return joined
