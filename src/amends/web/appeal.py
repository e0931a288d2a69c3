"""The public page behind the link of a statement: the reasons in full, and the form to object."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from amends.cases.transitions import NotPossible
from amends.measures.appeal import link_of, open_appeal
from amends.measures.models import Appeal, AppealLink
from amends.web.context import offered_languages
from amends.web.pages import VisitorRequest, public_page
from amends.web.public_limits import is_too_often

# Said to the author; the names of the steps are for colleagues.
WHAT_WAS_DONE = {
    "warn": _("You were warned; the comment stays."),
    "hide": _("The comment is hidden."),
    "delete": _("The comment is removed."),
    "temporary_ban": _("You may not comment with us for a time."),
    "ban": _("You may no longer comment with us."),
    "block": _("Your account is blocked by ours."),
}


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: VisitorRequest, token: str) -> HttpResponse:
    """Show the statement and what became of an appeal; a POST makes one."""
    now = request.clock.now()
    if is_too_often(request, name="appeal", is_write=request.method == "POST", now=now):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    link = link_of(token, now=now)
    if link is None:
        return render(request, "appeal/closed.html", status=HTTPStatus.GONE)
    with translation.override(_language(request, link)):
        return _post(request, link) if request.method == "POST" else _show(request, link)


def _post(request: VisitorRequest, link: AppealLink) -> HttpResponse:
    typed = request.POST.get("text", "")
    try:
        open_appeal(link, text=typed, now=request.clock.now())
    except NotPossible as refused:
        return _show(
            request,
            link,
            problem=str(refused),
            typed=typed,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    return HttpResponseRedirect(reverse("appeal", args=[token]))


def _show(
    request: VisitorRequest,
    link: AppealLink,
    *,
    problem: str = "",
    typed: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """Nothing of the comment itself is shown here: whoever finds the link may read the page."""
    measure = link.statement.measure
    made = Appeal.objects.filter(measure=measure).first()
    stands = measure.status in {"waiting", "ready", "acting", "unknown", "done"}
    context = {
        "statement": link.statement,
        "measure": measure,
        "done": WHAT_WAS_DONE.get(measure.kind, ""),
        "brand": measure.case.brand,
        "appeal": made,
        "stands": stands,
        "may_object": made is None and stands,
        "expires_at": link.expires_at,
        "problem": problem,
        "typed": typed,
        "now": request.clock.now(),
    }
    return render(request, "appeal/appeal.html", context, status=status)


def _language(request: VisitorRequest, link: AppealLink) -> str:
    """The language that the visitor chose, else that of the statement."""
    offered = {code for code, _name in offered_languages()}
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    spoken = link.statement.language
    return next((code for code in (chosen, spoken) if code in offered), "en")
