"""The page of a case, and what is done there beside the reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from amends.accounts.change_notices import mark_seen
from amends.accounts.models import User
from amends.accounts.permissions import (
    NotAllowed,
    may_assign,
    may_close,
    may_note,
    may_read,
    may_triage,
)
from amends.accounts.queries import people_who_may_work
from amends.cases.assign import assign_case
from amends.cases.close import reopen_case
from amends.cases.models import Case
from amends.cases.note import write_note
from amends.cases.queries import case_or_none
from amends.cases.transitions import NotPossible
from amends.core.read_once import reading_once
from amends.pipeline.act import triage_and_decide
from amends.pipeline.desk import Desk
from amends.record.log import Subject
from amends.web.case_page import read_case_page
from amends.web.inbox import frame_context, list_context
from amends.web.list_place import place_of
from amends.web.pages import action, page
from amends.web.team_part import read_team_part
from amends.web.triage_form import Unreadable, fill_triage_form, read_triage_form


@page(may=may_read)
def case(request: HttpRequest, number: int) -> HttpResponse:
    """The case beside its list; with htmx the case alone. Who opens it has read what they were told of it."""
    found = find_case(request, number)
    mark_seen(
        user_of(request),
        workspace=found.workspace,
        about=Subject("case", found.public_id),
        now=now_of(request),
    )
    return show_case(request, found)


@action(may=may_triage)
def triage(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm what the matter is."""
    found = find_case(request, number)

    def confirm() -> str:
        triage_and_decide(
            found,
            form=read_triage_form(request.POST),
            by=user_of(request),
            now=now_of(request),
            desk=Desk(clock=request.clock),  # type: ignore[attr-defined]
        )
        return _("Triage confirmed.")

    return act(request, found, do=confirm, place="triage")


@action(may=may_assign)
def assign(request: HttpRequest, number: int) -> HttpResponse:
    """Take the case, give it to somebody, or put it back into the queue."""
    found = find_case(request, number)
    wanted = request.POST.get("to", "")

    def give() -> str:
        to = _colleague(request, wanted)
        assign_case(found, to=to, by=user_of(request), now=now_of(request))
        if to is None:
            return _("The case is back in the queue.")
        if to == request.user:
            return _("The case is yours.")
        return _("The case is with %(name)s now.") % {"name": to}

    return act(request, found, do=give, place="assign")


@action(may=may_note)
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Write a word among colleagues."""
    found = find_case(request, number)

    def write() -> str:
        write_note(
            found, text=request.POST.get("text", ""), by=user_of(request), now=now_of(request)
        )
        return _("Note added.")

    return act(request, found, do=write, place="note")


@action(may=may_close)
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Take a closed case up again."""
    found = find_case(request, number)

    def again() -> str:
        reopen_case(found, by=user_of(request), now=now_of(request))
        return _("The case is open again.")

    return act(request, found, do=again, place="close")


def find_case(request: HttpRequest, number: int) -> Case:
    """The case, or 404 when there is none that this person may know of."""
    found = case_or_none(
        user_of(request),
        workspace=request.workspace,  # type: ignore[attr-defined]
        number=number,
    )
    if found is None:
        raise Http404(_("There is no such case, or it is not yours to see."))
    return found


def act(
    request: HttpRequest, found: Case, *, do: Callable[[], str], place: str, then: str = ""
) -> HttpResponse:
    """Run a verb; what it refuses is said beside its form (`place`), with everything typed still there.

    `then` names the element that a whole page opens at.
    """
    try:
        said = do()
    except NotAllowed as refused:
        return _refuse(request, found, text=str(refused), place=place, status=HTTPStatus.FORBIDDEN)
    except NotPossible as refused:
        return _refuse(request, found, text=str(refused), place=place)
    except Unreadable as refused:
        return _refuse(request, found, text=str(refused), place=place)
    if not _may_still_see(request, found):
        return _lead_away(request)
    if _wants_part(request):
        return show_case(request, find_case(request, found.number), said=said)
    address = f"{reverse('case', args=[found.number])}?{place_of(request).query}"
    return HttpResponseRedirect(f"{address}#{then}" if then else address)


def show_case(
    request: HttpRequest,
    found: Case,
    *,
    said: str = "",
    problem: dict[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """The case as it stands now; a whole page, or its part for htmx."""
    place = place_of(request)
    with reading_once():
        shown = read_case_page(found, user=user_of(request), now=now_of(request))
    refused_form = request.POST if problem and problem["place"] == "triage" else None
    context: dict[str, Any] = {
        "page": shown,
        "team": read_team_part(
            found, user=user_of(request), now=now_of(request), reply=shown.reply.reply
        ),
        "form": fill_triage_form(shown.suggestion.form, typed=refused_form),
        "place": place,
        "now": now_of(request),
        "said": said,
        "problem": problem or {},
        "typed": request.POST,
        "selected": found.number,
        **(extra or {}),
    }
    if _wants_part(request):
        response = render(request, "case/case.html", context, status=status)
    else:
        context |= list_context(request, place=place, selected=found.number)
        context |= frame_context(request, place=place)
        response = render(request, "inbox/inbox.html", context, status=status)
    response.headers["Vary"] = "HX-Request"
    return response


def user_of(request: HttpRequest) -> User:
    """The signed-in person; pages have made sure that there is one."""
    user: User = request.user  # type: ignore[assignment]
    return user


def now_of(request: HttpRequest) -> datetime:
    """The time by the clock of the request."""
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    return now


def _may_still_see(request: HttpRequest, found: Case) -> bool:
    """False when the person's own act put the case out of their sight."""
    user = user_of(request)
    return case_or_none(user, workspace=found.workspace, number=found.number) is not None


def _lead_away(request: HttpRequest) -> HttpResponse:
    """Back to the list, with a word that tells nothing of the case."""
    messages.success(
        request, _("Done. The case has moved to the colleagues who may see such matters.")
    )
    address = reverse("inbox")
    if _wants_part(request):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def _wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the case alone; after "back" it asks for the page."""
    return bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]


def _refuse(
    request: HttpRequest,
    found: Case,
    *,
    text: str,
    place: str,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> HttpResponse:
    found = find_case(request, found.number)
    return show_case(request, found, problem={"place": place, "text": text}, status=status)


def _colleague(request: HttpRequest, wanted: str) -> User | None:
    if wanted in {"", "nobody"}:
        return None
    if wanted == "me":
        return user_of(request)
    people = people_who_may_work(request.workspace)  # type: ignore[attr-defined]
    to = people.filter(pk=int(wanted)).first() if wanted.isdigit() and len(wanted) < 19 else None
    if to is None:
        raise NotPossible(_("This person is not a member any more. Choose somebody else."))
    return to
