"""What is done about the reply on the page of a case: write, approve, send, settle."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_approve, may_draft, may_send
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.core.diff import diff_words
from amends.replies.approve import approve_reply, ask_for_approval, release_reply, send_back
from amends.replies.compose import begin_with_parts
from amends.replies.draft import (
    DraftConflict,
    begin_reply,
    pin_to_latest,
    save_draft,
    withdraw_reply,
)
from amends.replies.models import Delivery, Reply
from amends.replies.queries import delivery_of, open_reply, reply_digest
from amends.replies.settle import confirm_published, send_again, settle_unknown
from amends.web.bystander import ReadFirst, reading_first, show_bystander, statements_agreed
from amends.web.cases import act, find_case, now_of, show_case, user_of
from amends.web.pages import action


@action(may=may_draft)
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a reply, or open the one that a colleague began."""
    found = find_case(request, number)

    def write() -> str:
        begin_reply(found, by=user_of(request), now=now_of(request))
        return ""

    return act(request, found, do=write, place="reply", then="draft")


@action(may=may_draft)
def save(request: HttpRequest, number: int) -> HttpResponse:
    """Save what is typed: for the page that saves by itself as JSON, for a plain form as a page."""
    found = find_case(request, number)
    if "json" in request.headers.get("Accept", ""):
        return _autosave(request, found)

    def keep() -> str:
        _save(request, found)
        return _("Saved.")

    try:
        return act(request, found, do=keep, place="reply")
    except DraftConflict as conflict:
        return _show_conflict(request, found, conflict)


@action(may=may_draft)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Save what is typed and hand it to a colleague, once it was read as a bystander."""
    found = find_case(request, number)

    def hand_over() -> str:
        reply = _save(request, found)
        with reading_first():
            ask_for_approval(
                reply,
                by=user_of(request),
                now=now_of(request),
                override=request.POST.get("override", ""),
                agreed=statements_agreed(request, reply),
            )
        return _("The reply waits for approval.")

    try:
        return act(request, found, do=hand_over, place="reply")
    except DraftConflict as conflict:
        return _show_conflict(request, found, conflict)
    except ReadFirst as wanted:
        return show_bystander(request, found, text=str(wanted))


@action(may=may_draft)
def compose(request: HttpRequest, number: int) -> HttpResponse:
    """Begin an empty draft with the parts that the decision asks for."""
    found = find_case(request, number)

    def begin_it() -> str:
        begin_with_parts(_reply(found), by=user_of(request), now=now_of(request))
        return ""

    return act(request, found, do=begin_it, place="reply", then="draft")


@action(may=may_draft)
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Save what is typed and send it without a second person (A0); a waiting reply goes as it stands."""
    found = find_case(request, number)

    def go() -> str:
        by, now = user_of(request), now_of(request)
        if "text" in request.POST:
            reply = _save(request, found)
            agreed, digest = statements_agreed(request, reply), reply_digest(reply)
            with reading_first():
                return _on_its_way(
                    release_reply(reply, digest=digest, by=by, now=now, agreed=agreed)
                )
        digest = request.POST.get("digest", "")
        return _on_its_way(approve_reply(_reply(found), digest=digest, by=by, now=now))

    try:
        return act(request, found, do=go, place="reply")
    except DraftConflict as conflict:
        return _show_conflict(request, found, conflict)
    except ReadFirst as wanted:
        return show_bystander(request, found, text=str(wanted))


@action(may=may_draft)
def pin(request: HttpRequest, number: int) -> HttpResponse:
    """The new version of the comment was read: the reply answers that one."""
    found = find_case(request, number)

    def read() -> str:
        pin_to_latest(_reply(found), by=user_of(request), now=now_of(request))
        return _(
            "The reply answers the new version now. Read it once more before you hand it over."
        )

    return act(request, found, do=read, place="reply")


@action(may=may_draft)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Give the draft up; its revisions stay in the record."""
    found = find_case(request, number)

    def give_up() -> str:
        withdraw_reply(_reply(found), by=user_of(request), now=now_of(request))
        return _("The draft was withdrawn; its text stays in the record.")

    return act(request, found, do=give_up, place="reply")


@action(may=may_approve)
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Agree to exactly what was shown, and put it on its way."""
    found = find_case(request, number)

    def agree() -> str:
        delivery = approve_reply(
            _reply(found),
            digest=request.POST.get("digest", ""),
            by=user_of(request),
            now=now_of(request),
        )
        return _on_its_way(delivery)

    return act(request, found, do=agree, place="approve")


@action(may=may_approve)
def give_back(request: HttpRequest, number: int) -> HttpResponse:
    """Return the reply to its writer with a reason."""
    found = find_case(request, number)

    def back() -> str:
        send_back(
            _reply(found),
            reason=request.POST.get("reason", ""),
            by=user_of(request),
            now=now_of(request),
        )
        return _("The reply went back to its writer.")

    return act(request, found, do=back, place="approve")


@action(may=may_send)
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """A person posted the approved text by hand."""
    found = find_case(request, number)

    def posted() -> str:
        is_seen = confirm_published(
            _delivery(found),
            url=request.POST.get("url", "").strip(),
            by=user_of(request),
            now=now_of(request),
        )
        if is_seen:
            return _("Seen on the page: the reply stands there.")
        return _("Noted on your word: the desk could not see the reply itself.")

    return act(request, found, do=posted, place="delivery")


@action(may=may_send)
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Send a delivery that failed once more; with the same key, so that it cannot stand there twice."""
    found = find_case(request, number)

    def once_more() -> str:
        send_again(_delivery(found), by=user_of(request), now=now_of(request))
        return _("It is being sent again.")

    return act(request, found, do=once_more, place="delivery")


@action(may=may_send)
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Say what became of a delivery that nobody knows the end of."""
    found = find_case(request, number)
    has_arrived = request.POST.get("arrived") == "yes"

    def decide() -> str:
        settle_unknown(
            _delivery(found),
            arrived=has_arrived,
            url=request.POST.get("url", "").strip(),
            by=user_of(request),
            now=now_of(request),
        )
        if has_arrived:
            return _("Noted: the reply stands on the channel.")
        return _("Noted: it did not arrive. It is being sent again.")

    return act(request, found, do=decide, place="delivery")


def _on_its_way(delivery: Delivery | None) -> str:
    if delivery is None:
        return _("Noted: you agree. It goes out when the others whom its level asks for agree too.")
    if delivery.mode == "assisted":
        return _("Approved. Post the text by hand now.")
    return _("Approved. It is being sent.")


def _autosave(request: HttpRequest, found: Case) -> JsonResponse:
    try:
        reply = _save(request, found)
    except DraftConflict as conflict:
        theirs = {"text": conflict.theirs.text, "revision": conflict.theirs.revision}
        return JsonResponse({"theirs": theirs}, status=HTTPStatus.CONFLICT)
    except NotPossible as refused:
        return JsonResponse({"problem": str(refused)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    clock = date_format(timezone.localtime(reply.changed_at), "H:i")
    said = _("Saved at %(time)s") % {"time": clock}
    at = reply.changed_at.isoformat()
    return JsonResponse({"revision": reply.revision, "said": said, "at": at})


def _show_conflict(request: HttpRequest, found: Case, conflict: DraftConflict) -> HttpResponse:
    return show_case(
        request,
        find_case(request, found.number),
        status=HTTPStatus.CONFLICT,
        extra=_two_texts(conflict.theirs, mine=request.POST.get("text", "")),
    )


def _two_texts(theirs: Reply, *, mine: str) -> dict[str, object]:
    mine = mine.replace("\r\n", "\n")
    both = "\n\n".join(one for one in (theirs.text.strip(), mine.strip()) if one)
    pieces = diff_words(theirs.text, new=mine)
    return {"theirs": theirs, "mine": mine, "both": both, "pieces": pieces}


def _save(request: HttpRequest, found: Case) -> Reply:
    raw = request.POST.get("revision", "")
    text = request.POST.get("text", "").replace("\r\n", "\n")
    reply = _reply(found)
    if not raw.isdigit() or len(raw) > 9:
        raise DraftConflict(reply)  # which text this one was based on cannot be told
    return save_draft(reply, text=text, revision=int(raw), by=user_of(request), now=now_of(request))


def _reply(found: Case) -> Reply:
    reply = open_reply(found)
    if reply is None:
        raise NotPossible(_("There is no reply to this case any more. Begin a new one."))
    reply.case = found
    return reply


def _delivery(found: Case) -> Delivery:
    delivery = delivery_of(_reply(found))
    if delivery is None:
        raise NotPossible(_("Nothing of this case is on its way."))
    delivery.reply.case = found
    return delivery
