"""What somebody types into a search, read without an error: words, "phrases", -without, a word in the making.

A word is looked for by its stems in every language, since nobody says in which one they search; a phrase
is looked for as it stands. `TR-48213` is a phrase of its two parts. The last word is a beginning while it is
typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from amends_engine.text.search.stems import stems_of
from amends_engine.text.search.tokens import tokens_of

MAX_TERMS = 12
SHORTEST_BEGINNING = 3
_PIECE = re.compile(
    r"""(?P<minus>(?<!\S)[-\u2013\u2212])?(?:["\u201c\u201d\u201e\u00ab](?P<said>[^"\u201c\u201d\u201e\u00ab\u00bb]*)["\u201c\u201d\u00bb]?|(?P<word>[^\s"\u201c\u201d\u201e\u00ab\u00bb]+))"""
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be there: a phrase of folded words, or a word as any of `forms`.

    A beginning also finds every word that starts with `phrase[0]`.
    """

    phrase: tuple[str, ...]
    forms: tuple[str, ...] = ()
    is_beginning: bool = False

    @property
    def is_phrase(self) -> bool:
        return not self.forms


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """All of `wanted` must be there, nothing of `unwanted`."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted)


def read_query(text: str) -> SearchQuery:
    """What is asked for; empty when nothing of it could be looked for."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    pieces = list(_PIECE.finditer(text))
    for piece in pieces[:MAX_TERMS]:
        is_last = piece is pieces[-1] and piece.end() == len(text)
        term = _term(piece, is_typed=is_last and piece["minus"] is None)
        if term is not None:
            (unwanted if piece["minus"] else wanted).append(term)
    return SearchQuery(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)))


def _term(piece: re.Match[str], *, is_typed: bool) -> Term | None:
    said = piece["said"]
    words = tuple(token.word for token in tokens_of(said if said is not None else piece["word"]))
    if not words:
        return None
    if said is not None or len(words) > 1:
        return Term(words)
    word = words[0]
    is_beginning = is_typed and len(word) >= SHORTEST_BEGINNING
    return Term(words, (word, *stems_of(word)), is_beginning=is_beginning)
