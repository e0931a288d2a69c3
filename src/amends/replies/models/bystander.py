"""That a reply was read as a stranger reads it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from amends.accounts.models import Workspace
from amends.record.append_only import AppendOnly
from amends.replies.models.reply import Reply

PERSON = settings.AUTH_USER_MODEL


class BystanderPass(AppendOnly):
    """That somebody read the reply as a stranger would and agreed to all four statements (K11).

    `digest` is that of an approval: any edit of the text, and any new version of the comment, voids it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="bystander_passes")
    revision = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    read_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = "bystander pass"
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "digest", "read_by"], name="bystander_pass_once"
            )
        ]

    def __str__(self) -> str:
        return f"bystander pass {self.pk}"
