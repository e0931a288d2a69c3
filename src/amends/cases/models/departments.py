"""Other parts of the company that know or do what the desk cannot."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case
from amends.work.models import WorkRow, work_index


class Department(models.Model):
    """A part of the company that is asked; `within_minutes` is the working time it has by default.

    Questions go to `email` as well, where there is one, in `language` (empty: that of the brand).
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="departments")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="", choices=settings.LANGUAGES)
    members: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        PERSON, related_name="+", blank=True
    )
    within_minutes = models.PositiveIntegerField(default=120)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="department_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TaskState(models.TextChoices):
    """Where a task stands; an overdue one can still be answered."""

    OPEN = "open", _("Open")
    OVERDUE = "overdue", _("Overdue")
    DONE = "done", _("Answered")
    WITHDRAWN = "withdrawn", _("Taken back")


TASKS_WAITING = (TaskState.OPEN, TaskState.OVERDUE)


class DepartmentTask(WorkRow):
    """What a department is asked about a case, until when, and what it answered.

    `answer_by` is counted in the hours of the brand; `chased` is the last reminder: 0 none, 1 before
    the time, 2 at its end, 3 given to the leads. (`due_at` is the work row's: when to look next.)
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="tasks")
    text = models.TextField()
    state = models.CharField(max_length=9, choices=TaskState.choices, default=TaskState.OPEN)
    answer = models.TextField(blank=True, default="")
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    escalate_at = models.DateTimeField()
    answered_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # The address whose link was used, where nobody of the desk noted the answer.
    answered_from = models.EmailField(blank=True, default="")
    chased = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=TaskState.values), name="task_state_known"
            )
        ]
        indexes = [
            work_index("task"),
            models.Index(fields=["workspace", "state", "answer_by"], name="tasks_by_time"),
        ]

    def __str__(self) -> str:
        return f"task {self.pk} of {self.case_id}"


class MailStatus(models.TextChoices):
    """What became of a mail; a dropped one was not wanted any more when its turn came."""

    READY = "ready", _("Ready")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("Dropped")


class TaskMail(WorkRow):
    """A mail that brings a department the link by which it answers a task, once.

    Only the hash of the link's token is kept, and only once the mail is written; `stage` is as `chased` of
    the task: 0 when it is asked, later for a reminder.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey(DepartmentTask, on_delete=models.PROTECT, related_name="mails")
    stage = models.PositiveSmallIntegerField(default=0)
    address = models.EmailField()
    language = models.CharField(max_length=8)
    status = models.CharField(max_length=8, choices=MailStatus.choices, default=MailStatus.READY)
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - unique
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "stage"], name="task_mail_once_a_stage"),
            models.CheckConstraint(
                condition=models.Q(status__in=MailStatus.values), name="task_mail_status_known"
            ),
        ]
        indexes = [work_index("task_mail")]

    def __str__(self) -> str:
        return f"mail {self.pk} about {self.task_id}"
