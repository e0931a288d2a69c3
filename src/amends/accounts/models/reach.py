"""How a person is reached beyond the desk: what they want to hear of, where, and when they want rest."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models.notices import Notification, NotificationKind
from amends.accounts.models.people import User, Workspace
from amends.work.models import WorkRow, work_index


class NoticePreference(models.Model):
    """By which ways a person hears of one kind of notice; without a row the defaults of the kind count."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=16, choices=NotificationKind.choices)
    in_desk = models.BooleanField()
    at_once = models.BooleanField()
    in_digest = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_notice_preference_each")
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class NoticeHours(models.Model):
    """When a person wants rest, and when they want the digest; by the time zone of their profile."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="notice_hours")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest_at = models.TimeField(null=True)
    digest_made_on = models.DateField(null=True)  # the local day of the last one

    def __str__(self) -> str:
        return f"hours of {self.user_id}"


class NoticeAddress(models.Model):
    """A messenger of a person's own, by its apprise address, which is sealed as credentials are."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_addresses")
    label = models.CharField(max_length=80)
    service = models.CharField(max_length=16)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, default="")  # why the last message did not arrive

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "label"],
                condition=models.Q(ended_at__isnull=True),
                name="notice_address_label_once",
            )
        ]

    def __str__(self) -> str:
        return self.label


class NoticeDeliveryStatus(models.TextChoices):
    """How far a message is on its way; dropped is one that need not arrive any more."""

    READY = "ready", _("Ready")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("Dropped")


class NoticeDelivery(WorkRow):
    """The way of one notice, or of a digest (without a notification), to one address."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    address = models.ForeignKey(NoticeAddress, on_delete=models.CASCADE, related_name="deliveries")
    notification = models.ForeignKey(
        Notification, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    status = models.CharField(
        max_length=8, choices=NoticeDeliveryStatus.choices, default=NoticeDeliveryStatus.READY
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "address"], name="one_notice_delivery_each"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=NoticeDeliveryStatus.values),
                name="notice_delivery_status_known",
            ),
        ]
        indexes = [work_index("notice_delivery")]

    def __str__(self) -> str:
        return f"notice {self.notification_id} to {self.address_id}"

    def when_given_up(self) -> dict[str, object]:
        return {"status": NoticeDeliveryStatus.FAILED}
