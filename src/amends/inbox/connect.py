"""Connects a channel account, checks who it is, pauses and resumes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Brand, User, Workspace
from amends.accounts.permissions import may_manage_channels, refuse_unless
from amends.connectors import registry
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import Identity
from amends.connectors.kit.manifest import Action, Manifest, Mode
from amends.connectors.kit.protocol import Channel
from amends.core.clock import SystemClock
from amends.inbox.channels import manifest_of, open_account, open_channel, sealed_session
from amends.inbox.credentials import seal
from amends.inbox.models import AccountStatus, ChannelAccount
from amends.record.log import Subject, log_action


class CannotConnect(Exception):
    """A channel could not be connected; `field` names the value that is at fault, where one is."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def connect_account(
    workspace: Workspace,
    *,
    brand: Brand,
    kind: str,
    values: Mapping[str, str],
    by: User,
    now: datetime,
) -> ChannelAccount:
    """Check the credentials on the channel, seal what is secret, and begin to listen.

    Raises CannotConnect for a missing value, credentials that the channel refuses, or an account that is
    connected already.
    """
    refuse_unless(may_manage_channels(by, workspace), _("connect channels"))
    manifest = registry.manifest(kind)
    cleaned = _clean(values, manifest=manifest)
    channel, identity = _identify(kind, values=cleaned)
    secret = {one.name for one in manifest.fields if one.secret}
    is_heard = manifest.can(Action.POLL, mode=Mode.API)
    try:
        with transaction.atomic():
            account = ChannelAccount.objects.create(
                workspace=workspace,
                brand=brand,
                kind=kind,
                host=_host(cleaned, fallback=identity.host or manifest.kind),
                external_id=identity.external_id,
                handle=identity.handle,
                label=_label(identity, manifest=manifest),
                settings={name: text for name, text in cleaned.items() if name not in secret},
                sealed_settings=seal(
                    {name: text for name, text in cleaned.items() if name in secret}
                ),
                sealed_session=sealed_session(channel),
                connected_at=now,
                next_step="listen" if is_heard else "",
                due_at=now if is_heard else None,
            )
            _log("channel.connect", account=account, by=by, now=now)
    except IntegrityError:
        raise CannotConnect(
            _("%(handle)s is connected already.") % {"handle": identity.handle}
        ) from None
    return account


def pause_account(account: ChannelAccount, *, by: User, now: datetime) -> None:
    """Stop listening until somebody resumes; replies to it wait as well."""
    refuse_unless(may_manage_channels(by, account.workspace), _("pause channels"))
    with transaction.atomic():
        ChannelAccount.objects.filter(pk=account.pk).update(
            status=AccountStatus.PAUSED, next_step="", due_at=None
        )
        _log("channel.pause", account=account, by=by, now=now)


def resume_account(account: ChannelAccount, *, by: User, now: datetime) -> None:
    """Listen again from where it stopped; raises CannotConnect when the credentials do not work."""
    refuse_unless(may_manage_channels(by, account.workspace), _("resume channels"))
    try:
        open_account(account, clock=SystemClock()).identify()
    except ChannelError as error:
        raise CannotConnect(str(error)) from error
    is_heard = manifest_of(account).can(Action.POLL, mode=Mode.API)
    with transaction.atomic():
        ChannelAccount.objects.filter(pk=account.pk).update(
            status=AccountStatus.ACTIVE,
            next_step="listen" if is_heard else "",
            due_at=now if is_heard else None,
            attempts=0,
            last_error="",
            error_code="",
        )
        _log("channel.resume", account=account, by=by, now=now)


def change_credentials(
    account: ChannelAccount, *, values: Mapping[str, str], by: User, now: datetime
) -> None:
    """Seal new values for the same account; raises CannotConnect when they belong to somebody else."""
    refuse_unless(
        may_manage_channels(by, account.workspace), _("change the credentials of channels")
    )
    manifest = manifest_of(account)
    cleaned = _clean({**account.settings, **values}, manifest=manifest)
    channel, identity = _identify(account.kind, values=cleaned)
    if identity.external_id != account.external_id:
        raise CannotConnect(
            _("These credentials belong to %(other)s, not to %(account)s.")
            % {"other": identity.handle, "account": account.handle}
        )
    secret = {one.name for one in manifest.fields if one.secret}
    with transaction.atomic():
        ChannelAccount.objects.filter(pk=account.pk).update(
            settings={name: text for name, text in cleaned.items() if name not in secret},
            sealed_settings=seal({name: text for name, text in cleaned.items() if name in secret}),
            sealed_session=sealed_session(channel),
            status=AccountStatus.ACTIVE,
            next_step="listen",
            due_at=now,
            attempts=0,
            last_error="",
            error_code="",
        )
        _log("channel.credentials", account=account, by=by, now=now)


def _clean(values: Mapping[str, str], *, manifest: Manifest) -> dict[str, str]:
    cleaned = {}
    for field in manifest.fields:
        text = values.get(field.name, "").strip() or field.default
        if field.required and not text:
            raise CannotConnect(
                _("“%(field)s” is missing.") % {"field": _(field.label)}, field=field.name
            )
        cleaned[field.name] = text
    return cleaned


def _identify(kind: str, *, values: dict[str, str]) -> tuple[Channel, Identity]:
    channel = open_channel(kind, values, clock=SystemClock())
    try:
        return channel, channel.identify()
    except ChannelError as error:
        raise CannotConnect(str(error)) from error


def _label(identity: Identity, *, manifest: Manifest) -> str:
    """What people call the account; a channel without accounts goes by its own name."""
    own = identity.display_name or identity.handle
    return manifest.label if own in {"", manifest.kind} else own


def _host(values: Mapping[str, str], *, fallback: str) -> str:
    """Where the account lives: the host of its service address, else what the channel says, or its kind."""
    addresses = (urlsplit(text).netloc for text in values.values() if "://" in text)
    return next((host for host in addresses if host), fallback)


def _log(action: str, *, account: ChannelAccount, by: User, now: datetime) -> None:
    log_action(
        action,
        workspace_id=account.workspace_id,
        actor=actor_of(by),
        subject=Subject("channel", str(account.pk), account.label),
        now=now,
        data={"kind": account.kind, "handle": account.handle},
    )
