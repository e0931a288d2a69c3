"""Promises on the page of a case: entering one with owner and time, and saying what became of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.permissions import may_draft
from amends.accounts.queries import people_who_may_work
from amends.cases.family import family_of
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.core.money import Money, read_money
from amends.replies.models import Promise
from amends.replies.promise import make_promise, settle_promise
from amends.web.asked import asked_moment
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.pages import action


@action(may=may_draft)
def make(request: HttpRequest, number: int) -> HttpResponse:
    """Enter a promise: what, who, until when."""
    found = find_case(request, number)

    def promise() -> str:
        make_promise(
            found,
            text=request.POST.get("text", ""),
            owner=_owner(request, found),
            promised_for=asked_moment(request.POST.get("until", "")),
            by=user_of(request),
            now=now_of(request),
            money=_money(request),
        )
        return _("The promise stands in the register.")

    return act(request, found, do=promise, place="promise")


@action(may=may_draft)
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Say whether a promise was kept."""
    found = find_case(request, number)
    is_kept = request.POST.get("became") == "kept"

    def decide() -> str:
        settle_promise(
            _promise(request, found),
            is_kept=is_kept,
            is_told=request.POST.get("told") == "yes",
            by=user_of(request),
            now=now_of(request),
        )
        return (
            _("Noted: kept.")
            if is_kept
            else _("Noted: not kept. Tell the customer, with a new time.")
        )

    return act(request, found, do=decide, place="promise")


def _promise(request: HttpRequest, found: Case) -> Promise:
    wanted = request.POST.get("promise", "")
    rows = Promise.objects.filter(case__in=family_of(found)).select_related("case__workspace")
    row = rows.filter(pk=int(wanted)).first() if _is_key(wanted) else None
    if row is None:
        raise NotPossible(_("There is no such promise on this case."))
    return row


def _owner(request: HttpRequest, found: Case) -> User | None:
    wanted = request.POST.get("owner", "")
    people = people_who_may_work(found.workspace)
    return people.filter(pk=int(wanted)).first() if _is_key(wanted) else None


def _money(request: HttpRequest) -> Money | None:
    try:
        return read_money(request.POST.get("amount", ""), currency=request.POST.get("currency", ""))
    except ValueError:
        raise NotPossible(_("Write the amount in figures, for example 25 or 25.50.")) from None


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19
