"""What became of a comment: there is always one disposition, and silence is decided by two people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case
from amends.inbox.models import Version
from amends.record.append_only import AppendOnly


class Disposition(AppendOnly):
    """One closing of a case: its code, why, by whom; a silence names the second person as well.

    Codes are `DispositionCode` (cases/models/case.py). Nobody closed history: `closed_by` is empty.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="dispositions")
    code = models.CharField(max_length=16)
    reason = models.TextField()
    duplicate_of = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    is_solo = models.BooleanField(default=False)
    closed_at = models.DateTimeField()

    class Meta:
        verbose_name = "disposition"
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="disposition_has_a_reason"),
            models.CheckConstraint(
                condition=~models.Q(code="silence") | models.Q(agreed_by__isnull=False),
                name="silence_has_a_second_person",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-closed_at"])]

    def __str__(self) -> str:
        return f"{self.code} of {self.case_id}"


class SilenceGround(models.TextChoices):
    """What allows that a comment is left without an answer on purpose."""

    TROLL = "troll", _("A troll, by the test and two people")
    VINDICTIVE = "vindictive", _("The facts stand there once; the author wants to hurt (D11)")
    BAIT = "bait", _("A competitor's bait (D15)")


class SilenceProposal(AppendOnly):
    """That somebody wants to leave the words as they stand without an answer, and on what ground."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="silence_proposals")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=10, choices=SilenceGround.choices)
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        verbose_name = "proposal of silence"

    def __str__(self) -> str:
        return f"silence proposed for {self.case_id}"


class SilenceRuling(AppendOnly):
    """The second person's word on a proposal: agreed, or not and why."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    proposal = models.OneToOneField(
        SilenceProposal, on_delete=models.PROTECT, related_name="ruling"
    )
    is_agreed = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    is_solo = models.BooleanField(default=False)
    ruled_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()

    class Meta:
        verbose_name = "ruling on a silence"

    def __str__(self) -> str:
        return f"ruling on silence {self.proposal_id}"


class SilenceLook(AppendOnly):
    """That somebody looked again at a silence after a day, and whether it still holds."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    disposition = models.OneToOneField(Disposition, on_delete=models.PROTECT, related_name="look")
    still_holds = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    looked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField()

    class Meta:
        verbose_name = "second look at a silence"

    def __str__(self) -> str:
        return f"look at {self.disposition_id}"
