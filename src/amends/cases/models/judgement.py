"""What the engine says, what a person confirmed, and what the playbook recommends: never one row."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case
from amends.core.vocabulary import ApprovalLevel
from amends.inbox.models import Version
from amends.record.append_only import AppendOnly


class Verdict(AppendOnly):
    """What the engine says of one version; never mixed with what a person confirmed."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="verdicts")
    engine = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=32)
    language = models.CharField(max_length=16)
    sentiment = models.CharField(max_length=12)
    is_complaint = models.BooleanField()
    category = models.CharField(max_length=24)
    severity = models.CharField(max_length=8)
    assessment = models.JSONField()  # the answer of the engine, its spans without their words
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "verdict"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "engine", "engine_version"], name="one_verdict_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} for version {self.version_id}"


class Triage(AppendOnly):
    """What a person confirmed about a version of a comment; the latest one counts."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="triages")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    verdict = models.ForeignKey(
        Verdict, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sentiment = models.CharField(max_length=12)
    is_complaint = models.BooleanField()
    category = models.CharField(max_length=24)
    severity = models.CharField(max_length=8)
    arousal = models.CharField(max_length=8)
    fault_share = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # per cent; null = unknown
    fault_basis = models.CharField(max_length=200, blank=True)  # a code; `other` has its words
    fault_words = models.CharField(max_length=200, blank=True, default="")
    can_help = models.BooleanField(null=True, blank=True)
    author_type = models.CharField(max_length=24, blank=True, default="")
    goal = models.CharField(max_length=16, blank=True, default="")
    root_cause = models.CharField(max_length=32, blank=True, default="")  # cases/root_causes.py
    speech_level = models.CharField(max_length=16, blank=True, default="")
    policy_ground = models.CharField(max_length=24, blank=True, default="")  # empty: not asked
    flags = models.JSONField(null=True, blank=True)  # codes that hold; null: not asked
    changed = models.JSONField(default=list)  # names of the fields in which the person differs
    confirmed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = "triage"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fault_share__isnull=True)
                | models.Q(fault_share__gte=0, fault_share__lte=100),
                name="fault_share_in_per_cent",
            )
        ]

    def __str__(self) -> str:
        return f"triage {self.pk} of {self.case_id}"


class Decision(AppendOnly):
    """What the playbook recommends and why; a preliminary one stands on the verdict alone."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.ForeignKey(
        Verdict, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    triage = models.ForeignKey(
        Triage, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rule_id = models.CharField(max_length=16)
    priority = models.CharField(max_length=2)
    approval = models.CharField(
        max_length=2, choices=[(level.value, level.value) for level in ApprovalLevel]
    )
    playbook = models.CharField(max_length=64)
    playbook_version = models.CharField(max_length=32)
    playbook_digest = models.CharField(max_length=64)
    decision = (
        models.JSONField()
    )  # core.playbook.Decision.to_json(): strategy, matched, unmatched …
    inputs = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "decision"
        indexes = [
            models.Index(  # how often rules were followed (queries.py)
                fields=["workspace", "created_at", "rule_id"],
                name="decision_confirmed_since",
                condition=models.Q(triage__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} for {self.case_id}"
