"""The webhooks of a workspace: to whom what is told, whether it arrives, and the last deliveries."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.permissions import may_manage_webhooks
from amends.hooks.events import EVENTS
from amends.hooks.models import HookStatus, TellingStatus, WebhookSubscription
from amends.hooks.payload import describe_target
from amends.hooks.queries import KEPT, deliveries_visible_to, hooks_visible_to
from amends.hooks.subscribe import (
    MAX_URL,
    HookRefused,
    change_hook,
    end_hook,
    pause_hook,
    resume_hook,
    rotate_secret,
    send_once_more,
    send_test,
    subscribe,
)
from amends.web.pages import DeskRequest, action, page

FRESH = "fresh_webhook_secret"  # in the session until it has been shown, once


class HookForm(forms.Form):
    """Where to, and what of."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=MAX_URL,
        help_text=gettext_lazy("Beginning with https://; it takes a POST with JSON."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        choices=[(one, one) for one in EVENTS],
        widget=forms.CheckboxSelectMultiple,
    )


@page(may=may_manage_webhooks, to_post=may_manage_webhooks)
def webhooks(request: DeskRequest) -> HttpResponse:
    """The list, or with `?webhook=` one with its deliveries; a POST makes one."""
    chosen = request.GET.get("webhook", "")
    if request.method != "POST":
        if chosen:
            hook = _find(request, chosen)
            if hook is None:
                raise Http404(_("There is no such webhook."))
            return _show_one(request, hook)
        return _show(request, form=HookForm())
    form = HookForm(request.POST)
    if form.is_valid():
        try:
            made, secret = subscribe(
                request.workspace, by=request.user, now=request.clock.now(), **form.cleaned_data
            )
        except HookRefused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            request.session[FRESH] = secret
            return _to(made)
    return _show(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@action(may=may_manage_webhooks)
def change(request: DeskRequest) -> HttpResponse:
    """Another address or other events."""
    hook = _named(request)
    if hook is None:
        return _unknown(request)
    form = HookForm(request.POST)
    if form.is_valid():
        try:
            change_hook(hook, by=request.user, now=request.clock.now(), **form.cleaned_data)
        except HookRefused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return _to(hook)
    return _show_one(request, hook, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@action(may=may_manage_webhooks)
def do(request: DeskRequest) -> HttpResponse:
    """Test, rotate, pause, resume or end one."""
    hook = _named(request)
    if hook is None:
        return _unknown(request)
    verbs: dict[str, tuple[Callable[..., object], str]] = {
        "test": (send_test, _("A test event is on its way.")),
        "rotate": (rotate_secret, _("For a day the old secret signs beside the new one.")),
        "pause": (pause_hook, _("Paused: nothing is told until you resume it.")),
        "resume": (resume_hook, _("Resumed: what happens from now on is told.")),
        "end": (end_hook, _("Ended; its secret is forgotten.")),
    }
    name = request.POST.get("do", "")
    if name not in verbs:
        return _to(hook)
    verb, said = verbs[name]
    try:
        came = verb(hook, by=request.user, now=request.clock.now())
    except HookRefused as refused:
        messages.error(request, str(refused))
        return _to(hook)
    if name == "rotate":
        request.session[FRESH] = came
    messages.success(request, said)
    return HttpResponseRedirect(reverse("webhooks")) if name == "end" else _to(hook)


@action(may=may_manage_webhooks)
def again(request: DeskRequest) -> HttpResponse:
    """Send a finished delivery once more."""
    hook = _named(request)
    if hook is None:
        return _unknown(request)
    rows = deliveries_visible_to(request.user, hook=hook)
    found = rows.filter(public_id=request.POST.get("delivery", "")).first()
    if found is None:
        messages.error(request, _("This delivery is too old: it is no longer kept."))
        return _to(hook)
    try:
        send_once_more(found, by=request.user, now=request.clock.now())
        messages.success(request, _("It is being sent again."))
    except HookRefused as refused:
        messages.error(request, str(refused))
    return _to(hook)


def _show(
    request: DeskRequest, *, form: HookForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    rows = [
        {"hook": one, "target": describe_target(one), "count": len(one.events)}
        for one in hooks_visible_to(request.user, workspace=request.workspace)
    ]
    shown = {"rows": rows, "form": form, "HookStatus": HookStatus}
    return render(request, "webhooks/webhooks.html", shown, status=status)


def _show_one(
    request: DeskRequest,
    hook: WebhookSubscription,
    *,
    form: HookForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    shown = {
        "hook": hook,
        "target": describe_target(hook),
        "form": form or HookForm(initial={"url": hook.url, "events": hook.events}),
        "deliveries": deliveries_visible_to(request.user, hook=hook)[:KEPT],
        "fresh": request.session.pop(FRESH, "") if form is None else "",
        "HookStatus": HookStatus,
        "TellingStatus": TellingStatus,
        "now": request.clock.now(),
    }
    return render(request, "webhooks/webhook.html", shown, status=status)


def _find(request: DeskRequest, raw: str) -> WebhookSubscription | None:
    pk = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    rows = hooks_visible_to(request.user, workspace=request.workspace)
    return rows.filter(pk=pk).first()


def _named(request: DeskRequest) -> WebhookSubscription | None:
    return _find(request, request.POST.get("webhook", ""))


def _unknown(request: DeskRequest) -> HttpResponse:
    """A colleague may have ended it meanwhile: back to the list, with a word."""
    messages.error(request, _("There is no such webhook."))
    return HttpResponseRedirect(reverse("webhooks"))


def _to(hook: WebhookSubscription) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('webhooks')}?webhook={hook.pk}")
