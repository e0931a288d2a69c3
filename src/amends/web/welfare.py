"""Sparing the people who read: marks, folding, passing on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amends.accounts.models import User
from amends.accounts.permissions import may_assign, may_triage
from amends.cases.welfare import choose_folding, mark_hostile, pass_on
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.pages import action, own_page


@action(may=may_assign)
def pass_it_on(request: HttpRequest, number: int) -> HttpResponse:
    """Hand one's own case over, by one click and without a reason."""
    found = find_case(request, number)

    def give() -> str:
        pass_on(found, by=user_of(request), now=now_of(request))
        return _("The case is back in the queue, and will not come to you again by itself.")

    return act(request, found, do=give, place="assign")


@action(may=may_triage)
def mark(request: HttpRequest, number: int) -> HttpResponse:
    """Say whether the comment is hard to look at."""
    found = find_case(request, number)
    is_hostile = request.POST.get("is") == "hostile"

    def note() -> str:
        by, now = user_of(request), now_of(request)
        mark_hostile(found.comment, case=found, is_hostile=is_hostile, by=by, now=now)
        return _("Noted: pictures and words are veiled.") if is_hostile else _("Noted: no veil.")

    return act(request, found, do=note, place="assign")


@own_page
@require_POST
def folding(request: HttpRequest) -> HttpResponse:
    """Choose whether hostile words wait behind "show"."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    choose_folding(user, folds=request.POST.get("folds") == "yes")
    messages.success(request, _("Your profile was saved."))
    return HttpResponseRedirect(reverse("profile"))
