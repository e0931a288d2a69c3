"""What lay behind a matter, where a workspace needs a word that is not among the shipped ones."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON


class RootCause(models.Model):
    """A root cause of a workspace's own, beside the shipped list (cases/root_causes.py)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    key = models.CharField(
        max_length=80
    )  # the name as it is compared: case and spaces do not count
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="root_cause_named_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """How a triage names it."""
        return f"own-{self.pk}"
