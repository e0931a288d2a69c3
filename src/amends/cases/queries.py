"""Reads of cases; `cases_visible_to` is the only door to them for a person, counts included."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_read, may_see_lane
from amends.cases.family import family_of
from amends.cases.models import (
    OPEN_STATUSES,
    Case,
    CaseStatus,
    Experience,
    Hold,
    Lane,
    SilenceProposal,
    TrollAnswer,
)
from amends.inbox.models import Version

DUE_SOON = timedelta(minutes=30)
COUNT_CAP = 999  # beyond it the interface says 999+: an exact count would read every row
ACTIVE = tuple(
    status
    for status in OPEN_STATUSES
    if status not in {CaseStatus.ANSWERED, CaseStatus.WAITING_FOR_CUSTOMER}
)
VIEWS = ("mine", "unassigned", "all", "due_soon", "approvals", "look_again")


def cases_visible_to(user: User, *, workspace: Workspace) -> QuerySet[Case]:
    """Every case of the workspace that this person may know of at all."""
    if not may_read(user, workspace):
        return Case.objects.none()
    lanes = [lane for lane in Lane.values if may_see_lane(user, workspace, lane)]
    return Case.objects.filter(workspace=workspace, lane__in=lanes)


def hidden_since(user: User, *, workspace: Workspace, since: datetime) -> list[int]:
    """Numbers of cases that have moved out of this person's sight since a moment: a list drops them.

    It tells nothing new: every case was open before it moved.
    """
    if not may_read(user, workspace):
        return []
    visible = cases_visible_to(user, workspace=workspace)
    moved = Case.objects.filter(
        workspace=workspace, changed_at__gte=since, lane_changed_at__gte=since
    ).exclude(pk__in=visible.values("pk"))
    return list(moved.values_list("number", flat=True)[:COUNT_CAP])


def in_view(cases: QuerySet[Case], view: str, *, user: User, now: datetime) -> QuerySet[Case]:
    """The cases of a view; raises KeyError for a view that does not exist."""
    conditions = MappingProxyType(
        {
            "mine": Q(assignee=user, status__in=ACTIVE),
            "unassigned": Q(assignee__isnull=True, status__in=ACTIVE),
            "all": Q(),
            "due_soon": Q(pk__in=_due_by(now + DUE_SOON, cases=cases)),
            "approvals": Q(status=CaseStatus.AWAITING_APPROVAL),
            "look_again": Q(look_asked_at__isnull=False),
        }
    )
    condition = conditions[view]
    if view == "approvals" and (waiting := _waiting_for_second_person()):
        condition |= Q(pk__in=waiting, status__in=OPEN_STATUSES)
    return cases.filter(condition)


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
        *silences.order_by("-pk").values_list("case", flat=True)[:COUNT_CAP],
        *labels.order_by("-pk").values_list("test__case", flat=True)[:COUNT_CAP],
    ]
    return sorted(set(found))


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


def in_order(cases: QuerySet[Case], view: str) -> QuerySet[Case]:
    """What is due first comes first; All shows what changed last first."""
    if view == "all":
        return cases.order_by("-changed_at", "-id")
    return cases.order_by(F("first_reply_due_at").asc(nulls_last=True), "id")


def view_counts(user: User, *, workspace: Workspace, now: datetime) -> dict[str, int]:
    """How many cases each view holds, counted no further than the cap."""
    cases = cases_visible_to(user, workspace=workspace)
    return {
        view: in_view(cases, view, user=user, now=now)[: COUNT_CAP + 1].count() for view in VIEWS
    }


def case_or_none(user: User, *, workspace: Workspace, number: int) -> Case | None:
    return (
        cases_visible_to(user, workspace=workspace)
        .select_related(
            "author", "comment__account", "comment__thread", "assignee", "brand", "workspace"
        )
        .filter(number=number)
        .first()
    )


def earlier_cases(case: Case, user: User) -> QuerySet[Case]:
    """Other cases of the same author that this person may see, newest first."""
    return (
        cases_visible_to(user, workspace=case.workspace)
        .filter(author=case.author_id)
        .exclude(Q(pk=case.pk) | Q(merged_into=case.pk))
        .order_by("-number")
    )


def hold_in_force(case: Case) -> Hold | None:
    """What freezes sending: on the case, or on one that was merged into it."""
    return Hold.objects.filter(case__in=family_of(case), lifted_at__isnull=True).first()
