"""Tells a person about a case if they may know of it, and says what of it may be told outside the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from amends.accounts.models import Notification, NotificationKind, User, Workspace
from amends.accounts.notify import notify
from amends.accounts.permissions import RESTRICTED_LANES, may_read, may_see_lane
from amends.cases.models import Case
from amends.cases.queries import cases_visible_to
from amends.record.log import Subject


def tell(
    person: User,
    *,
    case: Case,
    kind: NotificationKind,
    now: datetime,
    key: str,
    facts: Mapping[str, Any] | None = None,
) -> bool:
    """Note it for the person, in the caller's transaction; False for who may not see the case."""
    workspace = case.workspace
    if not (may_read(person, workspace) and may_see_lane(person, workspace, case.lane)):
        return False
    about = Subject("case", case.public_id, case.public_id)
    notify(person, workspace=workspace, kind=kind, about=about, now=now, key=key, facts=facts)
    return True


NOT_RESTRICTED, RESTRICTED = "open", "discreet"


def known_outside(notification: Notification) -> str:
    """What a messenger may say of a notice: "open", "discreet" (that there is something), or "" nothing.

    Asked when it is sent: lanes and roles may have changed since it was noted.
    """
    if notification.subject_kind != "case":
        return RESTRICTED
    number = notification.subject_id.removeprefix("C-")
    if not number.isdigit() or len(number) > 9:
        return ""
    cases = cases_visible_to(notification.user, workspace=notification.workspace)
    lane = cases.filter(number=int(number)).values_list("lane", flat=True).first()
    if lane is None:
        return ""
    return RESTRICTED if lane in RESTRICTED_LANES else NOT_RESTRICTED


COUNT_CAP = 99
RECENT = 500  # of a person's notices, the latest; older ones stay in the record of the case


def notices_visible_to(
    user: User, *, workspace: Workspace, is_unread: bool | None = None, kind: str = ""
) -> QuerySet[Notification]:
    """The latest notices of a person, without those about cases that they may not see any more."""
    rows = Notification.objects.filter(user=user, workspace=workspace, is_shown=True)
    if is_unread is not None:
        rows = rows.filter(read_at__isnull=is_unread)
    if kind:
        rows = rows.filter(kind=kind)
    recent = list(
        rows.order_by("-created_at", "-pk").values_list("pk", "subject_kind", "subject_id")[:RECENT]
    )
    numbers = {
        int(subject.removeprefix("C-"))
        for _pk, kind, subject in recent
        if kind == "case" and subject.removeprefix("C-").isdigit()
    }
    cases = cases_visible_to(user, workspace=workspace).filter(number__in=numbers)
    seen = {f"C-{number}" for number in cases.values_list("number", flat=True)}
    shown = [pk for pk, kind, subject in recent if kind != "case" or subject in seen]
    return Notification.objects.filter(pk__in=shown).order_by("-created_at", "-pk")


def count_unread(user: User, *, workspace: Workspace) -> int:
    """How many the bell shows, no further than one beyond the cap."""
    if not may_read(user, workspace):
        return 0
    return notices_visible_to(user, workspace=workspace, is_unread=True)[: COUNT_CAP + 1].count()
