"""What spares the people who read hostile words: marks, a setting of their own, a count only they see."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case
from amends.inbox.models import Comment


class HostileMark(models.Model):
    """A person's word whether a comment is hard to look at; it goes before the engine's."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="hostile_mark")
    is_hostile = models.BooleanField()
    marked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.is_hostile}"


class WelfareChoice(models.Model):
    """How a person wants to meet hostile words; who has no row has them folded."""

    user = models.OneToOneField(PERSON, on_delete=models.CASCADE, related_name="welfare")
    folds_hostile = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.folds_hostile}"


class HostileDay(models.Model):
    """How many hostile cases a person took on during one day (UTC); for them and for routing alone."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user", "day"], name="hostile_day_once_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.day}: {self.count}"


class PassedOn(models.Model):
    """That a person gave a case back, so that routing does not bring it to them again; no reason, ever."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="passed_on_once_each")]

    def __str__(self) -> str:
        return f"{self.case_id} by {self.user_id}"
