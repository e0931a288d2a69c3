"""Shows what changed between two texts, word by word, so that a person can read it.

Long texts are first cut at words or runs of words that stand once in both (patience diff), and only
the short stretches between are compared word against word: the time grows with the length, not
with its square. What is long, changed and too repetitive to be cut is shown whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from amends.core.longest_rise import longest_rise

_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u093c-\u094d\u0e31-\u0e4e"
_WORD = rf"(?:\w[{_MARKS}]*)+"
# A picture with all that belongs to it: skin tone, variant, tag and joined parts; flags are pairs.
_TONES = "\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_SIGN = rf"[\U0001f1e6-\U0001f1ff]{{2}}|[^\w\s][{_MARKS}{_TONES}]*(?:\u200d[^\w\s][{_TONES}]*)*"
_TOKENS = re.compile(rf"{_WORD}(?:['’]{_WORD})*|\s+|{_SIGN}")
_RUNS = (1, 4, 12, 36)  # a single word tells most; repetitive texts need more of them
_MOST_CELLS = 40_000  # of the table that compares two stretches; beyond it they are shown whole


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


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Half-open ranges of both token lists that are compared with each other."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int

    @property
    def cells(self) -> int:
        return (self.old_end - self.old_start) * (self.new_end - self.new_start)


_Pair = tuple[int, int]  # places of one token in old and new


def diff_words(old: str, *, new: str) -> tuple[Piece, ...]:
    """Return the pieces in reading order, what was removed before what was added in its place.

    Without the added pieces they make `old`, without the removed ones `new`, character by character.
    """
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    pairs = _match(before, after)
    return tuple(
        _compose(before, after, _without_islands(before, pairs, (len(before), len(after))))
    )


def _match(before: Sequence[str], after: Sequence[str]) -> list[_Pair]:
    """Return the tokens that stayed, in order."""
    kept: list[_Pair] = []
    waiting = [_Stretch(0, len(before), 0, len(after))]
    while waiting:
        stretch = waiting.pop()
        edges, inner = _peel(before, after, stretch)
        kept += edges
        if not inner.cells:
            continue
        if inner.cells <= _MOST_CELLS:
            kept += _compare(before, after, inner)
        elif anchors := _find_anchors(before, after, inner):
            kept += anchors
            waiting += _between(inner, anchors)
    return sorted(kept)


def _peel(
    before: Sequence[str], after: Sequence[str], stretch: _Stretch
) -> tuple[list[_Pair], _Stretch]:
    """Return the equal tokens at both ends, and what lies between."""
    start, new_start = stretch.old_start, stretch.new_start
    end, new_end = stretch.old_end, stretch.new_end
    pairs: list[_Pair] = []
    while start < end and new_start < new_end and before[start] == after[new_start]:
        pairs.append((start, new_start))
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and before[end - 1] == after[new_end - 1]:
        end, new_end = end - 1, new_end - 1
        pairs.append((end, new_end))
    return pairs, _Stretch(start, end, new_start, new_end)


def _find_anchors(before: Sequence[str], after: Sequence[str], stretch: _Stretch) -> list[_Pair]:
    """Return where both sides surely agree: runs of tokens that stand once on each side, in order."""
    for length in _RUNS:
        old = _unique_runs(before, start=stretch.old_start, end=stretch.old_end, length=length)
        new = _unique_runs(after, start=stretch.new_start, end=stretch.new_end, length=length)
        shared = sorted((at, new[run]) for run, at in old.items() if run in new)
        if shared:
            return [shared[at] for at in longest_rise([new_at for _, new_at in shared])]
    return []


def _unique_runs(
    tokens: Sequence[str], *, start: int, end: int, length: int
) -> dict[tuple[str, ...], int]:
    """Return the runs of `length` tokens that occur once, with their place."""
    runs = [tuple(tokens[at : at + length]) for at in range(start, end - length + 1)]
    count = Counter(runs)
    return {run: at for at, run in enumerate(runs, start=start) if count[run] == 1}


def _between(stretch: _Stretch, anchors: Sequence[_Pair]) -> Iterator[_Stretch]:
    old_start, new_start = stretch.old_start, stretch.new_start
    for old_at, new_at in (*anchors, (stretch.old_end, stretch.new_end)):
        yield _Stretch(old_start, old_at, new_start, new_at)
        old_start, new_start = old_at + 1, new_at + 1


def _compare(before: Sequence[str], after: Sequence[str], stretch: _Stretch) -> list[_Pair]:
    """Return a longest common subsequence of two short stretches."""
    old = before[stretch.old_start : stretch.old_end]
    new = after[stretch.new_start : stretch.new_end]
    # length[i][j]: of the longest common subsequence of old[i:] and new[j:]
    length = [[0] * (len(new) + 1)]
    for token in reversed(old):
        below = length[-1]
        row = [0] * (len(new) + 1)
        for at in range(len(new) - 1, -1, -1):
            row[at] = below[at + 1] + 1 if token == new[at] else max(below[at], row[at + 1])
        length.append(row)
    length.reverse()
    pairs: list[_Pair] = []
    at, new_at = 0, 0
    while at < len(old) and new_at < len(new):
        if old[at] == new[new_at]:
            pairs.append((stretch.old_start + at, stretch.new_start + new_at))
            at, new_at = at + 1, new_at + 1
        elif length[at + 1][new_at] >= length[at][new_at + 1]:
            at += 1
        else:
            new_at += 1
    return pairs


def _without_islands(before: Sequence[str], pairs: Sequence[_Pair], ends: _Pair) -> list[_Pair]:
    """Drop a lone space between two changes: "two words" reads better than two single ones."""
    kept: list[_Pair] = []
    for at, (old_at, new_at) in enumerate(pairs):
        behind = pairs[at - 1] if at else (-1, -1)
        ahead = pairs[at + 1] if at + 1 < len(pairs) else ends
        is_alone = behind != (old_at - 1, new_at - 1) and ahead != (old_at + 1, new_at + 1)
        if not (is_alone and before[old_at].isspace()):
            kept.append((old_at, new_at))
    return kept


def _compose(
    before: Sequence[str], after: Sequence[str], pairs: Sequence[_Pair]
) -> Iterator[Piece]:
    same: list[str] = []
    old_at, new_at = 0, 0
    for old_next, new_next in (*pairs, (len(before), len(after))):
        removed, added = before[old_at:old_next], after[new_at:new_next]
        if removed or added:
            if same:
                yield Piece(Change.SAME, "".join(same))
                same = []
            if removed:
                yield Piece(Change.REMOVED, "".join(removed))
            if added:
                yield Piece(Change.ADDED, "".join(added))
        same += before[old_next : old_next + 1]
        old_at, new_at = old_next + 1, new_next + 1
    if same:
        yield Piece(Change.SAME, "".join(same))
