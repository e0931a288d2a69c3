"""What a person changes about how they are told: ways, hours, addresses; and what they have read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.credentials import seal
from amends.accounts.models import (
    NoticeAddress,
    NoticeHours,
    NoticePreference,
    Notification,
    NotificationKind,
    User,
    Workspace,
)
from amends.accounts.notify import Ways
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.messengers import service_of
from amends.record.log import Subject

MOST_ADDRESSES = 5


class AddressRefused(Exception):
    """The address cannot be used; the message is for the person."""


def choose_ways(user: User, *, ways: Mapping[NotificationKind, Ways]) -> None:
    """Keep by which ways the person hears of each kind."""
    with transaction.atomic():
        for kind, chosen in ways.items():
            NoticePreference.objects.update_or_create(
                user=user,
                kind=kind,
                defaults={
                    "in_desk": chosen.in_desk,
                    "at_once": chosen.at_once,
                    "in_digest": chosen.in_digest,
                },
            )


def choose_hours(
    user: User, *, quiet_from: time | None, quiet_until: time | None, digest_at: time | None
) -> None:
    """Keep the quiet hours (both ends or none) and when the digest comes."""
    has_both = quiet_from is not None and quiet_until is not None
    NoticeHours.objects.update_or_create(
        user=user,
        defaults={
            "quiet_from": quiet_from if has_both else None,
            "quiet_until": quiet_until if has_both else None,
            "digest_at": digest_at,
        },
    )


def add_address(user: User, *, label: str, address: str, now: datetime) -> NoticeAddress:
    """Keep an address sealed; raises AddressRefused for a service that is not offered, or too many."""
    label = label.strip()[:80]
    if not label:
        raise AddressRefused(_("Give it a name by which you know it."))
    if NoticeAddress.objects.filter(user=user, ended_at__isnull=True).count() >= MOST_ADDRESSES:
        raise AddressRefused(_("Five addresses are enough: remove one first."))
    try:
        service = service_of(address.strip())
    except ChannelError as error:
        raise AddressRefused(_(str(error))) from error
    try:
        with transaction.atomic():
            return NoticeAddress.objects.create(
                user=user,
                label=label,
                service=service,
                sealed=seal({"address": address.strip()}),
                created_at=now,
            )
    except IntegrityError:
        raise AddressRefused(_("You have an address of this name already.")) from None


def end_address(user: User, *, pk: int, now: datetime) -> bool:
    """Forget it: the row stays for its deliveries, the secret goes; False when there is none."""
    rows = NoticeAddress.objects.filter(user=user, pk=pk, ended_at__isnull=True)
    return bool(rows.update(ended_at=now, sealed=b""))


def mark_read(
    user: User, *, workspace: Workspace, now: datetime, pks: Iterable[int] | None = None
) -> int:
    """Say that notices were read: those named, else all of the workspace; returns how many."""
    rows = Notification.objects.filter(user=user, workspace=workspace, read_at__isnull=True)
    if pks is not None:
        rows = rows.filter(pk__in=list(pks))
    return rows.update(read_at=now)


def mark_seen(user: User, *, workspace: Workspace, about: Subject, now: datetime) -> int:
    """Who opens what a notice is about has read it."""
    rows = Notification.objects.filter(
        user=user,
        workspace=workspace,
        read_at__isnull=True,
        subject_kind=about.kind,
        subject_id=about.id,
    )
    return rows.update(read_at=now)


def take_back_notices(users: Iterable[int], *, keys: Iterable[str], now: datetime) -> None:
    """What was asked of several and is answered asks nobody any more; in the caller's transaction."""
    rows = Notification.objects.filter(user__in=list(users), key__in=list(keys))
    rows.filter(read_at__isnull=True).update(read_at=now)
