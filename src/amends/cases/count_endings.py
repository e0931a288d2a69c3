"""Counts what became of cases (K41), so that anybody can see that none was closed silently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from amends.accounts.models import User, Workspace
from amends.cases.models import (
    OPEN_STATUSES,
    Advocate,
    Case,
    Disposition,
    DispositionCode,
    Ruled,
    SilenceLook,
    TrollRuling,
)
from amends.cases.queries import cases_visible_to


@dataclass(frozen=True, slots=True)
class Endings:
    """Figures of a span of time, of the cases that this person may see.

    `silent` counts closed cases without a disposition, of all times; the database keeps it at 0.
    """

    by_code: tuple[tuple[DispositionCode, int], ...]
    closed: int
    silent: int
    looks_waiting: int
    looks_held: int
    looks_reopened: int
    labels_confirmed: int
    labels_overturned: int
    advocates: int


def count_endings(user: User, *, workspace: Workspace, since: datetime) -> Endings:
    """What became of the cases that were closed since then, with silences, labels and advocates."""
    cases = cases_visible_to(user, workspace=workspace)
    found = Disposition.objects.filter(case__in=cases, closed_at__gte=since)
    counts = dict(found.values_list("code").annotate(Count("pk")).order_by())
    by_code = tuple((code, counts[code]) for code in DispositionCode if counts.get(code))
    looks = SilenceLook.objects.filter(disposition__case__in=cases, looked_at__gte=since)
    rulings = TrollRuling.objects.filter(test__case__in=cases, ruled_at__gte=since)
    return Endings(
        by_code=by_code,
        closed=sum(counts.values()),
        silent=cases.exclude(status__in=OPEN_STATUSES).filter(disposition="").count(),
        looks_waiting=cases.filter(look_asked_at__isnull=False).count(),
        looks_held=looks.filter(still_holds=True).count(),
        looks_reopened=looks.filter(still_holds=False).count(),
        labels_confirmed=rulings.filter(ruled=Ruled.CONFIRMED).count(),
        labels_overturned=rulings.filter(ruled=Ruled.OVERTURNED).count(),
        advocates=_count_advocates(workspace, since=since, hidden=_hidden(workspace, cases=cases)),
    )


def _hidden(workspace: Workspace, *, cases: QuerySet[Case]) -> set[int]:
    """Comments of cases that this person may not see."""
    unseen = Case.objects.filter(workspace=workspace).exclude(pk__in=cases)
    keys = unseen.filter(items__isnull=False).values_list("items__comment", flat=True)
    return set(keys)


def _count_advocates(workspace: Workspace, *, since: datetime, hidden: set[int]) -> int:
    """Customers who stood up for the brand, each once for a thread."""
    marks = Advocate.objects.filter(workspace=workspace).exclude(comment__in=hidden)
    latest = marks.values("comment").annotate(last=Max("pk")).values("last")
    standing = Advocate.objects.filter(pk__in=latest, is_advocate=True, marked_at__gte=since)
    return standing.values("comment__thread", "comment__author").distinct().count()
