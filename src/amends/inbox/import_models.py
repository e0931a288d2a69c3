"""Tables of imports: one row for each file that was brought in, and what was wrong with rows of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Brand, Workspace
from amends.work.models import WorkRow, work_index


class ImportStatus(models.TextChoices):
    """Where an import stands."""

    MAPPING = "mapping", _("Being prepared")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Broke off")


class FileImport(WorkRow):
    """A file of comments on its way in; `rows` says how many rows are done, so that a crash loses one batch.

    `path` is where the worker finds the file; empty for an import from the command line, which reads the
    file where it lies and needs no worker. Rows at fault are kept by number, without their words.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="imports")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "inbox.ChannelAccount", null=True, on_delete=models.PROTECT, related_name="imports"
    )
    source = models.CharField(max_length=100)  # ids count within it: the host of the account
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=300, blank=True, default="")
    format = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    map = models.TextField(blank=True, default="")  # YAML
    starts_clocks = models.BooleanField(default=False)
    status = models.CharField(
        max_length=9, choices=ImportStatus.choices, default=ImportStatus.MAPPING
    )
    total = models.PositiveIntegerField(null=True)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # nobody: the command line
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "import"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=ImportStatus.values), name="import_status_known"
            )
        ]
        indexes = [
            work_index("import"),
            models.Index(fields=["workspace", "-asked_at"], name="import_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.source})"

    @property
    def is_running(self) -> bool:
        return self.status == ImportStatus.RUNNING

    @property
    def percent(self) -> int:
        if self.status == ImportStatus.DONE:
            return 100
        return min(100 * self.rows // self.total, 99) if self.total else 0

    def when_given_up(self) -> dict[str, Any]:
        """It ends where it stands; the same file may be imported again."""
        return {"status": ImportStatus.FAILED, "next_step": "", "error": self.last_error}


class ImportProblem(models.Model):
    """Why a row was not taken: its number, the column at fault, the reason as a message id and params."""

    run = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    template = models.CharField(max_length=300)
    params = models.JSONField(default=dict)

    class Meta:
        verbose_name = "problem of an import"
        indexes = [models.Index(fields=["run", "row"], name="import_problem_row")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"

    @property
    def reason(self) -> str:
        """The English sentence; `web` translates the template."""
        return self.template % self.params if self.params else self.template
