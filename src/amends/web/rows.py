"""The list of a view: its rows, the page that follows, and what changed since it was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from amends.accounts.models import User, Workspace
from amends.cases.find_words import Answer, Snippet, answers_in
from amends.cases.models import Case, CaseLabel
from amends.cases.narrow import narrow
from amends.cases.orders import Order, read_page, stamp
from amends.cases.queries import cases_visible_to
from amends.cases.search_cases import search_cases
from amends.cases.watch_clock import running_clock
from amends.cases.welfare import veiled_for
from amends.cases.working_views import in_view
from amends.inbox.models import Version
from amends.inbox.queries import last_words
from amends.replies.index_search import texts_of
from amends.web.list_place import ListPlace

PAGE_SIZE = 30
WORDS = 160  # characters of a comment that a row can show


@dataclass(frozen=True, slots=True)
class Row:
    """A case as the list shows it; `snippet` is where it answers a search.

    `is_veiled`: the words are hostile and wait on the page of the case, `words` and `snippet` are empty.
    """

    case: Case
    words: str
    is_gone: bool
    is_edited: bool
    clock: str  # first_reply | resolution | "" where none runs
    due_at: datetime | None
    is_late: bool
    sort: str
    stamp: str
    snippet: Snippet | None = None
    is_veiled: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows and the cursor of the next; `is_cut` where a search stopped before the end."""

    rows: list[Row]
    more: str = ""
    is_cut: bool = False


def read_rows(
    user: User, *, workspace: Workspace, place: ListPlace, now: datetime, after: str = ""
) -> Page:
    """One page of the list."""
    cases = with_words(_cases_at(user, workspace=workspace, place=place, now=now))
    if place.is_search:
        found = search_cases(
            cases, place.chosen.q, workspace=workspace, after=after, size=PAGE_SIZE
        )
        rows = _rows(found.cases, place=place, user=user, now=now)
        return Page(rows, found.more, found.is_cut)
    page, more = read_page(cases, order=place.order, after=after, size=PAGE_SIZE)
    return Page(_rows(page, place=place, user=user, now=now), more)


def read_changed(
    user: User, *, workspace: Workspace, place: ListPlace, since: datetime, now: datetime
) -> tuple[list[Row], list[Row]]:
    """What changed since a moment: rows that are in the list, and rows of cases that are not.

    The results of a search stay as they were found: nothing for them.
    """
    if place.is_search:
        return [], []
    everything = cases_visible_to(user, workspace=workspace)
    numbers = list(
        everything.filter(changed_at__gte=since)
        .order_by("-changed_at", "-id")
        .values_list("number", flat=True)[: PAGE_SIZE * 2]
    )
    inside = with_words(
        _cases_at(user, workspace=workspace, place=place, now=now).filter(number__in=numbers)
    )
    rows = _rows(list(inside), place=place, user=user, now=now)
    there = {row.case.number for row in rows}
    outside = with_words(everything.filter(number__in=set(numbers) - there))
    return rows, _rows(list(outside), place=place, user=user, now=now)


def with_words(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that a row needs, in a fixed number of queries."""
    versions = (
        Version.objects.select_related("content")
        .defer("content__payload")
        .order_by("occurred_at", "key")
    )
    marks = CaseLabel.objects.select_related("label").order_by("label__key")
    return cases.select_related(
        "author", "comment__account", "comment__author", "assignee"
    ).prefetch_related(
        Prefetch("comment__versions", queryset=versions, to_attr="ordered_versions"),
        Prefetch("label_marks", queryset=marks, to_attr="ordered_marks"),
    )


def numbers_at(
    user: User, *, workspace: Workspace, place: ListPlace, now: datetime, limit: int
) -> list[int]:
    """The numbers of the first cases of a list, for what is done to all of it at once."""
    cases = _cases_at(user, workspace=workspace, place=place, now=now)
    if place.is_search:
        found = search_cases(cases, place.chosen.q, workspace=workspace, size=limit).cases
    else:
        found, _more = read_page(cases, order=place.order, after="", size=limit)
    return [case.number for case in found]


def _rows(cases: Sequence[Case], *, place: ListPlace, user: User, now: datetime) -> list[Row]:
    """The rows of cases that came through `with_words`, as this person wants hostile words."""
    answers = _answers(cases, place.chosen.q) if place.is_search else {}
    said_in = {one.said.comment for found in answers.values() for one in found}
    comments = {case.comment_id for case in cases} | {one for one in said_in if one is not None}
    veiled = veiled_for(user, comments=comments)
    rows = []
    for case in cases:
        row = _row(case, order=place.order, now=now)
        found = answers.get(case.pk, [])
        open_ones = [one for one in found if one.said.comment not in veiled]
        if open_ones:
            row = replace(row, snippet=open_ones[0].snippet)
        elif found or (row.words and case.comment_id in veiled):
            row = replace(row, words="", is_veiled=True)
        rows.append(row)
    return rows


def _row(case: Case, *, order: Order, now: datetime) -> Row:
    versions: list[Version] = case.comment.ordered_versions  # type: ignore[attr-defined]
    said = last_words(versions)
    running = running_clock(case)
    return Row(
        case=case,
        words=" ".join(said.text[: WORDS * 2].split())[:WORDS] if said else "",
        is_gone=bool(versions) and versions[-1].is_tombstone,
        is_edited=sum(not version.is_tombstone for version in versions) > 1,
        clock=running.kind.value if running else "",
        due_at=running.due_at if running else None,
        is_late=running is not None and running.is_late(now),
        sort=order.place_of(case),
        stamp=stamp(case.changed_at),
    )


def _answers(cases: Sequence[Case], words: str) -> dict[int, list[Answer]]:
    return {
        case.pk: found
        for case, texts in texts_of(cases)
        if (found := answers_in(texts, words=words, size=WORDS))
    }


def _cases_at(
    user: User, *, workspace: Workspace, place: ListPlace, now: datetime
) -> QuerySet[Case]:
    cases = in_view(cases_visible_to(user, workspace=workspace), place.view, user=user, now=now)
    return narrow(cases, place.chosen, user=user)
