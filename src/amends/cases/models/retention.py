"""How long the words of closed cases are kept, and which are gone."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case


class Retention(models.Model):
    """After how many days from closing the words of a case are erased; no row: they are kept."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="retention")
    days = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(days__gte=1), name="retention_at_least_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.days} days"


class CaseErasure(models.Model):
    """That retention went through a closed case at a moment; what is said later is erased later."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="erasures")
    closed_at = models.DateTimeField()  # of the case, as it stood then
    at = models.DateTimeField()
    contents = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "closed_at"], name="one_erasure_a_closing")
        ]

    def __str__(self) -> str:
        return f"erasure of {self.case_id}"
