"""A case and the cases that were merged into it: what stands with one of them counts for the matter."""

from __future__ import annotations

from django.db.models import QuerySet

from amends.cases.models import Case, Merge
from amends.core.read_once import read_once


@read_once
def family_of(case: Case) -> list[int]:
    """Keys of the case and of everything that was merged into it, over however many merges."""
    found = [case.pk]
    while newer := list(
        Case.objects.filter(merged_into__in=found)
        .exclude(pk__in=found)
        .values_list("pk", flat=True)
    ):
        found += newer
    return found


def public_ids_of(case: Case) -> list[str]:
    """The public ids under which the log knows the matter."""
    family = family_of(case)
    if family == [case.pk]:
        return [case.public_id]
    numbers = Case.objects.filter(pk__in=family).values_list("number", flat=True)
    return [f"C-{number}" for number in numbers]


def survivor_of(case: Case) -> Case:
    """The case in which the matter goes on; the case itself while it was not merged."""
    while case.merged_into_id is not None:
        case = Case.objects.select_related("workspace").get(pk=case.merged_into_id)
    return case


def merges_into(case: Case) -> QuerySet[Merge]:
    """The merges that stand and brought something into this case, newest first."""
    rows = Merge.objects.filter(survivor__in=family_of(case), undone_at__isnull=True)
    return rows.select_related("merged__author", "merged_by").order_by("-merged_at", "-pk")


def merge_of(case: Case) -> Merge | None:
    """The merge that ended a case, while it stands."""
    rows = Merge.objects.filter(merged=case, undone_at__isnull=True)
    return rows.select_related("survivor", "merged_by").first()
