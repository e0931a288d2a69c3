"""What a person does about a conversation as a whole: a fight, an advocate, the troll test."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_approve, may_triage
from amends.cases.mark_advocate import mark_advocate, thread_comments_visible_to
from amends.cases.models import Case, TrollTest
from amends.cases.troll_test import (
    TrollForm,
    latest_test,
    note_experience,
    overturn_label,
    rule_label,
    take_test,
)
from amends.cases.watch_thread import mark_fight
from amends.pipeline.act import decide_anew
from amends.pipeline.desk import Desk
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.pages import action
from amends.web.triage_form import Unreadable


@action(may=may_triage)
def fight(request: HttpRequest, number: int) -> HttpResponse:
    """Say that the authors of the conversation fight."""
    found = find_case(request, number)

    def mark() -> str:
        mark_fight(found, by=user_of(request), now=now_of(request))
        _decide(request, found)
        return _("Noted: one neutral note, then no more.")

    return act(request, found, do=mark, place="talk")


@action(may=may_triage)
def advocate(request: HttpRequest, number: int) -> HttpResponse:
    """Note that somebody defends us in a comment, or take that back."""
    found = find_case(request, number)
    is_advocate = "take_back" not in request.POST
    raw = request.POST.get("comment" if is_advocate else "take_back", "")

    def mark() -> str:
        comments = thread_comments_visible_to(user_of(request), case=found)
        comment = (
            comments.filter(pk=int(raw)).first() if raw.isdecimal() and len(raw) < 19 else None
        )
        if comment is None:
            raise Unreadable(_("This comment does not stand in the conversation."))
        mark_advocate(
            comment,
            case=found,
            is_advocate=is_advocate,
            by=user_of(request),
            now=now_of(request),
        )
        return _("Counted.") if is_advocate else _("Taken back.")

    return act(request, found, do=mark, place="talk")


@action(may=may_triage)
def troll_take(request: HttpRequest, number: int) -> HttpResponse:
    """Answer the three questions."""
    found = find_case(request, number)

    def take() -> str:
        form = TrollForm(
            is_on_topic=_yes(request, "is_on_topic"),
            has_concern=_yes(request, "has_concern"),
            is_constructive=_yes(request, "is_constructive"),
            conduct=request.POST.get("conduct", ""),
            quotes=request.POST.get("quotes", "").splitlines(),
        )
        test = take_test(found, form=form, by=user_of(request), now=now_of(request))
        if test.has_yes:
            return _("One yes: this is no troll. Treat it as what it says.")
        return _("Three times no: ask about the experience, once.")

    return act(request, found, do=take, place="troll")


@action(may=may_triage)
def troll_answer(request: HttpRequest, number: int) -> HttpResponse:
    """Note what came of asking about the experience."""
    found = find_case(request, number)

    def note() -> str:
        note_experience(
            _test(found),
            experience=request.POST.get("experience", ""),
            by=user_of(request),
            now=now_of(request),
        )
        return _("Noted.")

    return act(request, found, do=note, place="troll")


@action(may=may_approve)
def troll_rule(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm the label as the second person, or refuse it."""
    found = find_case(request, number)
    is_confirmed = request.POST.get("ruled") == "confirmed"

    def rule() -> str:
        rule_label(
            _test(found),
            is_confirmed=is_confirmed,
            reason=request.POST.get("reason", ""),
            by=user_of(request),
            now=now_of(request),
        )
        _decide(request, found)
        return _("The label is confirmed.") if is_confirmed else _("The label is refused.")

    return act(request, found, do=rule, place="troll")


@action(may=may_triage)
def troll_overturn(request: HttpRequest, number: int) -> HttpResponse:
    """Take a confirmed label back."""
    found = find_case(request, number)

    def overturn() -> str:
        overturn_label(
            _test(found),
            reason=request.POST.get("reason", ""),
            by=user_of(request),
            now=now_of(request),
        )
        _decide(request, found)
        return _("The label is overturned.")

    return act(request, found, do=overturn, place="troll")


def _test(found: Case) -> TrollTest:
    test = latest_test(found)
    if test is None:
        raise Unreadable(_("Nobody has taken the test here yet."))
    return test


def _decide(request: HttpRequest, found: Case) -> None:
    """The recommendation follows at once; the worker would do the same in a moment."""
    if found.is_open:
        desk = Desk(clock=request.clock)  # type: ignore[attr-defined]
        decide_anew(found, now=now_of(request), desk=desk)


def _yes(request: HttpRequest, name: str) -> bool:
    raw = request.POST.get(name, "")
    if raw not in {"yes", "no"}:
        raise Unreadable(_("Answer all three questions."))
    return raw == "yes"
