"""What may tie one comment to another: keyed digests of numbers and near-copies, never the words."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.inbox.models import Comment


class TraceKind(models.TextChoices):
    """What a digest was taken of."""

    ORDER = "order"
    EMAIL = "email"
    PHONE = "phone"
    NEAR = "near"


class Trace(models.Model):
    """That something stands in a comment. `digest` is keyed: without the key nobody can try values."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="traces")
    kind = models.CharField(max_length=6, choices=TraceKind.choices)
    digest = models.CharField(max_length=32)
    at = models.DateTimeField()  # when the comment was published

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "kind", "digest"], name="trace_once"),
        ]
        indexes = [models.Index(fields=["workspace", "kind", "digest", "at"], name="trace_meets")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.comment_id}"
