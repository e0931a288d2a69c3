"""What a person is told: that somebody, or the clock, wants them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models.people import User, Workspace


class NotificationKind(models.TextChoices):
    """Why a person is told; preferences are kept for each kind."""

    MENTION = "mention", _("Somebody mentions me")
    ASSIGNMENT = "assignment", _("A case is given to me")
    WARNING = "warning", _("A clock runs out")
    BREACH = "breach", _("A clock has run out")
    APPROVAL = "approval", _("My approval is wanted")
    TASK = "task", _("A department task is due")
    MEASURE = "measure", _("A measure or an appeal waits for me")
    CONNECTION = "connection", _("A connection of mine has failed")


class Notification(models.Model):
    """One thing that one person is told; `subject_*` name what it is about, as the log does.

    `facts` fill the sentence that the interface writes in the reader's language; no words of a comment
    stand in them. `key` makes a notice that is given again harmless: one for each person.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=16, choices=NotificationKind.choices)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    key = models.CharField(max_length=120)
    is_shown = models.BooleanField(default=True)  # in the desk; some want it by messenger alone
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notification_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=NotificationKind.values),
                name="notification_kind_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "workspace", "-created_at"],
                name="notifications_unread",
                condition=models.Q(read_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} about {self.subject_id}"
