"""What freezes sending."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case


class Hold(models.Model):
    """Freezes sending for a case until it is lifted; later stages write it, `approve` and `send` obey."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField()
    approved_line = models.TextField(blank=True, default="")
    placed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["case"], name="hold_in_force", condition=models.Q(lifted_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"hold on {self.case_id}"
