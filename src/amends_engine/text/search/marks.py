"""Where a text answers a search, and the stretch of it that is worth showing. Offsets count code points."""

from __future__ import annotations

from dataclasses import dataclass

from amends_engine.text.search.query import SearchQuery, Term
from amends_engine.text.search.stems import stems_of
from amends_engine.text.search.tokens import Token, tokens_of

BEFORE = 40  # characters shown before the first place
MOST_MARKS = 40


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of a text as (words, whether they are marked); `terms` says how many terms it answers."""

    parts: tuple[tuple[str, bool], ...]
    terms: int


def find_marks(
    text: str, query: SearchQuery, *, language: str = ""
) -> tuple[list[tuple[int, int]], int]:
    """The places that answer the query, in order and apart, and how many of its terms they answer."""
    tokens = list(tokens_of(text))
    spans: set[tuple[int, int]] = set()
    answered = 0
    for term in query.wanted:
        found = _phrase(term, tokens) if term.is_phrase else _word(term, tokens, language=language)
        answered += bool(found)
        spans |= found
    return sorted(spans)[:MOST_MARKS], answered


def make_snippet(text: str, query: SearchQuery, *, language: str = "", size: int = 160) -> Snippet:
    """The stretch around the first place, blanks made one; from the start where nothing answers."""
    marks, answered = find_marks(text, query, language=language)
    start = _start(text, marks[0][0]) if marks else 0
    end = min(start + size, len(text))
    parts: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for first, last in marks:
        if first < at or first >= end:
            continue
        parts += [(_plain(text[at:first]), False), (_plain(text[first : min(last, end)]), True)]
        at = min(last, end)
    parts.append((_plain(text[at:end]) + ("…" if end < len(text) else ""), False))
    return Snippet(tuple(part for part in parts if part[0]), answered)


def _word(term: Term, tokens: list[Token], *, language: str) -> set[tuple[int, int]]:
    forms = set(term.forms)
    return {
        (one.start, one.end)
        for one in tokens
        if one.word in forms
        or (term.is_beginning and one.word.startswith(term.phrase[0]))
        or forms.intersection(stems_of(one.word, language=language))
    }


def _phrase(term: Term, tokens: list[Token]) -> set[tuple[int, int]]:
    length = len(term.phrase)
    return {
        (tokens[place].start, tokens[place + length - 1].end)
        for place in range(len(tokens) - length + 1)
        if all(tokens[place + n].word == term.phrase[n] for n in range(length))
    }


def _start(text: str, place: int) -> int:
    """The beginning of a word a little before the place."""
    if place <= BEFORE:
        return 0
    blank = text.find(" ", place - BEFORE, place)
    return blank + 1 if blank >= 0 else place


def _plain(text: str) -> str:
    squeezed = " ".join(text.split())
    return f"{' ' if text[:1].isspace() else ''}{squeezed}{' ' if text[-1:].isspace() and squeezed else ''}"
