"""Counts of many lists in one question, each no further than the cap: no list is read to its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from amends.accounts.models import User, Workspace
from amends.cases.models import Case
from amends.cases.queries import cases_visible_to
from amends.cases.working_views import VIEWS, in_view, mentions_of

COUNT_CAP = 999  # beyond it the interface says 999+: an exact count would read every row


def count_each(lists: Mapping[str, QuerySet[Case]]) -> dict[str, int]:
    """How many each list holds, counted to one beyond the cap, in one round trip."""
    counts = dict.fromkeys(lists, 0)
    names: list[str] = []
    parts: list[str] = []
    values: list[Any] = []
    for name, cases in lists.items():
        try:
            sql, params = cases.order_by().values("pk")[: COUNT_CAP + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS list_{len(parts)})")  # noqa: S608
        values += params
    if not parts:
        return counts
    with connections[Case.objects.db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        counts.update(zip(names, cursor.fetchone(), strict=True))
    return counts


def views_to_count(user: User, *, workspace: Workspace, now: datetime) -> dict[str, QuerySet[Case]]:
    """The views as lists; Mentions counts what the person has not opened yet, so that it can come to rest."""
    cases = cases_visible_to(user, workspace=workspace)
    lists = {view: in_view(cases, view, user=user, now=now) for view in VIEWS}
    lists["mentions"] = cases.filter(mentions_of(user, is_unread=True), merged_into__isnull=True)
    return lists


def view_counts(user: User, *, workspace: Workspace, now: datetime) -> dict[str, int]:
    """How many cases each view holds, counted no further than the cap."""
    return count_each(views_to_count(user, workspace=workspace, now=now))
