"""The public page behind the link of a department's mail: the question, and one answer to it."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from amends.cases.ask_department import MAX_CHARS, answer_by_link
from amends.cases.mail_department import is_open_for_link, mail_of
from amends.cases.models import TaskMail
from amends.cases.transitions import NotPossible
from amends.web.context import offered_languages
from amends.web.pages import VisitorRequest, public_page
from amends.web.public_limits import is_too_often


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: VisitorRequest, token: str) -> HttpResponse:
    """Show the question while it is open; a POST answers it, once."""
    now = request.clock.now()
    if is_too_often(request, name="answer", is_write=request.method == "POST", now=now):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    mail = mail_of(token)
    if mail is None:
        return render(request, "department_link/closed.html", status=HTTPStatus.GONE)
    with (
        translation.override(_language(request, mail)),
        timezone.override(mail.task.case.brand.time_zone),
    ):
        if not is_open_for_link(mail, now=now):
            return _closed(request, mail)
        return _post(request, mail, token) if request.method == "POST" else _show(request, mail)


def _post(request: VisitorRequest, mail: TaskMail, token: str) -> HttpResponse:
    typed = request.POST.get("answer", "")
    try:
        answer_by_link(mail, answer=typed, now=request.clock.now())
    except NotPossible as refused:
        if not is_open_for_link(mail, now=request.clock.now()):
            return _closed(request, mail, typed=typed)  # somebody was quicker
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _show(request, mail, problem=str(refused), typed=typed, status=status)
    return HttpResponseRedirect(reverse("department_link", args=[token]))


def _show(
    request: VisitorRequest,
    mail: TaskMail,
    *,
    problem: str = "",
    typed: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The question alone: whoever finds the link may read the page, so no author stands on it."""
    context = {
        "task": mail.task,
        "brand": mail.task.case.brand,
        "zone": mail.task.case.brand.time_zone,
        "until": mail.expires_at,
        "most": MAX_CHARS,
        "problem": problem,
        "typed": typed,
    }
    return render(request, "department_link/question.html", context, status=status)


def _closed(request: VisitorRequest, mail: TaskMail, *, typed: str = "") -> HttpResponse:
    """Thanks for an answer given by this address, else what to do; what was typed in vain is given back."""
    task = mail.task
    task.refresh_from_db()
    is_ours = bool(task.answered_from) and task.answered_from == mail.address
    context = {"brand": task.case.brand, "is_answered": is_ours, "typed": typed}
    status = HTTPStatus.OK if is_ours and not typed else HTTPStatus.GONE
    return render(request, "department_link/closed.html", context, status=status)


def _language(request: VisitorRequest, mail: TaskMail) -> str:
    """The language that the visitor chose, else that of the mail."""
    offered = {code for code, _name in offered_languages()}
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return next((code for code in (chosen, mail.language) if code in offered), "en")
