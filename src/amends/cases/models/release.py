"""What judges words in a workspace beside the shipped engine."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON


class ReleaseStatus(models.TextChoices):
    """Whether a release judges; going back to an earlier one is a promotion of a retired one."""

    CANDIDATE = "candidate", _("Candidate")
    LIVE = "live", _("Live")
    RETIRED = "retired", _("Retired")


class ModelRelease(models.Model):
    """A head that was taught from a workspace's corrections; at most one is live.

    Without a live one the shipped engine judges. `learning` writes these rows; a person promotes.
    `manifest` (with figures) and `weights` (npz, no pickle) are the engine's stored form of the head;
    `version` is the engine's version with it, as verdicts name it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    engine = models.CharField(max_length=64)
    base_version = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    status = models.CharField(
        max_length=9, choices=ReleaseStatus.choices, default=ReleaseStatus.CANDIDATE
    )
    manifest = models.JSONField()
    weights = models.BinaryField()
    trained_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    promoted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    promoted_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="release_number_once"),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(status="live"),
                name="one_live_release_each",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=ReleaseStatus.values), name="release_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.version}"
