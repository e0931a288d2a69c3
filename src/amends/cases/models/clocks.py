"""What was promised for a case and how its clocks stand."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Brand, BusinessHours, Workspace
from amends.cases.models.case import Case
from amends.core.playbook.terms import ClockKind
from amends.record.append_only import AppendOnly


class ClockPlan(AppendOnly):
    """The terms by which the clocks of a case are counted (the SLA); the latest one counts.

    It names the playbook and the hours that were in force when it was made, so that a later change of
    either is not retroactive. `targets` is {clock: {"minutes", "days"}}, `hours` is null where every
    hour counts. `clocks` is {clock: {"starts_at", "due_at", "half_at", "most_at"}} as first planned.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clock_plans")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    priority = models.CharField(max_length=2)
    reason = models.CharField(max_length=16)  # open, word, priority, brand
    playbook = models.CharField(max_length=64)
    playbook_version = models.CharField(max_length=32)
    playbook_digest = models.CharField(max_length=64)
    hours = models.ForeignKey(BusinessHours, null=True, on_delete=models.PROTECT, related_name="+")
    calendar_digest = models.CharField(max_length=64)
    targets = models.JSONField()
    clocks = models.JSONField()
    started_at = models.DateTimeField()  # of the words that are to be answered
    planned_at = models.DateTimeField()

    class Meta:
        verbose_name = "clock plan"

    def __str__(self) -> str:
        return f"{self.priority} of {self.case_id}"


class CaseClock(models.Model):
    """One clock of a case as it stands now; `warned` is the last warning given (0, 50, 80, 100).

    While `paused_at` is set it stands still. Resuming moves what is left; it never comes nearer.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in ClockKind])
    started_at = models.DateTimeField()
    half_at = models.DateTimeField()
    most_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="one_clock_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[one.value for one in ClockKind]),
                name="case_clock_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"


class CustomerWait(models.Model):
    """That we asked the customer something and wait; `until` is when to remind, or to close.

    `number` 1 is the question, during which clocks stand still; 2 is the reminder, during which they
    run. `ended_how`: answered, reminded, taken_up, closed; empty while it lasts.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="waits")
    number = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_wait_of_a_case",
            )
        ]

    def __str__(self) -> str:
        return f"wait {self.number} of {self.case_id}"
