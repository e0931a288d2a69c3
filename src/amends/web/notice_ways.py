"""How a person wants to be told: ways for each kind, quiet hours, the digest, and their own messengers."""

from __future__ import annotations

from datetime import time
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.change_notices import (
    AddressRefused,
    add_address,
    choose_hours,
    choose_ways,
    end_address,
)
from amends.accounts.models import NoticeHours, NotificationKind
from amends.accounts.notify import Ways, addresses_of, ways_of
from amends.accounts.permissions import may_read
from amends.connectors.kit.messengers import MAX_ADDRESS
from amends.web.pages import DeskRequest, action, page

WAYS = ("in_desk", "at_once", "in_digest")


class HoursForm(forms.Form):
    """By the clock on the wall; what is empty is not wanted."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )  # fmt: skip
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"), required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )  # fmt: skip
    digest_at = forms.TimeField(
        label=gettext_lazy("Daily digest at"), required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        ends: list[time | None] = [found.get("quiet_from"), found.get("quiet_until")]
        if (ends[0] is None) != (ends[1] is None):
            self.add_error("quiet_until", _("Quiet hours have a beginning and an end."))
        elif ends[0] is not None and ends[0] == ends[1]:
            self.add_error("quiet_until", _("The whole day is quiet so: choose another end."))
        return found


class AddressForm(forms.Form):
    """One messenger, by the address that apprise takes."""

    label = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=MAX_ADDRESS,
        help_text=gettext_lazy(
            "As apprise writes it: ntfy://topic, tgram://token/chat, slack://…, matrixs://…, "
            "jsons://your.server/path. It is kept sealed and never shown again."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@page(may=may_read, to_post=may_read)
def ways(request: DeskRequest) -> HttpResponse:
    """Show everything; a POST keeps the ways."""
    if request.method != "POST":
        return _show(request)
    choose_ways(
        request.user,
        ways={
            kind: Ways(**{way: f"{kind}.{way}" in request.POST for way in WAYS})
            for kind in NotificationKind
        },
    )
    messages.success(request, _("Saved."))
    return _back()


@action(may=may_read)
def hours(request: DeskRequest) -> HttpResponse:
    """Keep quiet hours and the time of the digest."""
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _show(request, hours_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    choose_hours(request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return _back()


@action(may=may_read)
def add(request: DeskRequest) -> HttpResponse:
    """Add a messenger."""
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            add_address(request.user, now=request.clock.now(), **form.cleaned_data)
        except AddressRefused as refused:
            form.add_error("address", str(refused))
        else:
            messages.success(request, _("Added. What is told at once goes there from now on."))
            return _back()
    return _show(request, address_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@action(may=may_read)
def remove(request: DeskRequest) -> HttpResponse:
    """Forget a messenger."""
    raw = request.POST.get("address", "")
    pk = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    if end_address(request.user, pk=pk, now=request.clock.now()):
        messages.success(request, _("Removed; its address is forgotten."))
    return _back()


def _show(
    request: DeskRequest,
    *,
    hours_form: Form | None = None,
    address_form: Form | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    user = request.user
    kept = NoticeHours.objects.filter(user=user).first()
    initial = {name: getattr(kept, name) for name in HoursForm.base_fields} if kept else {}
    context = {
        "kinds": [
            (kind.value, kind.label, ways_of(user, kind=kind.value)) for kind in NotificationKind
        ],
        "hours_form": hours_form or HoursForm(initial=initial),
        "address_form": address_form or AddressForm(),
        "addresses": addresses_of(user),
        "now": request.clock.now(),
    }
    return render(request, "notifications/ways.html", context, status=status)


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("notice_ways"))
