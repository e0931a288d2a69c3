"""Writes the search index: the words of a case go in, are replaced, or are taken out.

One document is all that was said in a case, so that "ayşe kargo" finds the case in which Ayşe wrote of a
parcel. Two columns: `words` as they were written, in order (for phrases), `stems` beside them. The index
belongs to the transaction: what is erased cannot be found from the commit on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from amends.cases.models import Case, SearchDocument
from amends_engine.text.search.stems import stems_of
from amends_engine.text.search.tokens import tokens_of

BREAK = "0break0"  # between two texts: no phrase reaches over it
MAX_TOKENS = 20_000  # of one case; PostgreSQL holds no more than a megabyte
_FTS = "cases_searchwords"


@dataclass(frozen=True, slots=True)
class SaidText:
    """Something that was said in a case, in its language ("" for names, which have no endings).

    `comment` is the key of the comment in which it was said; None for our own words and for names.
    """

    text: str
    language: str = ""
    is_name: bool = False
    comment: int | None = None


@dataclass(slots=True)
class Words:
    """The folded words of a document in order, and the stems beside them."""

    words: list[str] = field(default_factory=list)
    stems: dict[str, None] = field(default_factory=dict)  # a set that keeps its order

    @classmethod
    def of(cls, texts: Iterable[SaidText]) -> Words:
        found = cls()
        for said in texts:
            for token in tokens_of(said.text):
                found.words.append(token.word)
                if not said.is_name:
                    stems = stems_of(token.word, language=said.language)
                    found.stems.update(dict.fromkeys(stems))
            if len(found.words) >= MAX_TOKENS:
                break
            found.words.append(BREAK)
        del found.words[MAX_TOKENS:]
        return found


def put_documents(documents: Sequence[tuple[Case, Iterable[SaidText]]]) -> None:
    """Put the words of cases in, in place of what was there of them.

    A case that changed since it was read is passed over: its words may have been erased meanwhile.
    """
    read = [(case, Words.of(texts)) for case, texts in documents]
    with transaction.atomic():
        now_at = dict(
            Case.objects.select_for_update(of=("self",))
            .filter(pk__in=[case.pk for case, _words in read])
            .order_by("pk")
            .values_list("pk", "changed_at")
        )
        rows = [(case, said) for case, said in read if now_at.get(case.pk) == case.changed_at]
        if not rows:
            return
        SearchDocument.objects.bulk_create(
            [
                SearchDocument(
                    case=case, workspace_id=case.workspace_id, changed_at=case.changed_at
                )
                for case, _words in rows
            ],
            update_conflicts=True,
            unique_fields=["case"],
            update_fields=["workspace", "changed_at"],
        )
        if connection.vendor == "postgresql":
            _put_on_postgres(rows)
        else:
            _put_on_sqlite(rows)


def forget_case(case: Case) -> None:
    """Take a case out of the index, in the caller's transaction; the clock's job puts it in again as it
    stands then.

    The caller has touched the case before, so that nobody puts in what they read earlier.
    """
    with transaction.atomic():
        SearchDocument.objects.filter(case=case).delete()
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {_FTS} WHERE rowid = %s", [case.pk])  # noqa: S608


def scope_of(workspace_id: int) -> str:
    """The word that stands in every document of a workspace, on SQLite."""
    return f"w{workspace_id}"


def tidy_index() -> None:
    """Let the database drop for good what was taken out, and read its statistics anew."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # A little at a time: it holds the write lock.
            cursor.execute(f"INSERT INTO {_FTS}({_FTS}, rank) VALUES('merge', 500)")
        else:
            cursor.execute("ANALYZE cases_searchdocument")


def _put_on_sqlite(rows: Sequence[tuple[Case, Words]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"DELETE FROM {_FTS} WHERE rowid = %s",  # noqa: S608
            [(case.pk,) for case, _words in rows],
        )
        cursor.executemany(
            f"INSERT INTO {_FTS}(rowid, scope, words, stems) VALUES (%s, %s, %s, %s)",  # noqa: S608
            [
                (case.pk, scope_of(case.workspace_id), " ".join(said.words), " ".join(said.stems))
                for case, said in rows
            ],
        )


def _put_on_postgres(rows: Sequence[tuple[Case, Words]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE cases_searchdocument SET words = %s::tsvector WHERE case_id = %s",
            [(_vector(said), case.pk) for case, said in rows],
        )


def _vector(said: Words) -> str:
    """A tsvector as text: words with their places, stems without. They hold letters and digits only."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(said.words, start=1):
        if word != BREAK:
            places.setdefault(word, []).append(min(place, 16_383))
    lexemes = [f"'{word}':{','.join(map(str, at[:200]))}" for word, at in places.items()]
    return " ".join([*lexemes, *(f"'{stem}'" for stem in said.stems if stem not in places)])
