"""What a member can do for cases, and when: what routing goes by."""

from __future__ import annotations

from django.db import models

from amends.accounts.models.people import Membership


class WorkProfile(models.Model):
    """The languages and skills of a member, their hours, and until when they are away.

    `languages` are codes and `skills` words without case, both as lists; `days` are those of the week on
    which they work (0 is Monday). Hours go by the time zone of the person; without any, the hours of the
    brand count.
    """

    membership = models.OneToOneField(
        Membership, on_delete=models.CASCADE, related_name="work_profile"
    )
    languages = models.JSONField(default=list)
    skills = models.JSONField(default=list)
    works_from = models.TimeField(null=True, blank=True)
    works_until = models.TimeField(null=True, blank=True)
    days = models.JSONField(default=list)
    away_until = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"work profile of {self.membership_id}"
