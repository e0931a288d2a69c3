"""The legal holds that stand, those whose day of review has come first."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_hold_legally
from amends.cases.hold_legally import legal_holds_visible_to, review_legal_hold
from amends.cases.transitions import NotPossible
from amends.web.pages import DeskRequest, action, page


@page(may=may_hold_legally)
def legal_holds(request: DeskRequest) -> HttpResponse:
    """All that stand; lifting one is done on the page of its case, with a reason."""
    now = request.clock.now()
    rows = list(legal_holds_visible_to(request.user, workspace=request.workspace))
    due = [one for one in rows if one.review_on <= now.date()]
    shown = {"due": due, "others": rows[len(due) :], "now": now, "today": now.date()}
    return render(request, "retention/legal_holds.html", shown)


@action(may=may_hold_legally)
def review(request: DeskRequest, pk: int) -> HttpResponse:
    """Say that a hold goes on, until another day."""
    rows = legal_holds_visible_to(request.user, workspace=request.workspace)
    hold = rows.filter(pk=pk).first()
    if hold is None:
        raise Http404(_("There is no such legal hold."))
    try:
        try:
            day = date.fromisoformat(request.POST.get("review_on", ""))
        except ValueError:
            raise NotPossible(
                _("Name a day ahead on which somebody looks at the hold again.")
            ) from None
        review_legal_hold(hold, review_on=day, by=request.user, now=request.clock.now())
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Noted: it goes on."))
    return HttpResponseRedirect(reverse("legal_holds"))
