"""The views of the inbox: which cases lie in Mine, Unassigned, Due soon and the others.

A case that sleeps is out of the views of those who work until its time; one that was merged into another is
in no view at all, its matter is with the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from amends.accounts.models import Notification, NotificationKind, User
from amends.cases.models import (
    OPEN_STATUSES,
    Case,
    CaseStatus,
    Experience,
    SilenceProposal,
    TrollAnswer,
)
from amends.cases.wake import is_asleep, is_awake
from amends.inbox.models import Version

DUE_SOON = timedelta(minutes=30)
MOST_AT_ONCE = 999  # proposals and mentions that a view can hold: the latest
ACTIVE = tuple(
    status
    for status in OPEN_STATUSES
    if status not in {CaseStatus.ANSWERED, CaseStatus.WAITING_FOR_CUSTOMER}
)
VIEWS = (
    *("mine", "unassigned", "due_soon", "approvals", "mentions", "waiting"),
    *("snoozed", "look_again", "no_action", "all"),
)


def in_view(cases: QuerySet[Case], view: str, *, user: User, now: datetime) -> QuerySet[Case]:
    """The cases of a view; raises KeyError for a view that does not exist."""
    awake = is_awake(now)
    # That it is not closed says nothing new; by it the databases know that the index of open cases will do.
    working = Q(status__in=ACTIVE, closed_at__isnull=True)
    conditions: Mapping[str, Callable[[], Q]] = MappingProxyType(
        {
            "mine": lambda: awake & working & Q(assignee=user),
            "unassigned": lambda: awake & working & Q(assignee__isnull=True),
            "due_soon": lambda: awake & Q(pk__in=_due_by(now + DUE_SOON, cases=cases)),
            "approvals": _approvals,
            "mentions": lambda: mentions_of(user),
            "waiting": lambda: Q(status=CaseStatus.WAITING_FOR_CUSTOMER),
            "snoozed": lambda: is_asleep(now) & Q(closed_at__isnull=True),
            "look_again": lambda: Q(look_asked_at__isnull=False),
            "no_action": lambda: Q(status=CaseStatus.NO_ACTION),
            "all": lambda: Q(),
        }
    )
    return cases.filter(conditions[view](), merged_into__isnull=True)


def _approvals() -> Q:
    asked = Q(status=CaseStatus.AWAITING_APPROVAL)
    if waiting := _waiting_for_second_person():
        asked |= Q(pk__in=waiting, status__in=OPEN_STATUSES)
    return asked


def _waiting_for_second_person() -> list[int]:
    """Cases with a label or a silence that somebody else must agree to; words that came since void both.

    Asked for first, and given as keys: within the view's own question it would keep the database from
    its index.
    """
    came = {"comment": OuterRef("case__comment"), "captured_at__gt": OuterRef("proposed_at")}
    silences = SilenceProposal.objects.filter(ruling__isnull=True).exclude(
        Exists(Version.objects.filter(**came))
    )
    came = {"comment": OuterRef("test__case__comment"), "captured_at__gt": OuterRef("noted_at")}
    labels = TrollAnswer.objects.filter(
        experience__in=[Experience.UNUSABLE, Experience.NONE], test__rulings__isnull=True
    ).exclude(Exists(Version.objects.filter(**came)))
    found = [
        *silences.order_by("-pk").values_list("case", flat=True)[:MOST_AT_ONCE],
        *labels.order_by("-pk").values_list("test__case", flat=True)[:MOST_AT_ONCE],
    ]
    return sorted(set(found))


def mentions_of(user: User, *, is_unread: bool = False) -> Q:
    """The cases in which a note named the person: the latest, or of these what they have not opened yet."""
    rows = Notification.objects.filter(
        user=user, kind=NotificationKind.MENTION, subject_kind="case"
    )
    if is_unread:
        rows = rows.filter(read_at__isnull=True)
    latest = rows.order_by("-created_at").values_list("workspace", "subject_id")[:MOST_AT_ONCE]
    numbers: dict[int, set[int]] = {}
    for workspace, subject in latest:
        number = subject.removeprefix("C-")
        if number.isdigit() and len(number) < 10:
            numbers.setdefault(workspace, set()).add(int(number))
    found = Q(pk__in=[])
    for workspace, ones in numbers.items():
        found |= Q(workspace=workspace, number__in=sorted(ones))
    return found


def _due_by(moment: datetime, *, cases: QuerySet[Case]) -> QuerySet[Case, Any]:
    """The keys of cases of which a clock is due by then or has run out: the first reply until it is sent,
    then the others.

    A union, since each part then has its index; SQLite reads every case of the workspace for an OR.
    """
    first = cases.filter(
        status__in=ACTIVE, first_replied_at__isnull=True, first_reply_due_at__lte=moment
    )
    progress = cases.filter(closed_at__isnull=True, progress_due_at__lte=moment)
    resolution = cases.filter(closed_at__isnull=True, resolution_due_at__lte=moment)
    parts = [part.order_by().values("pk") for part in (first, progress, resolution)]
    return parts[0].union(*parts[1:])
