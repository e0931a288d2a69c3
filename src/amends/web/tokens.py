"""A person's own tokens: made and shown once, what each may do, when it was last used, and its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from amends.accounts.api_tokens import (
    TokenRefused,
    make_token,
    revoke_token,
    scopes_for,
    tokens_of,
)
from amends.accounts.models import ApiScope
from amends.accounts.permissions import may_read
from amends.web.pages import DeskRequest, action, page

FRESH = "fresh_token"  # in the session until it has been shown, once
LENGTHS = (30, 90, 365)


class TokenForm(forms.Form):
    """What the program is called here, what it may do, and until when."""

    label = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    expires = forms.ChoiceField(label=gettext_lazy("Ends after"), initial="90")

    def __init__(self, *args: object, scopes: tuple[ApiScope, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["scopes"].choices = [(one.value, one.label) for one in scopes]  # type: ignore[attr-defined]
        self.fields["expires"].choices = [  # type: ignore[attr-defined]
            *((str(days), _days(days)) for days in LENGTHS),
            ("0", _("Never: I revoke it myself")),
        ]


@page(may=may_read, to_post=may_read)
def tokens(request: DeskRequest) -> HttpResponse:
    """The list; a POST makes one."""
    if request.method != "POST":
        fresh = request.session.pop(FRESH, "")
        return _show(request, form=TokenForm(scopes=_scopes(request)), fresh=fresh)
    form = TokenForm(request.POST, scopes=_scopes(request))
    if not form.is_valid():
        return _show(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    now = request.clock.now()
    try:
        _token, secret = make_token(
            request.user,
            workspace=request.workspace,
            label=form.cleaned_data["label"],
            scopes=form.cleaned_data["scopes"],
            expires_at=_until(form.cleaned_data["expires"], now=now),
            now=now,
        )
    except TokenRefused as refused:
        form.add_error(refused.field, str(refused))
        return _show(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    request.session[FRESH] = secret
    return HttpResponseRedirect(reverse("tokens"))


@action(may=may_read)
def revoke(request: DeskRequest) -> HttpResponse:
    """End a token at once."""
    raw = request.POST.get("token", "")
    pk = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    now = request.clock.now()
    if revoke_token(request.user, workspace=request.workspace, pk=pk, now=now):
        messages.success(request, _("Revoked: the program is shut out from now on."))
    return HttpResponseRedirect(reverse("tokens"))


def _show(
    request: DeskRequest,
    *,
    form: TokenForm,
    fresh: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    now = request.clock.now()
    rows = [
        {
            "token": one,
            "scopes": [ApiScope(scope).label for scope in one.scopes],
            "is_over": one.expires_at is not None and one.expires_at <= now,
        }
        for one in tokens_of(request.user, workspace=request.workspace)
    ]
    shown = {"rows": rows, "form": form, "fresh": fresh, "now": now}
    return render(request, "tokens/tokens.html", shown, status=status)


def _scopes(request: DeskRequest) -> tuple[ApiScope, ...]:
    return scopes_for(request.user, request.workspace)


def _days(days: int) -> str:
    words = ngettext_lazy("%(days)d day", "%(days)d days", "days")
    return str(words % {"days": days})


def _until(raw: str, *, now: datetime) -> datetime | None:
    days = int(raw)
    return now + timedelta(days=days) if days else None
