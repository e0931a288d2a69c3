"""Pages for when something is refused, missing or broken, in plain words."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.utils.translation import gettext as _

from amends.web.pages import public_page


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the role does not cover this."""
    return _show(
        request,
        status=HTTPStatus.FORBIDDEN,
        title=_("You may not do this"),
        text=str(exception or "") or _("Your role does not allow this. Ask an owner or lead."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is nothing, or nothing that this person may know of."""
    said = exception.args[0] if exception and exception.args else ""
    return _show(
        request,
        status=HTTPStatus.NOT_FOUND,
        title=_("There is nothing here"),
        text=said
        if isinstance(said, str) and said and not said.startswith("No ")
        else _("The address may be mistyped, or what stood here is not for you to see."),
    )


@public_page
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token does not fit: usually an old tab."""
    return _show(
        request,
        status=HTTPStatus.FORBIDDEN,
        title=_("This form is too old"),
        text=_(
            "You signed in or out in another tab since this page was opened, so the form was not "
            "accepted and nothing was changed. Go back, reload the page and send it again: what you "
            "typed into a draft or note is kept in this browser."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; says that what was typed is not lost. Uses no database: it may be what broke."""
    title = _("Something broke on our side")
    text = _(
        "It was not your doing. The error stands in the log of the server. Go back and try again; what "
        "you typed into a draft or note is kept in this browser."
    )
    try:
        return render(
            None,
            "errors/broken.html",
            {"title": title, "text": text},
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
        )
    except TemplateDoesNotExist:
        return HttpResponse(title, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _show(request: HttpRequest, *, status: HTTPStatus, title: str, text: str) -> HttpResponse:
    if request.headers.get("HX-Request") or "json" in request.headers.get("Accept", ""):
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    return render(request, "errors/error.html", {"title": title, "text": text}, status=status)
