"""The language model beside the draft: ask it, wait for it, confirm what it wrote."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_draft
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.replies.draft_by_machine import ask_machine, confirm_machine_text, last_wish
from amends.replies.models import MachineDraftStatus, Reply
from amends.replies.queries import open_reply
from amends.web.cases import act, find_case, now_of, show_case, user_of
from amends.web.pages import action, page


@action(may=may_draft)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for a first draft, with what may be said."""
    found = find_case(request, number)

    def ask_for_it() -> str:
        facts = request.POST.get("facts", "").splitlines()
        ask_machine(_reply(found), facts=facts, by=user_of(request), now=now_of(request))
        return ""

    return act(request, found, do=ask_for_it, place="reply", then="reply")


@page(may=may_draft)
def wait(request: HttpRequest, number: int) -> HttpResponse:
    """204 while the model writes; then the case as it stands."""
    found = find_case(request, number)
    reply = open_reply(found)
    wish = last_wish(reply) if reply is not None else None
    if wish is not None and wish.status == MachineDraftStatus.WAITING:
        return HttpResponse(status=204)
    return show_case(request, found)


@action(may=may_draft)
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """A person read every word and stands by it."""
    found = find_case(request, number)

    def stand_by_it() -> str:
        confirm_machine_text(_reply(found), by=user_of(request), now=now_of(request))
        return _("Confirmed: the text counts as yours now.")

    return act(request, found, do=stand_by_it, place="reply", then="draft")


def _reply(found: Case) -> Reply:
    reply = open_reply(found)
    if reply is None:
        raise NotPossible(_("There is no reply to this case any more. Begin a new one."))
    reply.case = found
    return reply
