"""The page of all measures: what waits for whom, which bans run and when they end, appeals."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from itertools import chain

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import (
    may_decide_appeal,
    may_manage_channels,
    may_read,
)
from amends.cases.transitions import NotPossible
from amends.cases.welfare import veiled_for
from amends.inbox.queries import channel_accounts_visible_to
from amends.measures.appeal import decide_appeal
from amends.measures.models import Appeal, Measure
from amends.measures.queries import (
    appeals_visible_to,
    by_hand,
    decided_appeals,
    open_appeals,
    running_bans,
    to_confirm,
)
from amends.measures.review_page import mark_review_page
from amends.measures.tell import involved_in
from amends.web.cases import now_of, user_of
from amends.web.measure_panel import MeasureView, view_measure
from amends.web.pages import action, page

LISTS = {"waiting": to_confirm, "by_hand": by_hand, "bans": running_bans}


@page(may=may_read)
def measures(request: HttpRequest) -> HttpResponse:
    """Everything that waits, and everything that runs."""
    return _show(request)


@action(may=may_decide_appeal)
def decide(request: HttpRequest) -> HttpResponse:
    """Decide about an appeal with reasons."""
    appeal = _appeal(request)
    if appeal is None:
        return _missing(request, _("There is no such appeal, or it is not yours to see."))
    is_upheld = request.POST.get("outcome") == "upheld"
    try:
        if request.POST.get("outcome") not in {"upheld", "rejected"}:
            raise NotPossible(_("Say whether the appeal is upheld or rejected."))
        decide_appeal(
            appeal,
            is_upheld=is_upheld,
            answer=request.POST.get("answer", ""),
            by=user_of(request),
            now=now_of(request),
        )
    except NotPossible as refused:
        problem = {"appeal": appeal.pk, "text": str(refused)}
        return _show(request, problem=problem, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    text = _("Upheld: the measure is being taken back.") if is_upheld else _("Rejected.")
    messages.success(request, text)
    return HttpResponseRedirect(reverse("measures"))


@action(may=may_manage_channels)
def review_page(request: HttpRequest) -> HttpResponse:
    """Say of a channel whether it shows reviews of an own shop, where nothing is deleted."""
    accounts = channel_accounts_visible_to(
        user_of(request),
        workspace=request.workspace,  # type: ignore[attr-defined]
    )
    wanted = request.POST.get("account", "")
    account = next((one for one in accounts if str(one.pk) == wanted), None)
    if account is None:
        return _missing(request, _("There is no such channel."))
    country = request.POST.get("country", "")
    mark_review_page(account, country=country, by=user_of(request), now=now_of(request))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("measures"))


def _show(
    request: HttpRequest,
    *,
    problem: dict[str, object] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    user, now = user_of(request), now_of(request)
    workspace = request.workspace  # type: ignore[attr-defined]
    may_decide = may_decide_appeal(user, workspace)
    appeals = open_appeals(user, workspace=workspace)
    lists = {name: read(user, workspace=workspace) for name, read in LISTS.items()}
    listed = [*chain.from_iterable(lists.values()), *(one.measure for one in appeals)]
    veiled = veiled_for(user, comments={one.comment_id for one in listed})

    def view(one: Measure) -> MeasureView:
        return replace(view_measure(one, user=user, now=now), is_veiled=one.comment_id in veiled)

    context = {
        "now": now,
        **{name: [view(one) for one in found] for name, found in lists.items()},
        "appeals": [
            {
                "appeal": one,
                "view": view(one.measure),
                "is_involved": user.pk in involved_in(one.measure),
                "is_late": now > one.decide_by,
            }
            for one in appeals
        ],
        "decided": decided_appeals(user, workspace=workspace),
        "may_decide": may_decide,
        "accounts": channel_accounts_visible_to(user, workspace=workspace).select_related(
            "review_page"
        )
        if may_manage_channels(user, workspace)
        else [],
        "problem": problem or {},
        "typed": request.POST,
    }
    return render(request, "measures/measures.html", context, status=status)


def _appeal(request: HttpRequest) -> Appeal | None:
    wanted = request.POST.get("appeal", "")
    rows = appeals_visible_to(
        user_of(request),
        workspace=request.workspace,  # type: ignore[attr-defined]
    )
    is_key = wanted.isascii() and wanted.isdigit() and len(wanted) < 19
    return rows.filter(pk=int(wanted)).first() if is_key else None


def _missing(request: HttpRequest, text: str) -> HttpResponse:
    problem: dict[str, object] = {"text": text}
    return _show(request, problem=problem, status=HTTPStatus.UNPROCESSABLE_ENTITY)
