"""What keeps a case from being erased while the law needs it."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case


class LegalHold(models.Model):
    """Keeps the words of a case from erasure and retention until it is lifted.

    `counsel` answers for it and looks at it again on `review_on`; a hold that is past its review
    still holds, and says so.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="legal_holds")
    reason = models.TextField()
    counsel = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField()
    placed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_legal_hold_each",
            )
        ]

    def __str__(self) -> str:
        return f"legal hold on {self.case_id}"
