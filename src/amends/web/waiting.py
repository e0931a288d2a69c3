"""Waiting for the customer, on the page of a case: beginning it by hand, and taking the case up again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_draft
from amends.cases.wait import take_up_again, wait_for_customer
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.pages import action


@action(may=may_draft)
def wait(request: HttpRequest, number: int) -> HttpResponse:
    """Our answer was a question."""
    found = find_case(request, number)

    def begin() -> str:
        wait_for_customer(found, by=user_of(request), now=now_of(request))
        return _("The case waits for the customer.")

    return act(request, found, do=begin, place="wait")


@action(may=may_draft)
def take_up(request: HttpRequest, number: int) -> HttpResponse:
    """Write again, a reminder or more."""
    found = find_case(request, number)

    def take() -> str:
        take_up_again(found, by=user_of(request), now=now_of(request))
        return _("The clocks run again. Write the reminder.")

    return act(request, found, do=take, place="wait")
