"""Reads of learning; nothing here counts what stands in a restricted lane."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_read
from amends.cases.models import Lane, ModelRelease, ReleaseStatus
from amends.cases.triage import FLAGS
from amends.learning.models import Correction, Reassessment, Training


@dataclass(frozen=True, slots=True)
class FieldCount:
    """How often people spoke on a field, and how often they differed from the engine."""

    field: str
    count: int
    changed: int


def correction_counts(workspace: Workspace) -> list[FieldCount]:
    """By field, in the order in which the triage form asks."""
    order = ["category", "severity", "arousal", "sentiment", "complaint", "policy_ground"]
    order += [flag.value for flag in FLAGS]
    rows = (
        Correction.objects.filter(workspace=workspace, triage__case__lane=Lane.OPEN)
        .values("field")
        .annotate(count=Count("pk"), changed=Count("pk", filter=Q(is_change=True)))
    )
    found = {row["field"]: FieldCount(row["field"], row["count"], row["changed"]) for row in rows}
    return [found.get(field, FieldCount(field, 0, 0)) for field in order]


def releases_visible_to(user: User, *, workspace: Workspace) -> QuerySet[ModelRelease]:
    """Every release of the workspace, newest first, without weights."""
    releases = (
        ModelRelease.objects.filter(workspace=workspace)
        .defer("weights")
        .select_related("workspace", "trained_by", "promoted_by", "retired_by")
        .order_by("-number")
    )
    return releases if may_read(user, workspace) else releases.none()


def last_retired(workspace: Workspace) -> ModelRelease | None:
    """The release after which the shipped engine came back."""
    return (
        ModelRelease.objects.filter(workspace=workspace, status=ReleaseStatus.RETIRED)
        .defer("weights", "manifest")
        .select_related("retired_by")
        .order_by("-retired_at", "-pk")
        .first()
    )


def last_training(workspace: Workspace) -> Training | None:
    return (
        Training.objects.filter(workspace=workspace)
        .select_related("asked_by", "release")
        .order_by("-pk")
        .first()
    )


def last_reassessment(workspace: Workspace) -> Reassessment | None:
    return Reassessment.objects.filter(workspace=workspace).order_by("-pk").first()
