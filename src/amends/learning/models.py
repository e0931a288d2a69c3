"""Tables of learning: what people said against the engine, and the long works that follow from it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.cases.models import ModelRelease, Triage
from amends.inbox.models import Version
from amends.record.append_only import AppendOnly
from amends.work.models import WorkRow, work_index

PERSON = settings.AUTH_USER_MODEL


class Correction(AppendOnly):
    """What a person said of one field of a version, beside what the engine had said of it.

    A confirmation counts too (`said` equals `label`). Labels are codes; a yes/no field has `true`
    and `false`. It holds no words of the comment.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    triage = models.ForeignKey(Triage, on_delete=models.PROTECT, related_name="corrections")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=24)
    said = models.CharField(max_length=24)  # the engine
    label = models.CharField(max_length=24)  # the person
    is_change = models.BooleanField()
    engine = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=32)
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = "correction"
        constraints = [
            models.UniqueConstraint(fields=["triage", "field"], name="one_correction_each")
        ]
        indexes = [models.Index(fields=["workspace", "-confirmed_at"])]

    def __str__(self) -> str:
        return f"{self.field}: {self.said} → {self.label}"


class TrainingStatus(models.TextChoices):
    """Where a training stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


OPEN_TRAININGS = (TrainingStatus.WAITING, TrainingStatus.RUNNING)


class Training(WorkRow):
    """One attempt to teach a head from the corrections; it never touches the live engine.

    `reason` and `facts` say why nothing came of it (codes of amends_engine.triage.teach.NotTaught);
    `figures` are those of a refused attempt, a candidate carries its own.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(
        max_length=8, choices=TrainingStatus.choices, default=TrainingStatus.WAITING
    )
    percent = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=24, blank=True, default="")
    facts = models.JSONField(default=dict)
    figures = models.JSONField(default=list)
    release = models.ForeignKey(ModelRelease, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(status__in=["waiting", "running"]),
                name="one_open_training_each",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=TrainingStatus.values), name="training_status_known"
            ),
        ]
        indexes = [work_index("training")]

    def __str__(self) -> str:
        return f"training {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_TRAININGS

    def when_given_up(self) -> dict[str, Any]:
        """A training that kills its worker ends; another one may be asked for."""
        return {"status": TrainingStatus.FAILED, "next_step": ""}


class ReassessmentStatus(models.TextChoices):
    """Where a re-assessment stands; stopped means that another engine came meanwhile."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")


OPEN_REASSESSMENTS = (ReassessmentStatus.RUNNING, ReassessmentStatus.PAUSED)


class Reassessment(WorkRow):
    """History judged anew by one engine, newest words first, a batch at a time.

    `cursor` is the version below which nothing was judged yet; a crash loses one batch at most, and
    judging twice changes nothing. `engine` is empty until the worker knows which one it is.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    engine = models.CharField(max_length=64, blank=True, default="")
    engine_version = models.CharField(max_length=32, blank=True, default="")
    status = models.CharField(
        max_length=8, choices=ReassessmentStatus.choices, default=ReassessmentStatus.RUNNING
    )
    cursor = models.BigIntegerField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(status__in=["running", "paused"]),
                name="one_open_reassessment_each",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=ReassessmentStatus.values),
                name="reassessment_status_known",
            ),
        ]
        indexes = [work_index("reassessment")]

    def __str__(self) -> str:
        return f"re-assessment {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_REASSESSMENTS

    @property
    def percent(self) -> int:
        """How much is done; what came in meanwhile was judged by the live engine anyway."""
        if self.status == ReassessmentStatus.DONE or not self.total:
            return 100
        return min(100 * self.done // self.total, 99)

    def when_given_up(self) -> dict[str, Any]:
        """It ends where it stands; the live engine goes on judging what comes in."""
        return {"status": ReassessmentStatus.FAILED, "next_step": ""}
