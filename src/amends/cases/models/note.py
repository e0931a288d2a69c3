"""A word among colleagues."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case
from amends.record.append_only import AppendOnly


class Note(AppendOnly):
    """A word among colleagues; never sent."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = "note"

    def __str__(self) -> str:
        return f"note {self.pk}"
