"""Who is at a case just now; rows that say so for a few seconds and are worth nothing afterwards."""

from __future__ import annotations

from django.db import models

from amends.cases.models.case import PERSON, Case


class Presence(models.Model):
    """That a person looks at a case, or types a reply to it, until then; no history is kept of it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    looking_until = models.DateTimeField()
    typing_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "person"], name="presence_once_each"),
        ]
        indexes = [models.Index(fields=["looking_until"], name="presence_by_end")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.case_id}"
