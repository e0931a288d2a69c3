"""A view of the inbox as a spreadsheet: the cases that the list shows to this person, formulas made plain."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.permissions import may_export
from amends.cases.models import Case
from amends.cases.narrow import narrow
from amends.cases.queries import cases_visible_to
from amends.cases.search_cases import search_cases
from amends.cases.working_views import in_view
from amends.core.spreadsheet import plain_cell
from amends.inbox.queries import last_words
from amends.record.log import Subject, log_action
from amends.web.list_place import ListPlace
from amends.web.pages import DeskRequest, page
from amends.web.rows import with_words

LIMIT = 10_000  # cases; an owner exports a whole workspace by `amends export`
CHUNK = 500
COLUMNS = (
    *("case", "status", "priority", "category", "severity", "language", "channel", "author"),
    *("handle", "published_at", "words", "address", "assignee", "first_reply_due_at"),
    *("first_replied_at", "closed_at", "reason"),
)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(may=may_export)
def as_csv(request: DeskRequest, view: str) -> HttpResponseBase:
    """UTF-8 with a mark at the beginning, by which spreadsheets know it."""
    cases = cases_listed(request, view)
    if _is_too_many(request, cases, kind="csv", view=view):
        return _back(request, view)
    out = io.StringIO(newline="")  # a few megabytes at most: LIMIT cases
    csv.writer(out).writerows(_rows(cases))
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(request, view)}.csv"'
    return response


@page(may=may_export)
def as_xlsx(request: DeskRequest, view: str) -> HttpResponseBase:
    """A workbook, written row by row; dates are dates."""
    cases = cases_listed(request, view)
    if _is_too_many(request, cases, kind="xlsx", view=view):
        return _back(request, view)
    from openpyxl import Workbook  # slow to load, and only this page needs it
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=view[:31])
    for row in _rows(cases, as_dates=True):
        # A cell with a type of its own: openpyxl would take a text that begins with = for a formula.
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=None)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    response = HttpResponse(out.getvalue(), content_type=EXCEL)
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(request, view)}.xlsx"'
    return response


def cases_listed(request: DeskRequest, view: str) -> QuerySet[Case]:
    """What the list of the same address shows to this person."""
    place = ListPlace.read(view, dict(request.GET.lists()))
    if place is None:
        raise Http404(_("There is no such view."))
    cases = cases_visible_to(request.user, workspace=request.workspace)
    listed = in_view(cases, place.view, user=request.user, now=request.clock.now())
    listed = narrow(listed, place.chosen, user=request.user)
    if not place.is_search:
        return listed
    found = search_cases(listed, place.chosen.q, workspace=request.workspace, size=LIMIT + 1)
    return listed.filter(pk__in=[case.pk for case in found.cases])


def _is_too_many(request: DeskRequest, cases: QuerySet[Case], *, kind: str, view: str) -> bool:
    """Whether the list is longer than a sheet is for; else that somebody takes it away is logged."""
    count = cases.order_by()[: LIMIT + 1].count()
    if count > LIMIT:
        messages.error(
            request,
            _("These are more than %(limit)s cases. Narrow the list first.") % {"limit": LIMIT},
        )
        return True
    with transaction.atomic():
        log_action(
            "case.export",
            workspace_id=request.workspace.pk,
            actor=actor_of(request.user),
            subject=Subject("view", view),
            now=request.clock.now(),
            data={"format": kind, "cases": count, "query": request.GET.urlencode()[:500]},
        )
    return False


def _rows(cases: QuerySet[Case], *, as_dates: bool = False) -> Iterator[Sequence[Any]]:
    yield COLUMNS
    for case in with_words(cases.order_by("-pk")).iterator(chunk_size=CHUNK):
        said = last_words(case.comment.ordered_versions)  # type: ignore[attr-defined]
        values = (
            *(case.public_id, case.status, case.priority, case.category, case.severity),
            *(
                case.language,
                str(case.comment.account),
                str(case.comment.author),
                case.comment.author.handle,
            ),
            *(case.comment.published_at, said.text if said else "", case.comment.url),
            *(str(case.assignee or ""), case.first_reply_due_at, case.first_replied_at),
            *(case.closed_at, case.reason),
        )
        yield [plain_cell(_value(one, as_date=as_dates)) for one in values]


def _value(value: Any, *, as_date: bool) -> Any:
    """Dates in the time zone of the person; sheets know no zones."""
    if not isinstance(value, datetime):
        return _without_controls(value) if isinstance(value, str) else (value or "")
    local = timezone.localtime(value)
    return local.replace(tzinfo=None, microsecond=0) if as_date else local.isoformat("T", "seconds")


def _without_controls(text: str) -> str:
    """What no sheet can hold is left out."""
    return "".join(c for c in text if c >= " " or c in "\n\t")[:32_000]


def _name(request: DeskRequest, view: str) -> str:
    return f"{request.workspace.slug}-{view}-{request.clock.now():%Y-%m-%d}"


def _back(request: DeskRequest, view: str) -> HttpResponseRedirect:
    query = request.GET.urlencode()
    return HttpResponseRedirect(reverse("inbox_view", args=[view]) + (f"?{query}" if query else ""))
