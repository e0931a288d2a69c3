"""One click for the language and for light or dark; kept with the person, else in a cookie."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from amends.accounts.models import User
from amends.web.pages import public_page

YEAR = 365 * 24 * 3600
THEMES = ("system", "light", "dark")


@public_page
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on; an unknown one changes nothing."""
    response = _back(request)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=code)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax", secure=settings.HTTPS
        )
    return response


@public_page
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device has it."""
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(theme=theme)
        response.set_cookie(
            "theme", "" if theme == "system" else theme, max_age=YEAR, samesite="Lax",
            secure=settings.HTTPS, httponly=True,
        )  # fmt: skip
    return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=settings.HTTPS
    )
    return HttpResponseRedirect(target if is_ours else "/")
