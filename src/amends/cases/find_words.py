"""Shows where a case answers a search: the best stretch of what was said in it, with the words marked."""

from __future__ import annotations

from collections.abc import Iterable

from amends.cases.search_index import SaidText
from amends_engine.text.search.marks import Snippet as Snippet
from amends_engine.text.search.marks import make_snippet
from amends_engine.text.search.query import read_query


def snippet_of(texts: Iterable[SaidText], *, words: str, size: int) -> Snippet | None:
    """The stretch that answers most of the words; names only where nothing else does. None for no answer."""
    query = read_query(words)
    if not query:
        return None
    found = [
        (make_snippet(said.text, query, language=said.language, size=size), said) for said in texts
    ]
    answers = [(one, said) for one, said in found if one.terms]
    if not answers:
        return None
    return max(answers, key=lambda pair: (not pair[1].is_name, pair[0].terms))[0]
