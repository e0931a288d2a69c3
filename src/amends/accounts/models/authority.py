"""Who may do what up to which limit, and who stands in for whom; rows are ended, never deleted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models.people import Brand, Role, User, Workspace
from amends.core.money import Money


class Act(models.TextChoices):
    """What an authority is about."""

    PUBLISH = "publish", _("Publish alone")
    PROMISE = "promise", _("Promise")
    COMPENSATE = "compensate", _("Compensate")
    REMOVE = "remove", _("Remove comments")
    BAN = "ban", _("Ban persons")


class Authority(models.Model):
    """That a person or a role may do something, within limits, from and until a time.

    A row of a role stands in place of its default (authority_defaults.py); a row of a person comes beside
    what the role may, or in its place where `is_only` says so. Empty limits are none: no `amount` is any
    amount, no `days` any length of a ban, no languages all of them.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=Role.choices, blank=True, default="")
    act = models.CharField(max_length=16, choices=Act.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    days = models.PositiveIntegerField(null=True)
    languages = models.JSONField(default=list)
    brand = models.ForeignKey(Brand, null=True, on_delete=models.PROTECT, related_name="+")
    channels = models.JSONField(default=list)  # codes of channels, as in connectors/channels
    is_only = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(role=""),
                name="authority_of_person_or_role",
            ),
            models.CheckConstraint(
                condition=models.Q(act__in=Act.values), name="authority_act_known"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | ~models.Q(currency=""),
                name="authority_amount_has_currency",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | ~models.Q(person=models.F("granted_by")),
                name="authority_from_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "act"],
                name="authority_in_force",
                condition=models.Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} for {self.person or self.role}"

    @property
    def money(self) -> Money | None:
        return None if self.amount is None else Money(self.amount, self.currency)


class Deputy(models.Model):
    """That somebody stands in for a person for a time, and acts in their name.

    With `is_away` from the first minute; else only where an approval has waited too long.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_away = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    reason = models.CharField(max_length=500)
    appointed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("deputy")), name="deputy_is_another"
            )
        ]
        indexes = [
            models.Index(
                fields=["workspace", "valid_until"],
                name="deputies_in_force",
                condition=models.Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.person}"
