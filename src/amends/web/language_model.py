"""Which language model may draft: off by default, its address, its key, and a try with made-up words."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.change_language_model import (
    Wanted,
    change_language_model,
    key_of,
    language_model_of,
)
from amends.accounts.credentials import SealBroken
from amends.accounts.permissions import may_manage_language_model
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.language_model import Endpoint, LanguageModel
from amends.inbox.channels import outbound_guard
from amends.web.pages import DeskRequest, action, page

MADE_UP = (
    {"role": "system", "content": "Answer with one short, friendly sentence in English."},
    {"role": "user", "content": "Say that you are ready to draft replies."},
)


class LanguageModelForm(forms.Form):
    """The access as it is typed; the key is never shown again."""

    url = forms.URLField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "Of a server that speaks the chat-completions protocol, up to /v1. It may be one of your own."
        ),
        max_length=500,
        assume_scheme="https",
    )
    model = forms.CharField(label=gettext_lazy("Name of the model"), max_length=120)
    key = forms.CharField(
        label=gettext_lazy("Key"),
        help_text=gettext_lazy("Kept sealed. Leave it empty to keep the one that is stored."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        required=False,
    )
    is_on = forms.BooleanField(
        label=gettext_lazy("Colleagues may ask it for drafts"), required=False
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            outbound_guard().check_url(url)
        except ChannelError as refused:
            raise forms.ValidationError(str(refused)) from refused
        return url


@page(may=may_manage_language_model, to_post=may_manage_language_model)
def language_model(request: DeskRequest) -> HttpResponse:
    """Show the access, and change it."""
    access = language_model_of(request.workspace)
    if request.method != "POST":
        values = {"url": access.url, "model": access.model, "is_on": access.is_on} if access else {}
        return _show(request, LanguageModelForm(initial=values))
    form = LanguageModelForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    said = form.cleaned_data
    wanted = Wanted(
        url=said["url"], model=said["model"], key=said["key"] or None, is_on=said["is_on"]
    )
    change_language_model(
        request.workspace, wanted=wanted, by=request.user, now=request.clock.now()
    )
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("language_model"))


@action(may=may_manage_language_model)
def try_language_model(request: DeskRequest) -> HttpResponse:
    """Ask it for one sentence; no word of a customer is sent."""
    access = language_model_of(request.workspace)
    if access is None:
        messages.error(request, _("Enter an address first."))
        return HttpResponseRedirect(reverse("language_model"))
    try:
        endpoint = Endpoint(url=access.url, model=access.model, key=key_of(access))
        model = LanguageModel(endpoint, guard=outbound_guard(), clock=request.clock)
        answer = model.complete(MADE_UP)
    except (ChannelError, SealBroken) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It answers: %(answer)s") % {"answer": answer[:200]})
    return HttpResponseRedirect(reverse("language_model"))


def _show(
    request: DeskRequest, form: LanguageModelForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "access": language_model_of(request.workspace)}
    return render(request, "language_model/language_model.html", context, status=status)
