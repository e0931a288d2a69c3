"""That everything about a case is kept, whatever retention says, until counsel releases it (K24)."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models import Case
from amends.measures.models.measure import PERSON


class LegalHold(models.Model):
    """One hold with its reason and the day on which counsel looks at it again."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="legal_holds")
    reason = models.TextField()
    placed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    review_at = models.DateTimeField()
    released_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_because = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(released_at__isnull=True),
                name="one_legal_hold_each",
            )
        ]

    def __str__(self) -> str:
        return f"legal hold on {self.case_id}"
