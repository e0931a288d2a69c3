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
from django_htmx.http import trigger_client_event

from amends.accounts.models import User
from amends.accounts.permissions import (
    may_export,
    may_manage_channels,
    may_read,
    may_share_views,
    may_triage,
)
from amends.cases.queries import case_or_none, cases_visible_to, hidden_since
from amends.cases.save_view import may_change_view
from amends.cases.search_cases import number_meant
from amends.cases.tell import count_unread
from amends.cases.working_views import in_view
from amends.web.bulk import read_bulk_part
from amends.web.context import bell_count
from amends.web.filter_form import read_chips, read_filter_form
from amends.web.happenings import sentences_since
from amends.web.labels import VIEWS, label_of
from amends.web.list_place import ListPlace, parse_place
from amends.web.pages import page
from amends.web.presence import read_presence
from amends.web.rows import Row, read_changed, read_rows
from amends.web.sidebar import MOST_LABELS, read_channels, read_labels, read_sidebar

LATEST = 20  # a change is seen in the latest so many cases, also when commits come out of order
OVERLAP = timedelta(seconds=60)


@page(may=may_read)
def inbox(request: HttpRequest) -> HttpResponse:
    """To the view that has something in it for this person."""
    user, workspace = _who(request)
    cases, now = cases_visible_to(user, workspace=workspace), _now(request)
    first = (
        name for name in ("mine", "unassigned") if in_view(cases, name, user=user, now=now).exists()
    )
    view = next(first, "all")
    return HttpResponseRedirect(reverse("inbox_view", args=[view]))


@page(may=may_read)
def inbox_view(request: HttpRequest, view: str) -> HttpResponse:
    """A view; with htmx the rows that follow a cursor, or what a search finds while it is typed."""
    place = ListPlace.read(view, dict(request.GET.lists()))
    if place is None:
        raise Http404(_("There is no such view."))
    is_part = bool(request.headers.get("HX-Request")) and "HX-History-Restore-Request" not in (
        request.headers
    )
    if is_part and request.GET.get("after"):
        response = render(request, "inbox/rows.html", list_context(request, place=place))
    elif is_part and request.headers.get("HX-Target") == "rows":
        response = _found(request, place=place)
    elif (number := number_meant(place.chosen.q)) is not None and _is_there(request, number):
        return HttpResponseRedirect(reverse("case", args=[number]))
    else:
        context = list_context(request, place=place) | frame_context(request, place=place)
        response = render(request, "inbox/inbox.html", context)
    response.headers["Vary"] = "HX-Request, HX-Target"
    return response


def _found(request: HttpRequest, *, place: ListPlace) -> HttpResponse:
    """The rows of another list on the page that is open, with what else of it must change."""
    context = list_context(request, place=place) | about_context(request, place=place)
    response = render(request, "inbox/found.html", context)
    said = {"query": place.query, "down": place.order.is_down, "view": place.view}
    return trigger_client_event(response, "desk:list", said)


@page(may=may_read)
def pulse(request: HttpRequest) -> HttpResponse:
    """204 while nothing changed; else what did, as small pieces that the open page puts in their places."""
    user, workspace = _who(request)
    place = _place(request)
    here = read_presence(request)
    stamp, latest = read_stamp(user, workspace=workspace)
    stamp += here.stamp
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
            "counts": read_sidebar(user, workspace=workspace, now=_now(request)).counts,
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
            "presence": here.pieces,
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
    page_of_list = read_rows(
        user,
        workspace=workspace,
        place=place,
        now=_now(request),
        after=request.GET.get("after", ""),
    )
    return {
        "place": place,
        "rows": page_of_list.rows,
        "more": page_of_list.more,
        "is_cut": page_of_list.is_cut,
        "selected": selected,
        "now": _now(request),
    }


def frame_context(request: HttpRequest, *, place: ListPlace) -> dict[str, Any]:
    """What stands around the list: views, channels, filters, the stamp of the pulse."""
    user, workspace = _who(request)
    stamp, latest = read_stamp(user, workspace=workspace)
    about = about_context(request, place=place)
    sidebar = read_sidebar(user, workspace=workspace, now=_now(request))
    saved = next((one for one in sidebar.saved if one.saved.pk == place.saved), None)
    return about | {
        "sidebar": sidebar,
        "labels_shown": about["labels"][:MOST_LABELS],
        "saved": saved,
        "may_change_saved": saved is not None and may_change_view(user, saved.saved),
        "filter": read_filter_form(
            place,
            workspace=workspace,
            channels=about["channels"],
            labels_offered=about["labels"],
        ),
        "stamp": stamp,
        "latest": latest.isoformat(),
        "may_bring_in": may_triage(user, workspace),
        "may_export": may_export(user, workspace),
        "tour_step": user.tour_step,
        "bulk": read_bulk_part(request),
    }


def about_context(request: HttpRequest, *, place: ListPlace) -> dict[str, Any]:
    """What is said about the list: its title, what narrows it, why it is empty."""
    user, workspace = _who(request)
    channels = read_channels(user, workspace=workspace)
    offered = read_labels(workspace, chosen=place.chosen.label)
    return {
        "title": label_of(VIEWS, place.view),
        "channels": channels,
        "labels": offered,
        "chips": read_chips(place, channels=channels, labels_offered=offered, workspace=workspace),
        "may_manage_channels": may_manage_channels(user, workspace),
        "may_share_views": may_share_views(user, workspace),
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


def _place(request: HttpRequest) -> ListPlace:
    """The list that the open page shows, as the pulse names it."""
    carried = request.GET.get("place")
    given = parse_place(carried) if carried else dict(request.GET.lists())
    place = ListPlace.read((given.get("view") or ["all"])[-1], given)
    if place is None:
        raise Http404(_("There is no such view."))
    return place


def _is_there(request: HttpRequest, number: int) -> bool:
    user, workspace = _who(request)
    return case_or_none(user, workspace=workspace, number=number) is not None


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
