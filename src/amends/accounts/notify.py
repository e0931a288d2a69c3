"""Tells a person that they are wanted: in the desk, and at once by their own messengers if they want that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from amends.accounts.models import (
    NoticeAddress,
    NoticeDelivery,
    NoticeHours,
    NoticePreference,
    Notification,
    NotificationKind,
    User,
    Workspace,
)
from amends.record.log import Subject

DELIVER_NOTICE = "deliver_notice"


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways a person hears of a kind."""

    in_desk: bool = True
    at_once: bool = True
    in_digest: bool = True


DEFAULT_WAYS: Mapping[str, Ways] = MappingProxyType(
    {
        NotificationKind.MENTION: Ways(),
        NotificationKind.ASSIGNMENT: Ways(),
        NotificationKind.WARNING: Ways(at_once=False),
        NotificationKind.BREACH: Ways(),
        NotificationKind.APPROVAL: Ways(),
        NotificationKind.TASK: Ways(),
        NotificationKind.MEASURE: Ways(at_once=False),
        NotificationKind.CONNECTION: Ways(),
    }
)


def notify(
    user: User,
    *,
    workspace: Workspace,
    kind: NotificationKind,
    about: Subject,
    now: datetime,
    key: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Note it in the caller's transaction; given again with the same `key` it does nothing.

    The caller makes sure that the person may know of what it is about (restricted lanes). No words of a
    comment belong into `facts`.
    """
    ways = ways_of(user, kind=kind)
    notification, is_new = Notification.objects.get_or_create(
        user=user,
        key=key or f"{kind}:{about.kind}:{about.id}:{now.isoformat()}",
        defaults={
            "workspace": workspace,
            "kind": kind,
            "subject_kind": about.kind,
            "subject_id": about.id,
            "facts": dict(facts or {}),
            "is_shown": ways.in_desk,
            "created_at": now,
        },
    )
    if is_new and ways.at_once:
        _send_at_once(notification, now=now)


def ways_of(user: User, *, kind: str) -> Ways:
    """What the person chose for a kind, else its default."""
    row = NoticePreference.objects.filter(user=user, kind=kind).first()
    if row is None:
        return DEFAULT_WAYS.get(kind, Ways())
    return Ways(row.in_desk, row.at_once, row.in_digest)


def rest_until(user: User, *, now: datetime) -> datetime:
    """The end of the person's quiet hours where they run, else now; by the clock on their wall."""
    hours = NoticeHours.objects.filter(user=user).first()
    if hours is None or hours.quiet_from is None or hours.quiet_until is None:
        return now
    local = now.astimezone(ZoneInfo(user.time_zone))
    if not _is_within(local.time(), start=hours.quiet_from, end=hours.quiet_until):
        return now
    is_past = local.time() >= hours.quiet_until
    day = local.date() + timedelta(days=1) if is_past else local.date()
    return datetime.combine(day, hours.quiet_until, tzinfo=local.tzinfo)


def addresses_of(user: User) -> list[NoticeAddress]:
    return list(NoticeAddress.objects.filter(user=user, ended_at__isnull=True).order_by("pk"))


def _send_at_once(notification: Notification, *, now: datetime) -> None:
    addresses = addresses_of(notification.user)
    if not addresses:
        return
    due_at = rest_until(notification.user, now=now)
    for address in addresses:
        NoticeDelivery.objects.get_or_create(
            notification=notification,
            address=address,
            defaults={
                "workspace_id": notification.workspace_id,
                "created_at": now,
                "next_step": DELIVER_NOTICE,
                "due_at": due_at,
            },
        )


def _is_within(moment: time, *, start: time, end: time) -> bool:
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end
