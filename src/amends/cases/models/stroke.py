"""Several changes by one click: macros, and what is kept of a click so that it can be undone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON


class Macro(models.Model):
    """Steps that are often taken together. `owner` is whose it is; without one it is everybody's.

    `steps` is `cases.macro_steps.steps_to_json`.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="macros")
    owner = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=60)
    steps = models.JSONField()
    created_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class StrokeKind(models.TextChoices):
    """What a click was: one act on many cases, or a macro on one."""

    BULK = "bulk", _("Bulk")
    MACRO = "macro", _("Macro")


class Stroke(models.Model):
    """What one click changed, so that another can undo it.

    `parts` holds, for each change, the case and what stood before and after (`cases.undo`); `refused`
    the cases that it did not change, and why, as the person was told.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=StrokeKind.choices)
    verb = models.CharField(max_length=60)  # of a bulk act its verb, of a macro its name
    made_by = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    parts = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=StrokeKind.values), name="stroke_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.verb} {self.pk}"
