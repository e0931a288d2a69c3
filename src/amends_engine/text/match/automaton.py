"""Aho–Corasick: where any of many patterns stands in a text, in one pass over it.

A. V. Aho and M. J. Corasick, "Efficient string matching: an aid to bibliographic search",
Communications of the ACM 18(6), 1975. Each state is a dictionary of the transitions that differ
from those of the root, so that memory stays in proportion to the patterns.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable


class _State(dict[str, "_State"]):
    """Transitions by letter; `found` holds the patterns that end here, longest first."""

    __slots__ = ("fail", "found")

    def __init__(self) -> None:
        super().__init__()
        self.found: tuple[str, ...] = ()
        self.fail: _State | None = None


class Automaton:
    """The patterns, compiled; immutable afterwards, so that threads may share it."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._root = _State()
        for pattern in sorted({one for one in patterns if one}):
            state = self._root
            for char in pattern:
                state = state.setdefault(char, _State())
            state.found = (pattern,)
        self._link()

    def find(self, text: str) -> list[tuple[int, str]]:
        """The end of every occurrence and its pattern, in the order of the text; all overlaps."""
        root = self._root
        home = root.get
        state = root
        hits: list[tuple[int, str]] = []
        for at, char in enumerate(text, 1):
            after = state.get(char)
            state = home(char, root) if after is None else after
            if state.found:
                hits += [(at, pattern) for pattern in state.found]
        return hits

    def _link(self) -> None:
        root = self._root
        order: deque[_State] = deque()
        for state in root.values():
            state.fail = root
            order.append(state)
        while order:
            state = order.popleft()
            fail = root if state.fail is None else state.fail  # an empty state is false
            state.found += fail.found
            for char, below in state.items():
                onward = fail.get(char)
                below.fail = root.get(char, root) if onward is None else onward
                order.append(below)
            if fail is not root:
                for char, other in fail.items():
                    state.setdefault(char, other)
