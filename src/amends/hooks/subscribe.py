"""Makes, changes and ends webhooks; the secret is shown once and can be rotated without a gap."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.credentials import seal, unseal
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_manage_webhooks, refuse_unless
from amends.connectors.kit.errors import ChannelError
from amends.hooks.events import EVENTS, TEST
from amends.hooks.models import HookStatus, TellingStatus, WebhookDelivery, WebhookSubscription
from amends.hooks.sign import new_secret
from amends.inbox.channels import outbound_guard
from amends.record.log import Subject, log_action

MOST = 10
MAX_URL = 1000
ROTATION = timedelta(hours=24)  # how long the old secret signs beside the new one
DELIVER = "deliver_webhook"


class HookRefused(Exception):
    """What was asked cannot be; `field` names the value at fault, where one is."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def subscribe(
    workspace: Workspace, *, url: str, events: Collection[str], by: User, now: datetime
) -> tuple[WebhookSubscription, str]:
    """The subscription and its secret, which is never shown again; raises NotAllowed and HookRefused."""
    _allow(by, workspace)
    checked, wanted = _check_url(url), _check_events(events)
    alive = WebhookSubscription.objects.filter(workspace=workspace).exclude(status=HookStatus.ENDED)
    if alive.count() >= MOST:
        raise HookRefused(_("Ten webhooks are enough: end one first."))
    secret = new_secret()
    with transaction.atomic():
        made = WebhookSubscription.objects.create(
            workspace=workspace,
            owner=by,
            url=checked,
            events=wanted,
            sealed_secrets=seal({"current": secret}),
            created_at=now,
            heard_from=now,
        )
        _log("webhook.make", made, by=by, now=now, data={"events": wanted})
    return made, secret


def change_hook(
    hook: WebhookSubscription, *, url: str, events: Collection[str], by: User, now: datetime
) -> None:
    """Another address or other events; who changes it owns it from then on: their sight counts."""
    _allow(by, hook.workspace)
    checked, wanted = _check_url(url), _check_events(events)
    with transaction.atomic():
        _update(hook, url=checked, events=wanted, owner=by)
        _log("webhook.change", hook, by=by, now=now, data={"events": wanted})


def rotate_secret(hook: WebhookSubscription, *, by: User, now: datetime) -> str:
    """A new secret, shown once; for a day both sign, so that who checks has time to change."""
    _allow(by, hook.workspace)
    secret = new_secret()
    with transaction.atomic():
        row = WebhookSubscription.objects.select_for_update().get(pk=hook.pk)
        before = unseal(row.sealed_secrets).get("current", "")
        sealed = seal({"current": secret, "previous": before})
        _update(hook, sealed_secrets=sealed, previous_until=now + ROTATION)
        _log("webhook.rotate", hook, by=by, now=now, data={})
    return secret


def secrets_of(hook: WebhookSubscription, *, now: datetime) -> tuple[str, ...]:
    """The secrets that sign now; raises SealBroken when the key file does not fit."""
    held = unseal(hook.sealed_secrets)
    is_rotating = hook.previous_until is not None and now < hook.previous_until
    names = ("current", "previous") if is_rotating else ("current",)
    return tuple(held[name] for name in names if held.get(name))


def pause_hook(hook: WebhookSubscription, *, by: User, now: datetime) -> None:
    """Tell nothing until it is resumed; what waits is given up, and what happens meanwhile is not told."""
    _allow(by, hook.workspace)
    with transaction.atomic():
        _update(hook, status=HookStatus.PAUSED, problem="")
        give_up_waiting(hook)
        _log("webhook.pause", hook, by=by, now=now, data={})


def resume_hook(hook: WebhookSubscription, *, by: User, now: datetime) -> None:
    """Tell again, from now on."""
    _allow(by, hook.workspace)
    with transaction.atomic():
        _update(
            hook, status=HookStatus.ACTIVE, problem="", failing_since=None, heard_from=now, owner=by
        )
        _log("webhook.resume", hook, by=by, now=now, data={})


def end_hook(hook: WebhookSubscription, *, by: User, now: datetime) -> None:
    """Forget the secret and tell nothing more; its last deliveries go with it."""
    _allow(by, hook.workspace)
    with transaction.atomic():
        _update(hook, status=HookStatus.ENDED, sealed_secrets=b"")
        hook.deliveries.all().delete()
        _log("webhook.end", hook, by=by, now=now, data={})


def send_test(hook: WebhookSubscription, *, by: User, now: datetime) -> WebhookDelivery:
    """Queue an event that means nothing, so that the other side can be tried."""
    _allow(by, hook.workspace)
    _refuse_unless_active(hook)
    public_id = new_public_id()
    return WebhookDelivery.objects.create(
        workspace_id=hook.workspace_id,
        subscription=hook,
        public_id=public_id,
        event=TEST,
        key=public_id,
        occurred_at=now,
        created_at=now,
        next_step=DELIVER,
        due_at=now,
    )


def send_once_more(delivery: WebhookDelivery, *, by: User, now: datetime) -> None:
    """Send what is finished again, under the same id: who has it already knows it."""
    _allow(by, delivery.workspace)
    _refuse_unless_active(delivery.subscription)
    rows = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(status=TellingStatus.WAITING)
    rows.update(
        status=TellingStatus.WAITING,
        tries=0,
        first_tried_at=None,
        attempts=0,
        next_step=DELIVER,
        due_at=now,
        lease_token="",
        leased_until=None,
    )


def give_up_waiting(hook: WebhookSubscription) -> None:
    """What waits is not sent any more; in the caller's transaction."""
    rows = WebhookDelivery.objects.filter(subscription=hook, status=TellingStatus.WAITING)
    rows.update(
        status=TellingStatus.FAILED, next_step="", due_at=None, lease_token="", leased_until=None
    )


def new_public_id() -> str:
    return f"whd_{uuid.uuid4().hex}"


def host_of(url: str) -> str:
    """The host of an address, for people and logs: the rest may hold a secret."""
    return (urlsplit(url).netloc or url)[:64]


def _allow(by: User, workspace: Workspace) -> None:
    refuse_unless(may_manage_webhooks(by, workspace), _("manage webhooks"))


def _refuse_unless_active(hook: WebhookSubscription) -> None:
    if hook.status != HookStatus.ACTIVE:
        raise HookRefused(_("This webhook is paused: resume it first."))


def _check_events(events: Collection[str]) -> list[str]:
    wanted = [one for one in EVENTS if one in set(events)]
    if not wanted or len(wanted) < len(set(events)):
        raise HookRefused(_("Choose at least one event of the list."), field="events")
    return wanted


def _check_url(url: str) -> str:
    url = url.strip()
    if len(url) > MAX_URL:
        raise HookRefused(_("This address is too long."), field="url")
    guard = outbound_guard()
    try:
        host, port = guard.check_form(url)
        if (
            not url.lower().startswith("https://")
            and f"{host}:{port}" not in settings.OUTBOUND_ALLOW
        ):
            raise HookRefused(_("The address must begin with https://."), field="url")
        guard.check_url(url)
    except ChannelError as error:
        raise HookRefused(str(error), field="url") from error
    return url


def _update(hook: WebhookSubscription, **values: Any) -> None:
    rows = WebhookSubscription.objects.filter(pk=hook.pk).exclude(status=HookStatus.ENDED)
    if not rows.update(**values):
        raise HookRefused(_("This webhook was ended."))
    for name, value in values.items():
        setattr(hook, name, value)


def _log(
    action: str, hook: WebhookSubscription, *, by: User, now: datetime, data: dict[str, Any]
) -> None:
    log_action(
        action,
        workspace_id=hook.workspace_id,
        actor=actor_of(by),
        subject=Subject("webhook", str(hook.pk), host_of(hook.url)),
        now=now,
        data=data,
    )
