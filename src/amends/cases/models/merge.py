"""That two cases are one matter, or that a person said they are not."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case


class Merge(models.Model):
    """One merge: `merged` ended, `survivor` took its comments; `undone_at` when it was taken back.

    `moved` holds the keys of the comments that moved, `before` how both cases stood, for the way back.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    survivor = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="took_over")
    merged = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="merges")
    reason = models.CharField(max_length=500, blank=True, default="")
    moved = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    merged_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=models.Q(undone_at__isnull=True),
                name="merged_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(survivor=models.F("merged")), name="merged_into_another_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} in {self.survivor_id}"


class NotTheSame(models.Model):
    """That a person said of two cases that they are two matters; `first` has the lower key."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="said_once_not_the_same"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"
