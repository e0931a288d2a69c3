"""How cases ended: closing with a disposition, silence by two people, the second look, and the figures."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_approve, may_close, may_read
from amends.cases.close import close_case
from amends.cases.count_endings import count_endings
from amends.cases.models import Case
from amends.cases.queries import case_or_none
from amends.cases.silence import note_look, open_proposal, propose_silence, rule_on_silence
from amends.cases.transitions import NotPossible
from amends.core.ids import PublicIdError, parse_public_id
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.pages import action, page

SHOWN = timedelta(days=30)


@page(may=may_read)
def endings(request: HttpRequest) -> HttpResponse:
    """What became of the cases of the last thirty days."""
    figures = count_endings(
        user_of(request),
        workspace=request.workspace,  # type: ignore[attr-defined]
        since=now_of(request) - SHOWN,
    )
    return render(request, "endings/endings.html", {"figures": figures, "days": SHOWN.days})


@action(may=may_close)
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close the case with what became of it, and why."""
    found = find_case(request, number)

    def end() -> str:
        close_case(
            found,
            disposition=request.POST.get("disposition", ""),
            reason=request.POST.get("reason", ""),
            duplicate_of=_other(request),
            by=user_of(request),
            now=now_of(request),
        )
        return _("Case closed.")

    return act(request, found, do=end, place="close")


@action(may=may_close)
def propose(request: HttpRequest, number: int) -> HttpResponse:
    """Propose to leave the words without an answer."""
    found = find_case(request, number)

    def ask() -> str:
        propose_silence(
            found,
            ground=request.POST.get("ground", ""),
            reason=request.POST.get("reason", ""),
            by=user_of(request),
            now=now_of(request),
        )
        return _("Proposed: a second person has to agree.")

    return act(request, found, do=ask, place="close")


@action(may=may_approve)
def rule(request: HttpRequest, number: int) -> HttpResponse:
    """Agree to a silence as the second person, or not."""
    found = find_case(request, number)
    is_agreed = request.POST.get("ruled") == "agreed"

    def decide() -> str:
        proposal = open_proposal(found)
        if proposal is None:
            raise NotPossible(_("This proposal does not stand any more: look at the case again."))
        rule_on_silence(
            proposal,
            is_agreed=is_agreed,
            reason=request.POST.get("reason", ""),
            by=user_of(request),
            now=now_of(request),
        )
        if is_agreed:
            return _("Left without an answer. The desk asks you to look again tomorrow.")
        return _("It will be answered.")

    return act(request, found, do=decide, place="close")


@action(may=may_close)
def look(request: HttpRequest, number: int) -> HttpResponse:
    """Say what the second look at a silence showed."""
    found = find_case(request, number)
    still_holds = request.POST.get("found") == "still"

    def note() -> str:
        note_look(
            found,
            still_holds=still_holds,
            reason=request.POST.get("reason", ""),
            by=user_of(request),
            now=now_of(request),
        )
        return _("Noted.") if still_holds else _("The case is open again.")

    return act(request, found, do=note, place="close")


def _other(request: HttpRequest) -> Case | None:
    """The other case of a duplicate, if the person may know of it."""
    raw = request.POST.get("duplicate_of", "").strip()
    if not raw:
        return None
    try:
        number = parse_public_id(f"C-{raw}" if raw.isdecimal() else raw).number
    except PublicIdError:
        return None
    user = user_of(request)
    return case_or_none(user, workspace=request.workspace, number=number)  # type: ignore[attr-defined]
