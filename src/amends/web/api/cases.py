"""Cases: the list of a view with its filters, and the whole case."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from django.db.models import F, Q, QuerySet
from ninja import Field, Query, Router, Schema, Status

from amends.cases.models import Case, CaseStatus, DispositionCode, Lane
from amends.cases.queries import cases_visible_to
from amends.cases.search_cases import search_cases
from amends.cases.working_views import in_view
from amends.core.vocabulary import Category, Priority, Severity
from amends.web.api.case_shapes import (
    CaseDetailOut,
    CaseOut,
    CasePageOut,
    read_case,
    read_case_detail,
)
from amends.web.api.find import CaseId, find_case
from amends.web.api.gate import READ, ApiRequest
from amends.web.api.paging import read_cursor, read_moment, write_cursor
from amends.web.api.shapes import Key, Moment, Text
from amends.web.rows import with_words

router = Router(tags=["cases"])
SEARCH = "search"  # the order of results, named in their cursors


class View(StrEnum):
    """The views of the inbox; a test compares them with cases/working_views.py."""

    ALL = "all"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    DUE_SOON = "due_soon"
    APPROVALS = "approvals"
    MENTIONS = "mentions"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    LOOK_AGAIN = "look_again"
    NO_ACTION = "no_action"


class Sort(StrEnum):
    """`number` for reading all: what changes meanwhile keeps its place there."""

    CHANGED = "changed"
    DUE = "due"
    NUMBER = "number"


class CaseFilters(Schema):
    """All of them hold at once; one that is left out says nothing."""

    view: View = View.ALL
    status: CaseStatus | None = None
    lane: Lane | None = None
    priority: Priority | None = None
    severity: Severity | None = None
    category: Category | None = None
    disposition: DispositionCode | None = None
    language: Annotated[Text, Field(max_length=16)] | None = None
    label: Key | None = None
    channel: Key | None = None
    brand: Key | None = None
    author: Key | None = None
    assignee: Annotated[str, Field(pattern="^(me|nobody|[1-9][0-9]{0,8})$")] | None = None
    order: Annotated[Text, Field(max_length=100)] | None = None
    q: Annotated[Text, Field(max_length=200)] | None = None
    changed_since: Moment | None = None
    created_since: Moment | None = None
    sort: Sort = Sort.CHANGED
    limit: Annotated[int, Field(ge=1, le=100)] = 30
    cursor: Annotated[str, Field(max_length=300)] | None = None


@router.get("/cases", response=CasePageOut, auth=READ, summary="List cases")
def list_cases(request: ApiRequest, filters: Query[CaseFilters]) -> CasePageOut:
    """The cases of a view that this person may see, a page at a time."""
    cases = cases_visible_to(request.user, workspace=request.workspace)
    cases = in_view(cases, filters.view.value, user=request.user, now=request.now)
    cases = _narrowed(cases, filters, request=request)
    if filters.q and filters.q.strip():
        return _search(cases, filters, request=request)
    cases = _behind(_ordered(cases, filters.sort), filters)
    found = list(with_words(cases).select_related("brand", "author")[: filters.limit + 1])
    shown = found[: filters.limit]
    has_more = len(found) > filters.limit
    return CasePageOut(
        cases=[read_case(one) for one in shown],
        next=_cursor(shown[-1], sort=filters.sort) if has_more else None,
    )


@router.get("/cases/{case_id}", response=CaseDetailOut, auth=READ, summary="Read a case")
def get_case(request: ApiRequest, case_id: CaseId) -> CaseDetailOut:
    """The conversation, what the engine says, what a person confirmed, what the playbook recommends."""
    return read_case_detail(find_case(request, case_id), user=request.user)


def read_again(request: ApiRequest, case: Case) -> Status[CaseOut | None]:
    """The case as it stands after it was changed; 204 where the change put it out of the person's sight."""
    rows = cases_visible_to(request.user, workspace=request.workspace)
    found = with_words(rows).select_related("brand", "author").filter(pk=case.pk).first()
    return Status(204, None) if found is None else Status(200, read_case(found))


def _narrowed(cases: QuerySet[Case], wanted: CaseFilters, *, request: ApiRequest) -> QuerySet[Case]:
    names = {
        "status": wanted.status,
        "lane": wanted.lane,
        "priority": wanted.priority,
        "severity": wanted.severity,
        "category": wanted.category,
        "disposition": wanted.disposition,
        "language": wanted.language,
        "label_marks__label": wanted.label,
        "comment__account": wanted.channel,
        "brand": wanted.brand,
        "author": wanted.author,
        "changed_at__gte": wanted.changed_since,
        "created_at__gte": wanted.created_since,
    }
    cases = cases.filter(**{name: value for name, value in names.items() if value is not None})
    if wanted.order is not None:
        orders = Case.objects.filter(items__comment__order_links__reference=wanted.order)
        cases = cases.filter(pk__in=orders.values("pk"))
    if wanted.assignee == "nobody":
        return cases.filter(assignee__isnull=True)
    if wanted.assignee is not None:
        person = request.user.pk if wanted.assignee == "me" else int(wanted.assignee)
        return cases.filter(assignee=person)
    return cases


def _search(cases: QuerySet[Case], wanted: CaseFilters, *, request: ApiRequest) -> CasePageOut:
    """Those with the words, the newest first, whatever `sort` says; `next` as for the other lists."""
    after = ""
    if wanted.cursor:
        _text, key = read_cursor(wanted.cursor, sort=SEARCH)
        after = str(key)
    rows = with_words(cases).select_related("brand", "author")
    found = search_cases(
        rows, wanted.q or "", workspace=request.workspace, after=after, size=wanted.limit
    )
    return CasePageOut(
        cases=[read_case(one) for one in found.cases],
        next=write_cursor(SEARCH, "", int(found.more)) if found.more else None,
    )


def _ordered(cases: QuerySet[Case], sort: Sort) -> QuerySet[Case]:
    if sort is Sort.NUMBER:
        return cases.order_by("number")
    if sort is Sort.DUE:
        return cases.order_by(F("first_reply_due_at").asc(nulls_last=True), "id")
    return cases.order_by("-changed_at", "-id")


def _cursor(case: Case, *, sort: Sort) -> str:
    if sort is Sort.NUMBER:
        return write_cursor(sort.value, "", case.number)
    if sort is Sort.DUE:
        return write_cursor(sort.value, case.first_reply_due_at or "", case.pk)
    return write_cursor(sort.value, case.changed_at, case.pk)


def _behind(cases: QuerySet[Case], wanted: CaseFilters) -> QuerySet[Case]:
    if not wanted.cursor:
        return cases
    text, key = read_cursor(wanted.cursor, sort=wanted.sort.value)
    if wanted.sort is Sort.NUMBER:
        return cases.filter(number__gt=key)
    if wanted.sort is Sort.DUE:
        undated = Q(first_reply_due_at__isnull=True)
        if not text:
            return cases.filter(undated, pk__gt=key)
        due = read_moment(text)
        later = Q(first_reply_due_at__gt=due) | Q(first_reply_due_at=due, pk__gt=key)
        return cases.filter(later | undated)
    moment = read_moment(text)
    return cases.filter(Q(changed_at__lt=moment) | Q(changed_at=moment, pk__lt=key))
