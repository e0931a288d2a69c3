"""Lets holds and legal holds follow comments into the case that they move to: nothing slips out of one."""

from __future__ import annotations

from datetime import datetime

from amends.cases.family import family_of
from amends.cases.models import Case, Hold, LegalHold


def copy_holds(case: Case, *, to: Case, since: datetime | None = None) -> None:
    """In the caller's transaction; `since` leaves out what was placed before."""
    family = family_of(case)
    holds = Hold.objects.filter(case__in=family, lifted_at__isnull=True).exclude(case=to)
    legal = LegalHold.objects.filter(case__in=family, lifted_at__isnull=True).exclude(case=to)
    if since is not None:
        holds, legal = holds.filter(placed_at__gte=since), legal.filter(placed_at__gte=since)
    for hold in holds:
        hold.pk, hold.case = None, to
        hold.save(force_insert=True)
    has_one = LegalHold.objects.filter(case__in=family_of(to), lifted_at__isnull=True).exists()
    if (kept := legal.order_by("pk").first()) is not None and not has_one:
        kept.pk, kept.case = None, to
        kept.save(force_insert=True)
