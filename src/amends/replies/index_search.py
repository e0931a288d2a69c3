"""Keeps the search index true: reads what was said in the cases that changed, in batches, and indexes it.

It lies here because it reads comments, notes and our own answers. A job of the clock calls it every few
seconds; nothing is indexed while somebody waits for a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from django.db.models import F, Max, Q

from amends.accounts.models import Workspace
from amends.cases.models import Case, CaseComment, Note, SearchDocument
from amends.cases.search_index import SaidText, put_documents, tidy_index
from amends.inbox.models import Version
from amends.replies.models import Reply, ReplyStatus

BATCH = 500
OVERLAP = timedelta(seconds=60)  # a transaction may commit that much later than it began
_UNSAID = (ReplyStatus.DRAFT, ReplyStatus.WITHDRAWN)  # nobody but the writer has read it yet


def index_changed(*, batches: int = 20) -> int:
    """Index the cases that changed since the last time; says how many. `batches` bounds one call."""
    done = 0
    for workspace in Workspace.objects.order_by("pk"):
        for _turn in range(batches):
            stale = _changed_cases(workspace)
            done += index_cases(stale)
            if len(stale) < BATCH:
                break
    return done


def repair_index() -> int:
    """Look through all cases for those that the index lacks or has as they no longer are."""
    done = index_all(only_stale=True)
    tidy_index()
    return done


def index_all(*, only_stale: bool = False) -> int:
    """Index every case anew, or those that need it; says how many. Searching goes on meanwhile."""
    done, last = 0, 0
    while True:
        rows = Case.objects.filter(pk__gt=last).order_by("pk")
        rows = rows.filter(_is_stale()) if only_stale else rows
        cases = list(rows.select_related("author")[:BATCH])
        if not cases:
            return done
        done += index_cases(cases)
        last = cases[-1].pk


def index_cases(cases: Sequence[Case]) -> int:
    """Index these cases as they stand."""
    put_documents([(case, texts) for case, texts in texts_of(cases)])
    return len(cases)


def texts_of(cases: Sequence[Case]) -> Iterator[tuple[Case, list[SaidText]]]:
    """All that was said in the cases, words of the customer first and the latest of them before the others.

    Four queries, however many cases.
    """
    said: dict[int, list[SaidText]] = {case.pk: _names(case) for case in cases}
    language = {case.pk: case.language for case in cases}
    for key, comment, text in _comments(cases):
        said[key].append(SaidText(text, language[key], comment=comment))
    for key, text, code in _replies(cases):
        said[key].append(SaidText(text, code if code != "und" else language[key]))
    notes = Note.objects.filter(case__in=cases).order_by("-pk")
    for key, text in notes.values_list("case", "text"):
        said[key].append(SaidText(text, "und"))
    for case in cases:
        yield case, said[case.pk]


def _names(case: Case) -> list[SaidText]:
    author = case.author
    names = dict.fromkeys((author.display_name, author.handle))
    return [SaidText(name, is_name=True) for name in names if name]


def _comments(cases: Iterable[Case]) -> Iterator[tuple[int, int, str]]:
    items = dict(CaseComment.objects.filter(case__in=cases).values_list("comment", "case"))
    rows = (
        Version.objects.filter(comment__in=items, content__isnull=False)
        .order_by("-occurred_at", "-key")
        .values_list("comment", "content__text")
    )
    for comment, text in rows:
        if text:
            yield items[comment], comment, text


def _replies(cases: Iterable[Case]) -> Iterator[tuple[int, str, str]]:
    rows = Reply.objects.filter(case__in=cases).exclude(status__in=_UNSAID)
    yield from rows.order_by("-pk").values_list("case", "text", "language")


def _changed_cases(workspace: Workspace) -> list[Case]:
    """Cases that changed after the latest one that the index has, or shortly before; oldest change first."""
    rows = Case.objects.filter(workspace=workspace)
    latest = SearchDocument.objects.filter(workspace=workspace).aggregate(at=Max("changed_at"))[
        "at"
    ]
    if latest is not None:
        rows = rows.filter(changed_at__gte=latest - OVERLAP)
    return list(
        rows.filter(_is_stale()).select_related("author").order_by("changed_at", "pk")[:BATCH]
    )


def _is_stale() -> Q:
    return Q(search_document__isnull=True) | ~Q(search_document__changed_at=F("changed_at"))
