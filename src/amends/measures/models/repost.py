"""That words came back which a measure had taken away."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.inbox.models import Comment
from amends.measures.models.measure import Measure


class Repost(models.Model):
    """A comment that perhaps says again what `measure` hid or removed; it changes nothing by itself."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="reposts")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="repeats")
    is_same_author = models.BooleanField()  # over confirmed links
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "comment"], name="repost_noted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} repeats what measure {self.measure_id} took away"
