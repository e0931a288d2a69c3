"""A case: the work on one problem of one author, and the comments that belong to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Brand, Workspace
from amends.core.vocabulary import Priority
from amends.inbox.models import Author, Comment, Thread
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


class DispositionCode(models.TextChoices):
    """What became of a comment in the end (K41); every closing names one, with a reason."""

    RESOLVED = "resolved", _("Resolved: the matter is settled")
    BEST_EFFORT = "best_effort", _("Best effort: we did what we could, the author is not satisfied")
    NO_ANSWER = "no_answer", _("Answered, and the author did not write again")
    PRAISE_NOTED = "praise_noted", _("Praise, noted")
    NOT_OURS = "not_ours", _("Not ours to answer")
    DUPLICATE = "duplicate", _("The same matter as another case")
    REMOVED = "removed", _("Dealt with by a measure, or gone from the channel")
    SILENCE = "silence", _("Deliberate silence")
    HISTORY = "history", _("From before the channel was connected")
    EARLIER = "earlier", _("Closed before dispositions were asked for")


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
    disposition = models.CharField(
        max_length=16, blank=True, default="", choices=DispositionCode.choices
    )  # of the closing that stands; empty while the case is open
    look_due_at = models.DateTimeField(null=True, blank=True)  # when to look at a silence again
    look_asked_at = models.DateTimeField(
        null=True, blank=True
    )  # the look is due, nobody looked yet
    lane = models.CharField(max_length=8, choices=Lane.choices, default=Lane.OPEN)
    lane_changed_at = models.DateTimeField(null=True, blank=True)
    priority = models.CharField(
        max_length=2, choices=[(p.value, p.value) for p in Priority], default=Priority.P3
    )
    severity = models.CharField(max_length=8, blank=True, default="")
    category = models.CharField(max_length=24, blank=True, default="")
    language = models.CharField(max_length=16, default="und")
    assignee = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned_cases"
    )
    snoozed_until = models.DateTimeField(
        null=True, blank=True
    )  # out of the working views till then
    snoozed_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    woken_at = models.DateTimeField(null=True, blank=True)  # until the next change of status
    woken_because = models.CharField(max_length=8, blank=True, default="")  # time, customer, clock
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )  # the case that took over this one's matter
    clock_started_at = models.DateTimeField(null=True, blank=True)
    first_reply_due_at = models.DateTimeField(null=True, blank=True)
    progress_due_at = models.DateTimeField(null=True, blank=True)
    resolution_due_at = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    warned = models.PositiveSmallIntegerField(default=0)
    needs_closing_note = models.BooleanField(default=False)  # went private, the public waits (K17)
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
            models.CheckConstraint(
                condition=~models.Q(status__in=["resolved", "no_action"])
                | ~models.Q(disposition=""),
                name="closed_case_has_a_disposition",
            ),
        ]
        indexes = [
            work_index("case"),
            models.Index(fields=["workspace", "status", "first_reply_due_at", "id"]),
            models.Index(fields=["workspace", "assignee", "status"]),
            models.Index(fields=["workspace", "-changed_at", "-id"]),
            # The orders of the inbox (cases/orders.py): each is read from its index, page by page.
            models.Index(
                fields=["workspace", "first_reply_due_at", "id"],
                name="open_cases_by_due",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["workspace", "first_reply_due_at", "id"],
                name="free_cases_by_due",
                condition=models.Q(closed_at__isnull=True, assignee__isnull=True),
            ),
            models.Index(fields=["workspace", "severity", "-number"], name="cases_by_severity"),
            # What filters ask, answered without the rows: a count that finds little reads much.
            models.Index(
                fields=["workspace", "language", "severity", "category", "priority", "lane"],
                name="cases_by_filter",
                condition=models.Q(merged_into__isnull=True),
            ),
            models.Index(
                fields=["workspace", "status", "-changed_at", "-id"], name="cases_by_status"
            ),
            models.Index(fields=["workspace", "author", "-number"], name="cases_of_author"),
            models.Index(
                fields=["workspace", "look_asked_at"],
                name="case_looks_due",
                condition=models.Q(look_asked_at__isnull=False),
            ),
            models.Index(
                fields=["workspace", "lane_changed_at"],
                name="cases_moved",
                condition=models.Q(lane_changed_at__isnull=False),
            ),
            models.Index(
                fields=["workspace", "snoozed_until"],
                name="cases_asleep",
                condition=models.Q(snoozed_until__isnull=False),
            ),
            # What Due soon asks; the closed ones, which are nearly all, are not in them.
            models.Index(
                fields=["workspace", "progress_due_at"],
                name="cases_by_progress",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["workspace", "resolution_due_at"],
                name="cases_by_resolution",
                condition=models.Q(closed_at__isnull=True),
            ),
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
    answered_at = models.DateTimeField(null=True, blank=True)  # an answer of ours stands there

    def __str__(self) -> str:
        return f"{self.comment_id} in {self.case_id}"
