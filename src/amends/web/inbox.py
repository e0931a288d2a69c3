"""The inbox: the list of a view beside the open case, and the pulse by which an open page stays true."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.permissions import may_export, may_manage_channels, may_read, may_triage
from amends.cases.queries import case_or_none, cases_visible_to, hidden_since
from amends.cases.tell import count_unread
from amends.web.context import bell_count
from amends.web.happenings import sentences_since
from amends.web.pages import page
from amends.web.rows import ListPlace, Row, read_changed, read_channels, read_rows, read_tabs

LATEST = 20  # a change is seen in the latest so many cases, also when commits come out of order
OVERLAP = timedelta(seconds=60)


@page(may=may_read)
def inbox(request: HttpRequest) -> HttpResponse:
    """To the view that has something in it for this person."""
    user, workspace = _who(request)
    tabs = {tab.view: tab.count for tab in read_tabs(user, workspace=workspace, now=_now(request))}
    view = next((name for name in ("mine", "unassigned") if tabs[name]), "all")
    return HttpResponseRedirect(reverse("inbox_view", args=[view]))


@page(may=may_read)
def inbox_view(request: HttpRequest, view: str) -> HttpResponse:
    """A view; with htmx and a cursor only the rows that follow."""
    place = _place(view, request)
    if request.headers.get("HX-Request") and request.GET.get("after"):
        context = list_context(request, place=place)
        return render(request, "inbox/rows.html", context)
    context = list_context(request, place=place) | frame_context(request, place=place)
    return render(request, "inbox/inbox.html", context)


@page(may=may_read)
def pulse(request: HttpRequest) -> HttpResponse:
    """204 while nothing changed; else what did, as small pieces that the open page puts in their places."""
    user, workspace = _who(request)
    place = _place(request.GET.get("view", "all"), request)
    stamp, latest = read_stamp(user, workspace=workspace)
    if request.GET.get("stamp") == stamp:
        return HttpResponse(status=204)
    since = _moment(request.GET.get("latest", "")) or latest
    rows, gone = read_changed(
        user, workspace=workspace, place=place, since=since - OVERLAP, now=_now(request)
    )
    return JsonResponse(
        {
            "stamp": stamp,
            "latest": latest.isoformat(),
            "counts": {
                tab.view: tab.count
                for tab in read_tabs(user, workspace=workspace, now=_now(request))
            },
            "rows": [
                _piece(request, row, place=place)
                | {"is_new": row.case.created_at >= since - OVERLAP}
                for row in rows
            ],
            "gone": [_piece(request, row, place=place) for row in gone],
            "hidden": [
                f"row-{number}"
                for number in hidden_since(user, workspace=workspace, since=since - OVERLAP)
            ],
            "notices": bell_count(count_unread(user, workspace=workspace)),
            "case": _open_case(request),
        }
    )


def read_stamp(user: User, *, workspace: Any) -> tuple[str, datetime]:
    """A fingerprint of the latest changes that this person may know of, and when the last one was."""
    latest = list(
        cases_visible_to(user, workspace=workspace)
        .order_by("-changed_at", "-id")
        .values_list("changed_at", "id")[:LATEST]
    )
    text = ";".join(f"{pk}@{moment.isoformat()}" for moment, pk in latest)
    text += f";{count_unread(user, workspace=workspace)}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return digest, latest[0][0] if latest else datetime(2000, 1, 1, tzinfo=UTC)


def list_context(
    request: HttpRequest, *, place: ListPlace, selected: int | None = None
) -> dict[str, Any]:
    """What the list needs."""
    user, workspace = _who(request)
    rows, more = read_rows(
        user,
        workspace=workspace,
        place=place,
        now=_now(request),
        after=request.GET.get("after", ""),
    )
    return {
        "place": place,
        "rows": rows,
        "more": more,
        "selected": selected,
        "now": _now(request),
    }


def frame_context(request: HttpRequest, *, place: ListPlace) -> dict[str, Any]:
    """What stands around the list: views, channels, the stamp of the pulse."""
    user, workspace = _who(request)
    stamp, latest = read_stamp(user, workspace=workspace)
    channels = read_channels(user, workspace=workspace)
    return {
        "tabs": read_tabs(user, workspace=workspace, now=_now(request)),
        "channels": channels,
        "channel": next((one for one in channels if one.pk == place.channel), None),
        "stamp": stamp,
        "latest": latest.isoformat(),
        "may_manage_channels": may_manage_channels(user, workspace),
        "may_bring_in": may_triage(user, workspace),
        "may_export": may_export(user, workspace),
        "tour_step": user.tour_step,
    }


def _piece(request: HttpRequest, row: Row, *, place: ListPlace) -> dict[str, Any]:
    """A row with what the page needs to put it in its place."""
    context = {"row": row, "place": place, "now": _now(request)}
    return {
        "id": f"row-{row.case.number}",
        "stamp": row.stamp,
        "sort": row.sort,
        "html": render_to_string("inbox/row.html", context, request=request),
    }


def _open_case(request: HttpRequest) -> dict[str, Any] | None:
    """Whether the case that is open on the page changed since it was shown, and what others did to it."""
    number, seen = request.GET.get("case", ""), _moment(request.GET.get("seen", ""))
    if not number.isdigit() or len(number) > 9 or seen is None:
        return None
    user, workspace = _who(request)
    case = case_or_none(user, workspace=workspace, number=int(number))
    if case is None:
        return {"gone": True, "said": [_("This case is no longer yours to see.")]}
    if case.changed_at <= seen:
        return None
    return {"gone": False, "said": sentences_since(case, seen=seen, user=user)}


def _place(view: str, request: HttpRequest) -> ListPlace:
    place = ListPlace.read(view, request.GET.get("channel", ""))
    if place is None:
        raise Http404(_("There is no such view."))
    return place


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _who(request: HttpRequest) -> tuple[User, Any]:
    return request.user, request.workspace  # type: ignore[attr-defined,return-value]


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    return now
