"""The channels of a workspace: how they are, and connecting, pausing and mending them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_manage_channels
from amends.connectors import registry
from amends.connectors.kit.manifest import Action, Manifest, Mode
from amends.inbox.channels import manifest_of
from amends.inbox.connect import (
    CannotConnect,
    change_credentials,
    connect_account,
    pause_account,
    resume_account,
)
from amends.inbox.models import AccountStatus, ChannelAccount
from amends.inbox.queries import channel_accounts_visible_to
from amends.web.cases import now_of, user_of
from amends.web.pages import action, page


@dataclass(frozen=True, slots=True)
class AccountView:
    """A connected account with what its channel can do."""

    account: ChannelAccount
    label: str
    icon_path: str
    is_listened_to: bool
    answers_by_hand: bool
    has_fields: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One thing that the connect form asks for; a secret never travels back into the form."""

    name: str
    label: str
    help: str
    is_secret: bool
    is_required: bool
    value: str
    error: str


@page(may=may_manage_channels)
def channels(request: HttpRequest) -> HttpResponse:
    """Every account with its health, and what could be connected."""
    accounts = channel_accounts_visible_to(
        user_of(request),
        workspace=request.workspace,  # type: ignore[attr-defined]
    )
    return render(
        request,
        "channels/channels.html",
        {
            "accounts": [_view(one) for one in accounts.order_by("-status", "label", "pk")],
            "kinds": [_offer(one) for one in _connectable()],
            "now": now_of(request),
            "AccountStatus": AccountStatus,
        },
    )


@page(may=may_manage_channels, to_post=may_manage_channels)
def connect(request: HttpRequest, kind: str) -> HttpResponse:
    """The form that the channel's manifest describes; `?account=` enters new credentials for one."""
    manifest = _manifest(kind)
    account = _account_to_mend(request, kind)
    if request.method != "POST":
        return _show_form(request, manifest=manifest, account=account)
    try:
        _connect(request, manifest=manifest, account=account)
    except CannotConnect as refused:
        return _show_form(
            request,
            manifest=manifest,
            account=account,
            problem=refused,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return HttpResponseRedirect(reverse("channels"))


@action(may=may_manage_channels)
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop listening for a while."""
    account = _find(request, pk)
    return _do(
        request,
        lambda: pause_account(account, by=user_of(request), now=now_of(request)),
        said=_("%(name)s is paused.") % {"name": account.label},
    )


@action(may=may_manage_channels)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Listen again from where it stopped."""
    account = _find(request, pk)
    return _do(
        request,
        lambda: resume_account(account, by=user_of(request), now=now_of(request)),
        said=_("%(name)s is listened to again.") % {"name": account.label},
    )


def _do(request: HttpRequest, verb: Callable[[], None], *, said: str) -> HttpResponse:
    try:
        verb()
    except CannotConnect as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("channels"))


def _connect(request: HttpRequest, *, manifest: Manifest, account: ChannelAccount | None) -> None:
    values = {field.name: request.POST.get(field.name, "") for field in manifest.fields}
    if account is not None:
        change_credentials(account, values=values, by=user_of(request), now=now_of(request))
        messages.success(request, _("The new credentials work: it is listened to again."))
        return
    workspace = request.workspace  # type: ignore[attr-defined]
    brands = workspace.brands.order_by("pk")
    wanted = request.POST.get("brand", "")
    brand = brands.filter(pk=int(wanted)).first() if wanted.isdigit() else brands.first()
    if brand is None:
        raise CannotConnect(_("Choose the brand that speaks here."), field="brand")
    made = connect_account(
        workspace,
        brand=brand,
        kind=manifest.kind,
        values=values,
        by=user_of(request),
        now=now_of(request),
    )
    messages.success(
        request, _("%(name)s is connected. What is posted from now on comes in.") % {"name": made}
    )


def _show_form(
    request: HttpRequest,
    *,
    manifest: Manifest,
    account: ChannelAccount | None,
    problem: CannotConnect | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    workspace = request.workspace  # type: ignore[attr-defined]
    stored = {**(account.settings if account else {}), **request.POST.dict()}
    context = {
        "manifest": manifest,
        "label": _(manifest.label),
        "summary": _(manifest.summary),
        "account": account,
        "fields": _fields(manifest, values=stored, problem=problem),
        "brands": list(workspace.brands.order_by("name")) if account is None else [],
        "typed": request.POST,
        "problem": problem if problem and not problem.field else None,
    }
    return render(request, "channels/connect.html", context, status=status)


def _fields(
    manifest: Manifest, *, values: Mapping[str, Any], problem: CannotConnect | None
) -> list[FieldView]:
    return [
        FieldView(
            name=field.name,
            label=_(field.label),
            help=_(field.help) if field.help else "",
            is_secret=field.secret,
            is_required=field.required,
            value="" if field.secret else str(values.get(field.name) or field.default),
            error=str(problem) if problem and problem.field == field.name else "",
        )
        for field in manifest.fields
    ]


def _view(account: ChannelAccount) -> AccountView:
    manifest = manifest_of(account)
    return AccountView(
        account=account,
        label=_(manifest.label),
        icon_path=f"channels/{manifest.icon}.svg",
        is_listened_to=manifest.can(Action.POLL, mode=Mode.API),
        answers_by_hand=manifest.can(Action.REPLY, mode=Mode.ASSISTED),
        has_fields=bool(manifest.fields),
    )


def _offer(manifest: Manifest) -> dict[str, str]:
    return {
        "kind": manifest.kind,
        "icon": f"channels/{manifest.icon}.svg",
        "label": _(manifest.label),
        "summary": _(manifest.summary),
    }


def _connectable() -> list[Manifest]:
    """What can be connected: no file, which is imported; the practice network where it is installed."""
    found = registry.manifests().values()
    return [
        one for one in found if one.kind != "file" and (one.kind != "sandbox" or settings.SANDBOX)
    ]


def _manifest(kind: str) -> Manifest:
    found = next((one for one in _connectable() if one.kind == kind), None)
    if found is None:
        raise Http404(_("There is no channel of this kind."))
    return found


def _account_to_mend(request: HttpRequest, kind: str) -> ChannelAccount | None:
    raw = request.GET.get("account", "")
    if not raw:
        return None
    account = _find(request, int(raw)) if raw.isdigit() and len(raw) < 19 else None
    if account is None or account.kind != kind:
        raise Http404(_("There is no such channel."))
    return account


def _find(request: HttpRequest, pk: int) -> ChannelAccount:
    accounts = channel_accounts_visible_to(
        user_of(request),
        workspace=request.workspace,  # type: ignore[attr-defined]
    )
    account = accounts.filter(pk=pk).select_related("workspace").first()
    if account is None:
        raise Http404(_("There is no such channel."))
    return account
