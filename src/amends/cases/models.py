"""Tables of the work on comments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Brand, Workspace
from amends.core.vocabulary import ApprovalLevel, Priority
from amends.inbox.models import Author, Comment, Thread, Version
from amends.record.append_only import AppendOnly
from amends.work.models import WorkRow, work_index

PERSON = settings.AUTH_USER_MODEL


class CaseStatus(models.TextChoices):
    """Where the work on a case stands; `transitions.py` says what may follow what."""

    NEW = "new", _("New")
    TRIAGED = "triaged", _("Triaged")
    DRAFTING = "drafting", _("Drafting")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    ANSWERED = "answered", _("Answered")
    WAITING_FOR_CUSTOMER = "waiting_for_customer", _("Waiting for the customer")
    IN_DEPARTMENT = "in_department", _("With a department")
    RESOLVED = "resolved", _("Resolved")
    NO_ACTION = "no_action", _("No action")


OPEN_STATUSES = tuple(
    status for status in CaseStatus.values if status not in {"resolved", "no_action"}
)


class Lane(models.TextChoices):
    """Who may see a case at all; every lane but the open one is restricted."""

    OPEN = "open", _("Open")
    EMPLOYEE = "employee", _("Employee")
    LEGAL = "legal", _("Legal")
    THREAT = "threat", _("Threat")
    MINOR = "minor", _("Minor")


class Case(WorkRow):
    """The work on one problem of one author: status, priority, who has it, its clocks.

    The clocks count from `clock_started_at` (publication, not arrival); a case without it has none (history).
    `warned` is the last warning given (0, 50, 80, 100 per cent of the clock that runs).
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="cases")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="cases")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="cases")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="+")  # the latest
    status = models.CharField(max_length=24, choices=CaseStatus.choices, default=CaseStatus.NEW)
    reason = models.TextField(blank=True, default="")  # why no action, why resolved
    lane = models.CharField(max_length=8, choices=Lane.choices, default=Lane.OPEN)
    priority = models.CharField(
        max_length=2, choices=[(p.value, p.value) for p in Priority], default=Priority.P3
    )
    severity = models.CharField(max_length=8, blank=True, default="")
    category = models.CharField(max_length=24, blank=True, default="")
    language = models.CharField(max_length=16, default="und")
    assignee = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned_cases"
    )
    clock_started_at = models.DateTimeField(null=True, blank=True)
    first_reply_due_at = models.DateTimeField(null=True, blank=True)
    progress_due_at = models.DateTimeField(null=True, blank=True)
    resolution_due_at = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    warned = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="case_number_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=CaseStatus.values), name="case_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(lane__in=Lane.values), name="case_lane_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="no_action") | ~models.Q(reason=""),
                name="no_action_has_a_reason",
            ),
        ]
        indexes = [
            work_index("case"),
            models.Index(fields=["workspace", "status", "first_reply_due_at", "id"]),
            models.Index(fields=["workspace", "assignee", "status"]),
            models.Index(fields=["workspace", "-changed_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def public_id(self) -> str:
        return f"C-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES


class CaseComment(models.Model):
    """That a comment belongs to a case; a comment is the matter of one case at most."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="items")
    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="case_item")
    attached_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.comment_id} in {self.case_id}"


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


class ReleaseStatus(models.TextChoices):
    """Whether a release judges; going back to an earlier one is a promotion of a retired one."""

    CANDIDATE = "candidate", _("Candidate")
    LIVE = "live", _("Live")
    RETIRED = "retired", _("Retired")


class ModelRelease(models.Model):
    """A head that was taught from a workspace's corrections; at most one is live.

    Without a live one the shipped engine judges. `learning` writes these rows; a person promotes.
    `manifest` (with figures) and `weights` (npz, no pickle) are the engine's stored form of the head;
    `version` is the engine's version with it, as verdicts name it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    engine = models.CharField(max_length=64)
    base_version = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    status = models.CharField(
        max_length=9, choices=ReleaseStatus.choices, default=ReleaseStatus.CANDIDATE
    )
    manifest = models.JSONField()
    weights = models.BinaryField()
    trained_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    promoted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    promoted_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="release_number_once"),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(status="live"),
                name="one_live_release_each",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=ReleaseStatus.values), name="release_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.version}"


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
    fault_basis = models.CharField(max_length=200, blank=True)
    can_help = models.BooleanField(null=True, blank=True)
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

    def __str__(self) -> str:
        return f"{self.rule_id} for {self.case_id}"


class Note(AppendOnly):
    """A word among colleagues; never sent."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = "note"

    def __str__(self) -> str:
        return f"note {self.pk}"


class Hold(models.Model):
    """Freezes sending for a case until it is lifted; later stages write it, `approve` and `send` obey."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField()
    approved_line = models.TextField(blank=True, default="")
    placed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["case"], name="hold_in_force", condition=models.Q(lifted_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"hold on {self.case_id}"
