"""Saved views: keeping the list that one looks at, and the page on which they are put in order."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_read, may_save_views, may_share_views
from amends.cases.models import SavedView
from amends.cases.save_view import (
    change_view,
    delete_view,
    may_change_view,
    move_view,
    save_view,
    saved_views_visible_to,
    share_view,
)
from amends.cases.transitions import NotPossible
from amends.web.filter_form import read_chips
from amends.web.list_place import ListPlace, parse_place
from amends.web.pages import DeskRequest, action, page
from amends.web.sidebar import place_of_saved, read_channels, read_labels, read_sidebar


@page(may=may_read)
def saved_views(request: DeskRequest) -> HttpResponse:
    """All that one has in the inbox, in order, with what each shows."""
    return _show(request)


@action(may=may_save_views)
def save(request: DeskRequest) -> HttpResponse:
    """Keep the list that is open under a name."""
    kept = save_view_or_refusal(request)
    if isinstance(kept, str):
        messages.error(request, kept)
        place = _carried(request)
        return HttpResponseRedirect(place.address)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": kept.name})
    return HttpResponseRedirect(place_of_saved(kept).address)


def save_view_or_refusal(request: DeskRequest) -> SavedView | str:
    try:
        return save_view(
            request.workspace,
            name=request.POST.get("name", ""),
            query=request.POST.get("place", ""),
            is_shared=request.POST.get("shared") == "yes",
            by=request.user,
            now=request.clock.now(),
        )
    except NotPossible as refused:
        return str(refused)


@action(may=may_save_views)
def update(request: DeskRequest, pk: int) -> HttpResponse:
    """Let a saved view show the list that is open from now on."""
    view = _find(request, pk)
    try:
        change_view(
            view,
            name=view.name,
            query=request.POST.get("place", ""),
            by=request.user,
            now=request.clock.now(),
        )
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("“%(name)s” shows this list now.") % {"name": view.name})
    return HttpResponseRedirect(place_of_saved(view).address)


@action(may=may_save_views)
def rename(request: DeskRequest, pk: int) -> HttpResponse:
    """Give it another name."""
    view, name = _find(request, pk), request.POST.get("name", "")
    return _do(
        request,
        lambda: change_view(view, name=name, by=request.user, now=request.clock.now()),
    )


@action(may=may_save_views)
def move(request: DeskRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    view, up = _find(request, pk), request.POST.get("to") == "up"
    return _do(request, lambda: move_view(view, up=up, by=request.user, now=request.clock.now()))


@action(may=may_share_views)
def share(request: DeskRequest, pk: int) -> HttpResponse:
    """Show it to everybody, or to its owner alone again."""
    view, is_shared = _find(request, pk), request.POST.get("shared") == "yes"
    return _do(
        request,
        lambda: share_view(view, is_shared=is_shared, by=request.user, now=request.clock.now()),
    )


@action(may=may_save_views)
def delete(request: DeskRequest, pk: int) -> HttpResponse:
    """The list goes; its cases stay."""
    view = _find(request, pk)
    answer = _do(request, lambda: delete_view(view, by=request.user, now=request.clock.now()))
    if answer.status_code == HTTPStatus.FOUND:
        messages.success(
            request, _("“%(name)s” is gone from the inbox; its cases stay.") % {"name": view.name}
        )
    return answer


def _do(request: DeskRequest, verb: Callable[[], object]) -> HttpResponse:
    try:
        verb()
    except NotPossible as refused:
        return _show(request, problem=str(refused), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return HttpResponseRedirect(reverse("saved_views"))


def _show(
    request: DeskRequest, *, problem: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    user, workspace = request.user, request.workspace
    channels = read_channels(user, workspace=workspace)
    shown: list[dict[str, Any]] = []
    for one in read_sidebar(user, workspace=workspace, now=request.clock.now()).saved:
        offered = read_labels(workspace, chosen=one.place.chosen.label)
        shown.append(
            {
                "tab": one,
                "may_change": may_change_view(user, one.saved),
                "chips": read_chips(
                    one.place, channels=channels, labels_offered=offered, workspace=workspace
                ),
            }
        )
    context = {
        "groups": [
            (_("Mine"), [row for row in shown if not row["tab"].saved.is_shared]),
            (_("Shared with everybody"), [row for row in shown if row["tab"].saved.is_shared]),
        ],
        "has_any": bool(shown),
        "may_share": may_share_views(user, workspace),
        "problem": problem,
    }
    return render(request, "saved_views/saved_views.html", context, status=status)


def _carried(request: HttpRequest) -> ListPlace:
    values = parse_place(request.POST.get("place", ""))
    return ListPlace.read((values.get("view") or ["all"])[-1], values) or ListPlace("all")


def _find(request: DeskRequest, pk: int) -> SavedView:
    view = saved_views_visible_to(request.user, workspace=request.workspace).filter(pk=pk).first()
    if view is None:
        raise Http404(_("There is no such view, or it is not yours to see."))
    return view
