"""Tables of what is told outside: who wants to hear of what, and each telling."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.work.models import WorkRow, work_index

PERSON = settings.AUTH_USER_MODEL


class HookStatus(models.TextChoices):
    """Whether an address is told anything."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class WebhookSubscription(models.Model):
    """An address that is told of some events, in the sight of the person who owns it.

    `sealed_secrets` holds the current secret and, until `previous_until`, the one before it: both sign.
    `failing_since` is when the address began to fail; a day later the subscription pauses itself.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=1000)
    events = models.JSONField(default=list)
    sealed_secrets = models.BinaryField(default=bytes)
    previous_until = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=HookStatus.choices, default=HookStatus.ACTIVE)
    problem = models.CharField(max_length=500, blank=True, default="")
    failing_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    heard_from = models.DateTimeField()  # what happened before is not told

    class Meta:
        verbose_name = "webhook subscription"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=HookStatus.values), name="hook_status_known"
            )
        ]
        indexes = [models.Index(fields=["workspace", "status"], name="hooks_of_workspace")]

    def __str__(self) -> str:
        return self.url


class TellingStatus(models.TextChoices):
    """What became of one telling."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("Not told")


class WebhookDelivery(WorkRow):
    """One event on its way to one address; the row is the queue, `payload` what every try sends.

    `key` names the source of the event (an entry of the log, a version), so that it is made once.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    subscription = models.ForeignKey(
        WebhookSubscription, on_delete=models.CASCADE, related_name="deliveries"
    )
    public_id = models.CharField(max_length=40, unique=True)
    event = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=16)  # case | comment | "" for a test
    subject_id = models.CharField(max_length=64)  # C-12, or the key of a version
    facts = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField()
    payload = models.TextField(blank=True, default="")
    status = models.CharField(
        max_length=12, choices=TellingStatus.choices, default=TellingStatus.WAITING
    )
    tries = models.PositiveSmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    latency_ms = models.PositiveIntegerField(null=True, blank=True)
    answer = models.CharField(
        max_length=500, blank=True, default=""
    )  # its head, or what went wrong

    class Meta:
        verbose_name = "webhook delivery"
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "key", "event"], name="event_told_once_each"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=TellingStatus.values), name="telling_status_known"
            ),
        ]
        indexes = [
            work_index("hookdelivery"),
            models.Index(fields=["subscription", "-id"], name="hookdelivery_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.public_id}"

    def when_given_up(self) -> dict[str, Any]:
        return {"status": TellingStatus.FAILED, "answer": "The worker died at it again and again."}


class OutboxPlace(models.Model):
    """How far the record has been read for webhooks; one row for each source."""

    name = models.CharField(max_length=16, unique=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.position}"
