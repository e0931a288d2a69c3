"""Tells a person that they are wanted; how it reaches them is decided by their preferences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amends.accounts.models import Notification, NotificationKind, User, Workspace
from amends.record.log import Subject


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

    The caller makes sure that the person may know of what it is about (restricted lanes).
    """
    Notification.objects.get_or_create(
        user=user,
        key=key or f"{kind}:{about.kind}:{about.id}:{now.isoformat()}",
        defaults={
            "workspace": workspace,
            "kind": kind,
            "subject_kind": about.kind,
            "subject_id": about.id,
            "facts": dict(facts or {}),
            "created_at": now,
        },
    )
