"""What every request knows before its page begins: language, time zone, workspace, role and clock."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation

from amends.accounts.models import Membership, Role, User
from amends.accounts.permissions import remember_roles
from amends.core.clock import SystemClock

Responder = Callable[[HttpRequest], HttpResponse]
WORKSPACE_KEY = "workspace"  # in the session: the workspace that somebody with several looks at


class PersonLocaleMiddleware(LocaleMiddleware):
    """A visitor's language by cookie or browser; `DeskMiddleware` puts a signed-in person's own above it."""


class DeskMiddleware:
    """Sets `request.workspace`, `request.role` and `request.clock`, and speaks the person's language."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.clock = SystemClock()  # type: ignore[attr-defined]
        request.workspace = None  # type: ignore[attr-defined]
        request.role = None  # type: ignore[attr-defined]
        user = request.user
        if isinstance(user, User):
            _enter_workspace(request, user)
            _speak_as(request, user)
        with remember_roles():
            response = self.get_response(request)
        if isinstance(user, User):
            response.headers.setdefault(
                "Content-Language", translation.get_language() or user.language
            )
            response.headers.setdefault("Cache-Control", "no-store")  # other people's words
        return response


def _enter_workspace(request: HttpRequest, user: User) -> None:
    memberships = Membership.objects.filter(user=user, is_active=True).select_related("workspace")
    wanted = request.session.get(WORKSPACE_KEY)
    found = sorted(memberships, key=lambda one: (one.workspace_id != wanted, one.pk))
    if found:
        request.workspace = found[0].workspace  # type: ignore[attr-defined]
        request.role = Role(found[0].role)  # type: ignore[attr-defined]


def _speak_as(request: HttpRequest, user: User) -> None:
    translation.activate(user.language)
    request.LANGUAGE_CODE = user.language
    try:
        timezone.activate(ZoneInfo(user.time_zone))
    except (ZoneInfoNotFoundError, ValueError):
        timezone.deactivate()
