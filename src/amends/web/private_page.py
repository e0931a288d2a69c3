"""The private page: what a customer sees who opens a one-time link, and afterwards their own address.

Nobody signs in here. The link shows a form and nothing of the case; the personal address shows what was
said since, to whoever holds it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from amends.cases.transitions import NotPossible
from amends.replies.consent import give_consent, last_consent
from amends.replies.erase_private import KEPT_FOR
from amends.replies.hand_over import (
    LinkSpent,
    LinkState,
    find_link,
    find_talk,
    write_first,
    write_more,
)
from amends.replies.models import HandOver, MessageKind
from amends.replies.receive import MAX_CHARS, mail_account
from amends.web.context import offered_languages
from amends.web.pages import VisitorRequest, public_page
from amends.web.public_limits import is_too_often

STATUS_OF = {
    LinkState.UNKNOWN: HTTPStatus.NOT_FOUND,
    LinkState.USED: HTTPStatus.GONE,
    LinkState.EXPIRED: HTTPStatus.GONE,
    LinkState.REPLACED: HTTPStatus.GONE,
    LinkState.CLOSED: HTTPStatus.GONE,
}


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: VisitorRequest, token: str) -> HttpResponse:
    """The form behind a link; only a POST uses the link up."""
    now = request.clock.now()
    if is_too_often(request, name="private", is_write=request.method == "POST", now=now):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    found = find_link(token, now=now)
    with translation.override(_language(request, found.hand_over)):
        if found.hand_over is None or found.state is not LinkState.READY:
            return _closed(request, found.hand_over, state=found.state)
        if request.method != "POST":
            return _form(request, found.hand_over)
        try:
            visitor = write_first(
                token,
                text=request.POST.get("text", ""),
                address=request.POST.get("address", ""),
                now=now,
            )
        except LinkSpent as spent:  # somebody was faster
            return _closed(request, found.hand_over, state=spent.state)
        except NotPossible as refused:
            return _form(request, found.hand_over, problem=str(refused))
    return HttpResponseRedirect(f"{reverse('private_talk', args=[visitor])}?sent=1")


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: VisitorRequest, token: str) -> HttpResponse:
    """The conversation at a personal address; a POST adds a message."""
    now = request.clock.now()
    if is_too_often(request, name="private", is_write=request.method == "POST", now=now):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    found = find_talk(token, now=now)
    with translation.override(_language(request, found)):
        if found is None:
            return _closed(request, None, state=LinkState.CLOSED)
        if request.method != "POST":
            return _talk(request, found, token=token)
        try:
            write_more(found, text=request.POST.get("text", ""), now=now)
        except NotPossible as refused:
            return _talk(request, found, token=token, problem=str(refused))
    return HttpResponseRedirect(f"{reverse('private_talk', args=[token])}?sent=1")


@public_page
@never_cache
@require_POST
def consent(request: VisitorRequest, token: str) -> HttpResponse:
    """Say whether the public may be told that it was solved."""
    now = request.clock.now()
    if is_too_often(request, name="private", is_write=True, now=now):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    found = find_talk(token, now=now)
    if found is None:
        return _closed(request, None, state=LinkState.CLOSED)
    if request.POST.get("agree") in {"yes", "no"}:
        give_consent(found, is_given=request.POST["agree"] == "yes", now=now)
    return HttpResponseRedirect(reverse("private_talk", args=[token]))


def _form(request: VisitorRequest, hand_over: HandOver, *, problem: str = "") -> HttpResponse:
    context = {
        **_about(hand_over),
        "problem": problem,
        "typed": request.POST,
        "may_mail": mail_account(hand_over.case) is not None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return _unlisted(render(request, "private/form.html", context, status=status))


def _talk(
    request: VisitorRequest, hand_over: HandOver, *, token: str, problem: str = ""
) -> HttpResponse:
    words = hand_over.messages.filter(kind=MessageKind.WORD).select_related("content")
    messages = list(words.order_by("pk"))
    context = {
        **_about(hand_over),
        "messages_said": messages,
        "is_answered": any(one.is_ours for one in messages),
        "consent": last_consent(hand_over),
        "token": token,
        "until": hand_over.expires_at,
        "by_mail": bool(hand_over.address),
        "is_sent": "sent" in request.GET and not problem,
        "problem": problem,
        "typed": request.POST if problem else {},
        "now": request.clock.now(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return _unlisted(render(request, "private/talk.html", context, status=status))


def _closed(
    request: VisitorRequest, hand_over: HandOver | None, *, state: LinkState
) -> HttpResponse:
    context = {"state": state.value, "brand": hand_over.case.brand if hand_over else None}
    return _unlisted(render(request, "private/closed.html", context, status=STATUS_OF[state]))


def _about(hand_over: HandOver) -> dict[str, Any]:
    """What is the same on every page: whose it is, and how long it is kept."""
    return {
        "brand": hand_over.case.brand,
        "days": KEPT_FOR.days,
        "max_chars": MAX_CHARS,
    }


def _unlisted(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _language(request: VisitorRequest, hand_over: HandOver | None) -> str:
    """The language that the visitor chose, else that of the reply with the link."""
    offered = {code for code, _name in offered_languages()}
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    spoken = hand_over.language if hand_over else (translation.get_language() or "")
    return next((code for code in (chosen, spoken) if code in offered), "en")
