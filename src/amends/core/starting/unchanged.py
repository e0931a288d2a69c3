"""Whether a draft still is its starting point: equal apart from what stands in for names and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLANKS = re.compile(r"\s+")
_SENTENCES = re.compile(r"[^.!?…\n]+[.!?…]*")
FILLED = (
    60  # characters that one variable or gap may have become and still be no words of one's own
)
SHOWN = 2
SHORTEST = 12  # characters of a sentence that is worth quoting
LONGEST = 140


@dataclass(frozen=True, slots=True)
class Left:
    """Words of a starting point that still stand in a draft, with their place in code points."""

    words: str
    start: int
    end: int


def is_same_apart_from_variables(draft: str, *, parts: tuple[str, ...]) -> bool:
    """Whether the draft is these fixed parts in order, with at most 60 characters in each place between.

    Blanks and capital letters make no difference. Time grows with the length of the draft, whatever it says.
    """
    text = _flat(draft)
    pieces = [_flat(one) for one in parts]
    if not any(pieces):
        return False
    ends = {0}
    for at, piece in enumerate(pieces):
        room = 0 if at == 0 else FILLED
        ends = {
            place + len(piece)
            for end in ends
            for place in range(end, min(end + room, len(text) - len(piece)) + 1)
            if text.startswith(piece, place)
        }
        if not ends:
            return False
    return len(text) in ends


def words_left(draft: str, *, parts: tuple[str, ...]) -> tuple[Left, ...]:
    """The longest sentences of the fixed parts that stand in the draft as they are."""
    found: list[Left] = []
    folded = draft.casefold()
    is_aligned = len(folded) == len(draft)  # else places would not fit: then none are given
    for part in parts:
        for sentence in _SENTENCES.findall(part):
            words = sentence.strip()
            if len(words) < SHORTEST or not is_aligned:
                continue
            start = folded.find(words.casefold())
            if start >= 0:
                found.append(Left(draft[start : start + len(words)], start, start + len(words)))
    return tuple(sorted(found, key=lambda one: one.start - one.end)[:SHOWN])


def quote(left: tuple[Left, ...]) -> str:
    """The words in quotation marks, shortened."""
    return ", ".join(
        f"“{one.words if len(one.words) <= LONGEST else one.words[: LONGEST - 1] + '…'}”"
        for one in left
    )


def _flat(text: str) -> str:
    return _BLANKS.sub(" ", text).strip().casefold()
