"""Searches cases by what was said in them: the newest first, read in portions that are checked one by one.

The index says which cases have the words; whether a person may know of them, and whether the filters hold, is
asked of the cases themselves. So nothing of a restricted lane is ever shown or counted, whatever the index
holds. How far a search looks is bounded: a word that stands everywhere must not read everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from amends.accounts.models import Workspace
from amends.cases.models import Case
from amends.cases.search_index import scope_of
from amends_engine.text.search.query import SearchQuery, Term, read_query

PORTION = 400  # the first one; each that follows is twice as large
MOST_READ = 12_400  # cases with the words that are looked at for one page
_NUMBER = re.compile(r"\s*[Cc]-?(\d{1,9})\s*|\s*#(\d{1,9})\s*")


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results; `is_cut` says that the search stopped before the end of what there may be."""

    cases: list[Case]
    more: str = ""
    is_cut: bool = False


def number_meant(words: str) -> int | None:
    """The case that is named by its number (C-12, c12, #12)."""
    named = _NUMBER.fullmatch(words)
    return int(named[1] or named[2]) if named else None


def search_cases(
    cases: QuerySet[Case], words: str, *, workspace: Workspace, after: str = "", size: int
) -> Found:
    """Those of `cases` in which the words were said. `after` is the `more` of the page before."""
    number = number_meant(words)
    if number is not None:
        return Found(list(cases.filter(number=number)[:1]))
    query = read_query(words)
    if not query:
        return Found([])
    found: list[Case] = []
    is_cut = True
    for read, portion in _portions(query, workspace=workspace, before=_key(after)):
        if portion:
            found += cases.filter(pk__in=portion).order_by("-pk")[: size + 1 - len(found)]
        if len(portion) < _size_after(read - len(portion)):
            is_cut = False
            break
        if len(found) > size or read >= MOST_READ:
            break
    if len(found) > size:
        return Found(found[:size], more=str(found[size - 1].pk))
    return Found(found, is_cut=is_cut)


def _portions(
    query: SearchQuery, *, workspace: Workspace, before: int | None
) -> Iterator[tuple[int, list[int]]]:
    """Keys of cases that have the words, the newest first, with how many were read so far."""
    read = 0
    while True:
        size = _size_after(read)
        keys = _keys(query, workspace=workspace, before=before, size=size)
        read += len(keys)
        yield read, keys
        if not keys:
            return
        before = keys[-1]


def _size_after(read: int) -> int:
    """400, 800, 1,600 and so on: a common word is mostly found at once, a rare combination in few steps."""
    return read + PORTION


def _keys(query: SearchQuery, *, workspace: Workspace, before: int | None, size: int) -> list[int]:
    top = before if before is not None else 2**62
    if connection.vendor == "postgresql":
        sql = (
            "SELECT case_id FROM cases_searchdocument WHERE workspace_id = %s"
            " AND words @@ %s::tsquery AND case_id < %s ORDER BY case_id DESC LIMIT %s"
        )
        values: list[int | str] = [workspace.pk, as_tsquery(query), top, size]
    else:
        sql = (
            "SELECT rowid FROM cases_searchwords WHERE cases_searchwords MATCH %s"
            " AND rowid < %s ORDER BY rowid DESC LIMIT %s"
        )
        values = [as_fts5(query, scope=scope_of(workspace.pk)), top, size]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [key for (key,) in cursor.fetchall()]


def as_fts5(query: SearchQuery, *, scope: str) -> str:
    """The query in the language of FTS5; every word is quoted and holds letters and digits only."""
    text = " AND ".join(_fts5_term(term) for term in query.wanted)
    for term in query.unwanted:
        text = f"({text}) NOT {_fts5_term(term)}"
    return f'scope : "{scope}" AND {{words stems}} : ({text})'


def _fts5_term(term: Term) -> str:
    if term.is_phrase:
        return f'(words : "{" ".join(term.phrase)}")'
    forms = [f'"{form}"' for form in term.forms]
    if term.is_beginning:
        forms.append(f'"{term.phrase[0]}"*')
    return f"({' OR '.join(forms)})"


def as_tsquery(query: SearchQuery) -> str:
    """The query in the language of PostgreSQL."""
    parts = [_tsquery_term(term) for term in query.wanted]
    parts += [f"!{_tsquery_term(term)}" for term in query.unwanted]
    return " & ".join(parts)


def _tsquery_term(term: Term) -> str:
    if term.is_phrase:
        return f"({' <-> '.join(_quoted(word) for word in term.phrase)})"
    forms = [_quoted(form) for form in term.forms]
    if term.is_beginning:
        forms.append(f"{_quoted(term.phrase[0])}:*")
    return f"({' | '.join(forms)})"


def _quoted(word: str) -> str:
    return f"'{word}'"


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
