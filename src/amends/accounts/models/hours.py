"""When a brand works, each version kept: cases name the one by which their clocks count."""

from __future__ import annotations

from django.db import models

from amends.accounts.models.people import Brand, User, Workspace
from amends.record.append_only import AppendOnly


class BusinessHours(AppendOnly):
    """One version of the hours of a brand; the highest number is in force, without one it is always open.

    `hours` is `core.playbook.hours.Hours.to_json()`, `digest` its SHA-256.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    hours = models.JSONField()
    digest = models.CharField(max_length=64)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "version of business hours"
        constraints = [
            models.UniqueConstraint(fields=["brand", "number"], name="hours_number_once")
        ]

    def __str__(self) -> str:
        return f"hours {self.number} of {self.brand_id}"
