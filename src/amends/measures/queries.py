"""Reads of measures and appeals; `…_visible_to` is the only door to them for a person."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from amends.accounts.models import User, Workspace
from amends.cases.family import family_of
from amends.cases.models import Case
from amends.cases.queries import seen_by
from amends.core.vocabulary import ApprovalLevel
from amends.measures.confirm import waits_for_second
from amends.measures.models import Appeal, Measure, MeasureKind, MeasureStatus, Repost

MOST = 100
MOST_REPEATS = 3


def measures_visible_to(user: User, *, workspace: Workspace) -> QuerySet[Measure]:
    """Every measure of a case that this person may know of."""
    seen = seen_by(user, workspace=workspace, over="case")
    return Measure.objects.filter(seen, workspace=workspace).select_related(
        "case",
        "author",
        "account",
        "acted_by",
        "version__content",
        "comment",
        "workspace",
        "policy",
    )


def appeals_visible_to(user: User, *, workspace: Workspace) -> QuerySet[Appeal]:
    """Every appeal of a case that this person may know of."""
    seen = seen_by(user, workspace=workspace, over="measure__case")
    return Appeal.objects.filter(seen, workspace=workspace).select_related(
        "measure__case",
        "measure__author",
        "measure__account",
        "measure__version__content",
        "measure__comment",
        "measure__acted_by",
        "measure__policy",
        "measure__workspace",
        "decided_by",
        "workspace",
    )


def measures_of(case: Case) -> list[Measure]:
    """The measures of a case and of what was merged into it, newest first.

    The caller has made sure that the person may see the case.
    """
    return list(
        Measure.objects.filter(case__in=family_of(case))
        .select_related(
            "acted_by",
            "account",
            "author",
            "version__content",
            "workspace",
            "case",
            "comment",
            "policy",
        )
        .prefetch_related("confirmations__by")
        .order_by("-pk")
    )


def earlier_removals(case: Case, user: User) -> list[Repost]:
    """What in a case perhaps repeats words that a measure took away, of measures that still stand.

    The caller has made sure that the person may see the case; of others only what they may know of.
    """
    known = measures_visible_to(user, workspace=case.workspace).filter(status=MeasureStatus.DONE)
    return list(
        Repost.objects.filter(comment__case_item__case__in=family_of(case), measure__in=known)
        .select_related("measure__case", "measure__policy")
        .order_by("-pk")[:MOST_REPEATS]
    )


def to_confirm(user: User, *, workspace: Workspace) -> list[Measure]:
    """What waits for a second person, the oldest first."""
    before = Q(status=MeasureStatus.WAITING)
    after = Q(
        is_confirmed_before=False,
        confirmations__isnull=True,
        status__in=[
            MeasureStatus.READY,
            MeasureStatus.ACTING,
            MeasureStatus.UNKNOWN,
            MeasureStatus.DONE,
        ],
    )
    rows = measures_visible_to(user, workspace=workspace).filter(before | after)
    rows = rows.exclude(level=ApprovalLevel.A0).order_by("acted_at").distinct()
    return [
        one for one in rows.prefetch_related("confirmations__by")[:MOST] if waits_for_second(one)
    ]


def running_bans(user: User, *, workspace: Workspace) -> list[Measure]:
    """Bans and blocks that stand, those that end first at the top."""
    kinds = [MeasureKind.TEMPORARY_BAN, MeasureKind.BAN, MeasureKind.BLOCK]
    rows = measures_visible_to(user, workspace=workspace).filter(
        status=MeasureStatus.DONE, kind__in=kinds
    )
    return sorted(rows[:MOST], key=lambda one: (one.until is None, one.until or one.acted_at))


def by_hand(user: User, *, workspace: Workspace) -> list[Measure]:
    """What a person must do on a channel, or say of it: assisted acts, undoing, and what is unknown."""
    rows = measures_visible_to(user, workspace=workspace)
    waiting = rows.filter(status=MeasureStatus.READY, mode="assisted").exclude(kind="warn")
    undoing = rows.filter(status=MeasureStatus.UNDOING, due_at__isnull=True)
    unknown = rows.filter(status=MeasureStatus.UNKNOWN, due_at__isnull=True)
    return list((waiting | undoing | unknown).order_by("acted_at")[:MOST])


def similar_measures(case: Case, user: User, *, grounds: list[str]) -> list[Measure]:
    """What was done under the same grounds before: a precedent, not a rule (S0.16)."""
    rows = measures_visible_to(user, workspace=case.workspace).filter(ground__in=grounds)
    return list(rows.exclude(case=case).order_by("-acted_at")[:3])


def open_appeals(user: User, *, workspace: Workspace) -> list[Appeal]:
    """Appeals to decide, those due first at the top."""
    rows = appeals_visible_to(user, workspace=workspace).filter(status="open")
    return list(rows.order_by("decide_by")[:MOST])


def decided_appeals(user: User, *, workspace: Workspace) -> list[Appeal]:
    rows = appeals_visible_to(user, workspace=workspace).exclude(status="open")
    return list(rows.order_by("-decided_at")[:10])
