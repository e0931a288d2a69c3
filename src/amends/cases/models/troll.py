"""The troll test (K08): questions about conduct, the answer of the author, and a second person's ruling."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case
from amends.inbox.models import Version
from amends.record.append_only import AppendOnly


class TrollTest(AppendOnly):
    """Three questions about one version, answered by a person; one yes makes the label impossible.

    `conduct` says what was done, never who somebody is; `quotes` are the places of the words that show
    it ([start, end] in code points of the version), so that erasing the words erases the quotation.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="troll_tests")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    is_on_topic = models.BooleanField()  # S3.26
    has_concern = models.BooleanField()  # S3.27: a concern or a reasoned claim
    is_constructive = models.BooleanField()  # S3.28: constructive or founded
    conduct = models.CharField(max_length=500, blank=True)
    quotes = models.JSONField(default=list)
    taken_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = "troll test"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_on_topic=True)
                | models.Q(has_concern=True)
                | models.Q(is_constructive=True)
                | ~models.Q(conduct=""),
                name="suspicion_names_conduct",
            )
        ]

    def __str__(self) -> str:
        return f"troll test {self.pk} of {self.case_id}"

    @property
    def has_yes(self) -> bool:
        return self.is_on_topic or self.has_concern or self.is_constructive


class Experience(models.TextChoices):
    """What came of asking about the experience (S2.28)."""

    USABLE = "usable", _("A usable answer: it is a complaint")
    UNUSABLE = "unusable", _("An answer that says nothing of an experience")
    NONE = "none", _("No answer")


class TrollAnswer(AppendOnly):
    """What came when the author was asked about their experience, once for each test."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    test = models.OneToOneField(TrollTest, on_delete=models.PROTECT, related_name="answer")
    experience = models.CharField(max_length=8, choices=Experience.choices)
    noted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = "answer to a troll test"

    def __str__(self) -> str:
        return f"{self.experience} for test {self.test_id}"


class Ruled(models.TextChoices):
    """What was ruled about a label."""

    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")
    OVERTURNED = "overturned", _("Overturned")


class TrollRuling(AppendOnly):
    """A ruling on the label: a second person confirms or refuses it, anybody may overturn it later."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    test = models.ForeignKey(TrollTest, on_delete=models.PROTECT, related_name="rulings")
    ruled = models.CharField(max_length=10, choices=Ruled.choices)
    reason = models.CharField(max_length=500, blank=True)
    is_solo = models.BooleanField(default=False)  # one person alone, after a pause
    ruled_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()

    class Meta:
        verbose_name = "ruling on a label"
        constraints = [
            models.UniqueConstraint(
                fields=["test"],
                condition=models.Q(ruled__in=["confirmed", "refused"]),
                name="label_ruled_once",
            ),
            models.UniqueConstraint(
                fields=["test"],
                condition=models.Q(ruled="overturned"),
                name="label_overturned_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ruled} for test {self.test_id}"
