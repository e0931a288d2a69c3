"""What is done about a private conversation on the page of a case: lead there, answer, close it in public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amends.accounts.permissions import may_close, may_draft, may_erase
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.replies.closing_note import begin_closing_note, leave_untold
from amends.replies.consent import note_consent
from amends.replies.draft import DraftConflict
from amends.replies.erase_private import erase_private
from amends.replies.hand_over import offer_in_draft
from amends.replies.models import HandOver
from amends.replies.private import begin_private_reply, write_by_mail
from amends.replies.queries import open_reply
from amends.web.cases import act, find_case, now_of, show_case, user_of
from amends.web.pages import action


@action(may=may_draft)
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """Save what is typed, with a one-time link at its end."""
    found = find_case(request, number)

    def lead() -> str:
        reply = open_reply(found)
        if reply is None:
            raise NotPossible(_("There is no reply to this case any more. Begin a new one."))
        reply.case = found
        raw = request.POST.get("revision", "")
        if not raw.isdigit() or len(raw) > 9:
            raise DraftConflict(reply)
        text = request.POST.get("text", "").replace("\r\n", "\n")
        offer_in_draft(
            reply, text=text, revision=int(raw), by=user_of(request), now=now_of(request)
        )
        return _("The link stands at the end of the draft. It works once, and for two weeks.")

    try:
        return act(request, found, do=lead, place="reply", then="draft")
    except DraftConflict as conflict:
        extra = {"theirs": conflict.theirs, "mine": request.POST.get("text", "")}
        return show_case(request, find_case(request, number), extra=extra)


@action(may=may_draft)
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Begin an answer in private."""
    found = find_case(request, number)

    def begin() -> str:
        begin_private_reply(_hand_over(request, found), by=user_of(request), now=now_of(request))
        return ""

    return act(request, found, do=begin, place="private", then="draft")


@action(may=may_draft)
def mail(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a private conversation by mail."""
    found = find_case(request, number)

    def begin() -> str:
        address = request.POST.get("address", "")
        write_by_mail(found, address=address, by=user_of(request), now=now_of(request))
        return ""

    return act(request, found, do=begin, place="private", then="draft")


@action(may=may_draft)
def consent(request: HttpRequest, number: int) -> HttpResponse:
    """Note whether the author agrees that the public is told."""
    found = find_case(request, number)
    is_given = request.POST.get("agree") == "yes"

    def note() -> str:
        note_consent(
            _hand_over(request, found),
            is_given=is_given,
            how=request.POST.get("how", ""),
            by=user_of(request),
            now=now_of(request),
        )
        return (
            _("Noted: the author agrees.") if is_given else _("Noted: the author does not agree.")
        )

    return act(request, found, do=note, place="closing")


@action(may=may_draft)
def closing(request: HttpRequest, number: int) -> HttpResponse:
    """Begin the public closing note."""
    found = find_case(request, number)

    def begin() -> str:
        begin_closing_note(_hand_over(request, found), by=user_of(request), now=now_of(request))
        return _("A first text stands in the draft. Fill its gaps, and say it in your own words.")

    return act(request, found, do=begin, place="closing", then="draft")


@action(may=may_close)
def untold(request: HttpRequest, number: int) -> HttpResponse:
    """Say why the public is not told how it ended."""
    found = find_case(request, number)

    def leave() -> str:
        reason = request.POST.get("reason", "")
        leave_untold(found, reason=reason, by=user_of(request), now=now_of(request))
        return _("Noted. The case can be closed now.")

    return act(request, found, do=leave, place="closing")


@action(may=may_erase)
def erase(request: HttpRequest, number: int) -> HttpResponse:
    """Erase what was said in private."""
    found = find_case(request, number)

    def forget() -> str:
        reason = request.POST.get("reason", "")
        count = erase_private(found, reason=reason, by=user_of(request), now=now_of(request))
        return ngettext("%(count)d text was erased.", "%(count)d texts were erased.", count) % {
            "count": count
        }

    return act(request, found, do=forget, place="private")


def _hand_over(request: HttpRequest, found: Case) -> HandOver:
    key = request.POST.get("talk", "")
    rows = HandOver.objects.filter(case=found).select_related("account", "reach", "author")
    talk = rows.filter(pk=int(key)).first() if key.isdigit() and len(key) < 19 else None
    if talk is None:
        raise NotPossible(_("There is no such conversation in this case."))
    talk.case = found
    return talk
