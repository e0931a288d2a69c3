"""How long the words of closed cases are kept: first what it would touch, then the name typed out."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_set_retention
from amends.cases.retain import (
    LEAST_DAYS,
    MOST_DAYS,
    check_days,
    retention_of,
    set_retention,
)
from amends.cases.transitions import NotPossible
from amends.measures.apply_retention import Preview, preview_retention
from amends.web.pages import DeskRequest, action, page


@page(may=may_set_retention)
def retention(request: DeskRequest) -> HttpResponse:
    """What is in force, and what a number of days would mean (`?days=`)."""
    if "days" not in request.GET:
        return _show(request)
    typed = request.GET["days"]
    try:
        days = _days(typed)
    except NotPossible as refused:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _show(request, typed=typed, problem=str(refused), status=status)
    seen = preview_retention(request.workspace, days=days, now=request.clock.now())
    return _show(request, typed=typed, preview=seen)


@action(may=may_set_retention)
def change(request: DeskRequest) -> HttpResponse:
    """Set it, or turn it off."""
    now = request.clock.now()
    is_off = request.POST.get("turn") == "off"
    typed = request.POST.get("days", "")
    days: int | None = None
    try:
        days = None if is_off else _days(typed)
        set_retention(
            request.workspace,
            days=days,
            confirmed=request.POST.get("confirmed", ""),
            by=request.user,
            now=now,
        )
    except NotPossible as refused:
        seen = preview_retention(request.workspace, days=days, now=now) if days else None
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _show(request, typed=typed, preview=seen, problem=str(refused), status=status)
    said = _("Words are kept from now on.") if is_off else _("Saved. The first batch goes soon.")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("retention"))


def _days(typed: str) -> int:
    """A number of days as a person types it; raises NotPossible."""
    typed = typed.strip()
    days = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    check_days(days)
    return days


def _show(
    request: DeskRequest,
    *,
    typed: str = "",
    preview: Preview | None = None,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    rule = retention_of(request.workspace)
    context = {
        "rule": rule,
        "typed": typed or (str(rule.days) if rule else ""),
        "preview": preview,
        "problem": problem,
        "name": request.workspace.name,
        "least": LEAST_DAYS,
        "most": MOST_DAYS,
        "now": request.clock.now(),
    }
    return render(request, "retention/retention.html", context, status=status)
