"""What people do with the playbook: departures from its recommendation, and drafts tried on the past."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import TextVersion, Workspace
from amends.cases.models.case import PERSON, Case
from amends.cases.models.judgement import Decision
from amends.record.append_only import AppendOnly
from amends.work.models import WorkRow, work_index


class DecisionOverride(AppendOnly):
    """That a person departs from a recommendation, what counts instead, and why.

    It counts for exactly this decision: once the playbook is asked anew, its answer counts again. Empty
    fields stay as recommended; `strategy` is None where the parts of the reply do.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="overrides")
    rule_id = models.CharField(max_length=16, blank=True, default="")
    strategy = models.JSONField(null=True)
    priority = models.CharField(max_length=2, blank=True, default="")
    approval = models.CharField(max_length=2, blank=True, default="")
    reason = models.TextField()
    given_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = "override of a decision"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="decision_override_has_a_reason"
            )
        ]
        indexes = [models.Index(fields=["workspace", "given_at"], name="decision_override_since")]

    def __str__(self) -> str:
        return f"override of decision {self.decision_id}"


class WhatIfStatus(models.TextChoices):
    """Where a what-if stands."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class WhatIf(WorkRow):
    """A draft of the playbook, tried on the cases of some days; it changes none of them.

    Each case is decided twice on the facts that were kept with its last decision: by `base` (None: the
    playbook that ships), which was in force when somebody asked, and by `text`. `cursor` is the last case
    that was looked at; a crash loses one batch at most.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    base = models.ForeignKey(TextVersion, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()  # not included
    status = models.CharField(
        max_length=9, choices=WhatIfStatus.choices, default=WhatIfStatus.RUNNING
    )
    cursor = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)  # their facts cannot be read any more
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(status="running"),
                name="one_open_what_if_each",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=WhatIfStatus.values), name="what_if_status_known"
            ),
        ]
        indexes = [work_index("what_if")]

    def __str__(self) -> str:
        return f"what-if {self.pk}"

    @property
    def is_running(self) -> bool:
        return self.status == WhatIfStatus.RUNNING

    @property
    def percent(self) -> int:
        if self.status == WhatIfStatus.DONE or not self.total:
            return 100
        return min(100 * self.done // self.total, 99)

    def when_given_up(self) -> dict[str, Any]:
        """It ends where it stands; another one may be asked for."""
        return {"status": WhatIfStatus.FAILED, "next_step": ""}


class WhatIfChange(models.Model):
    """One case that the draft would decide in another way; `before` and `after` as codes."""

    what_if = models.ForeignKey(WhatIf, on_delete=models.CASCADE, related_name="changes")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField()
    after = models.JSONField()
    rule = models.BooleanField()
    priority = models.BooleanField()
    approval = models.BooleanField()
    strategy = models.BooleanField()
    clocks = models.BooleanField()
    rest = models.BooleanField()  # joined rules, what must not be said, tasks, watching

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what_if", "case"], name="what_if_case_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.what_if_id}"
