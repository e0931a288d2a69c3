"""The page behind an invitation: newcomers choose name and password, others join signed in."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from amends.accounts.invite import (
    InvitationRefused,
    Newcomer,
    account_of,
    invitation_of,
    join_as_newcomer,
    join_signed_in,
)
from amends.accounts.models import Invitation, User
from amends.web.middleware import WORKSPACE_KEY
from amends.web.pages import VisitorRequest, public_page
from amends.web.person_fields import (
    NameField,
    NewPasswordField,
    TimeZoneField,
    check_password_strength,
)
from amends.web.setup import BACKEND


class NewcomerForm(forms.Form):
    """What somebody without an account says of themselves."""

    name = NameField()
    password = NewPasswordField()
    time_zone = TimeZoneField()

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.email = email

    def clean(self) -> None:
        check_password_strength(self, email=self.email)


@public_page
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: VisitorRequest, token: str) -> HttpResponse:
    """Show what the invitation is for; only a POST uses it up."""
    invitation = invitation_of(token, now=request.clock.now())
    if invitation is None:
        return _refuse(request, "")
    try:
        if account_of(invitation) is None:
            return _join_new(request, token, invitation=invitation)
        return _join_known(request, token, invitation=invitation)
    except InvitationRefused as refused:
        return _refuse(request, str(refused))


def _join_new(request: VisitorRequest, token: str, *, invitation: Invitation) -> HttpResponse:
    initial = {"name": invitation.name}
    form = NewcomerForm(request.POST or None, email=invitation.email, initial=initial)
    shown = {"form": form, "invitation": invitation}
    if request.method != "POST":
        return render(request, "join/newcomer.html", shown)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "join/newcomer.html", shown, status=status)
    newcomer = Newcomer(**form.cleaned_data, language=get_language() or "en")
    now = request.clock.now()
    user = join_as_newcomer(token, newcomer=newcomer, now=now)
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect(reverse("inbox"))


def _join_known(request: VisitorRequest, token: str, *, invitation: Invitation) -> HttpResponse:
    user = request.user
    is_invited = isinstance(user, User) and user.email == invitation.email
    if request.method == "POST" and isinstance(user, User):
        now = request.clock.now()
        join_signed_in(token, user=user, now=now)
        request.session[WORKSPACE_KEY] = invitation.workspace_id
        messages.success(
            request, _("You are now a member of %(name)s.") % {"name": invitation.workspace}
        )
        return HttpResponseRedirect(reverse("inbox"))
    shown = {"invitation": invitation, "is_invited": is_invited}
    return render(request, "join/known.html", shown)


def _refuse(request: VisitorRequest, reason: str) -> HttpResponse:
    return render(request, "join/closed.html", {"reason": reason}, status=HTTPStatus.GONE)
