"""The first page of all: makes the owner, the workspace and its brand, by the link that `up` prints."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.contrib.auth import login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from amends.accounts.models import User
from amends.accounts.set_up import FirstOwner, SetupRefused, is_usable, set_up_desk
from amends.web.pages import VisitorRequest, public_page
from amends.web.person_fields import (
    NameField,
    NewPasswordField,
    TimeZoneField,
    check_password_strength,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class FirstOwnerForm(forms.Form):
    """Who begins, and for whom they speak."""

    workspace = forms.CharField(
        label=_("Name of your team or company"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    brand = forms.CharField(
        label=_("Brand that you answer for"),
        help_text=_("More brands can be added later."),
        max_length=120,
    )
    name = NameField()
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = NewPasswordField()
    time_zone = TimeZoneField()

    def clean_email(self) -> str:
        email: str = User.objects.normalize_email(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("There is an account with this address already."))
        return email

    def clean(self) -> None:
        check_password_strength(self, email=self.cleaned_data.get("email", ""))


@public_page
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: VisitorRequest, token: str) -> HttpResponse:
    """Show the form; a POST uses the link up. A link that is not good any more says what to do."""
    now = request.clock.now()
    if not is_usable(token, now=now):
        return render(request, "setup/closed.html", status=HTTPStatus.GONE)
    form = FirstOwnerForm(request.POST or None)
    if request.method != "POST":
        return render(request, "setup/setup.html", {"form": form})
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "setup/setup.html", {"form": form}, status=status)
    first = FirstOwner(**form.cleaned_data, language=get_language() or "en")
    try:
        owner = set_up_desk(first, token=token, now=now)
    except SetupRefused:
        return render(request, "setup/closed.html", status=HTTPStatus.GONE)
    login(request, owner, backend=BACKEND)
    return HttpResponseRedirect(reverse("inbox"))
