"""Words that somebody has typed and not sent off yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import Case


class KeptWords(models.Model):
    """What one person has typed into one field; nobody else ever sees it, and it is part of no record.

    `place` names the field (the address of its form and its name). `case` is set where the form belongs
    to one: who may no longer see the case gets the words back no more. `revision` counts the savings,
    so that two devices of one person cannot overwrite each other.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=200)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "kept words"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "person", "place"], name="kept_once_in_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"kept words {self.pk}"
