"""Shows where a case answers a search: the best stretch of what was said in it, with the words marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from amends.cases.search_index import SaidText
from amends_engine.text.search.marks import Snippet as Snippet
from amends_engine.text.search.marks import make_snippet
from amends_engine.text.search.query import read_query

MOST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """A stretch that answers a search, and where it was said."""

    snippet: Snippet
    said: SaidText


def answers_in(texts: Iterable[SaidText], *, words: str, size: int) -> list[Answer]:
    """The stretches that answer most of the words, the best first; names only after everything else."""
    query = read_query(words)
    if not query:
        return []
    found = [
        Answer(make_snippet(said.text, query, language=said.language, size=size), said)
        for said in texts
    ]
    answers = [one for one in found if one.snippet.terms]
    answers.sort(key=lambda one: (one.said.is_name, -one.snippet.terms))
    return answers[:MOST_ANSWERS]
