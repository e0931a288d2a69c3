"""What the author is told about a measure, and what they say against it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.measures.models.measure import PERSON, Measure
from amends.record.append_only import AppendOnly
from amends.replies.models import Reply
from amends.work.models import WorkRow, work_index


class StatementOfReasons(AppendOnly):
    """The fields of DSA art. 17 (R9) for one measure, and the text that was made of them.

    `reply` is the answer that carries it to the author, where there is one.
    """

    MUTABLE = ("reply_id",)

    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="statement")
    language = models.CharField(max_length=8)
    action = models.CharField(max_length=16)  # as MeasureKind
    territory = models.CharField(max_length=200)
    until = models.DateTimeField(null=True, blank=True)
    facts = models.TextField()
    own_initiative = models.BooleanField(default=True)  # else after a notice by somebody
    automated_detection = models.BooleanField()
    automated_decision = models.BooleanField(default=False)  # a person decides, always
    clause_title = models.CharField(max_length=300)
    clause_rule = models.TextField()
    text = models.TextField()  # with the place of the link, see statement.LINK
    reply = models.OneToOneField(
        Reply, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "statement of reasons"

    def __str__(self) -> str:
        return f"statement of reasons for {self.measure_id}"


class AppealLink(AppendOnly):
    """A way to the appeal form that was given out; only the hash of its token is kept."""

    statement = models.ForeignKey(
        StatementOfReasons, on_delete=models.PROTECT, related_name="links"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "appeal link"

    def __str__(self) -> str:
        return f"link {self.pk}"


class AppealStatus(models.TextChoices):
    """What became of an appeal."""

    OPEN = "open", _("Open")
    UPHELD = "upheld", _("Upheld: the measure is undone")
    REJECTED = "rejected", _("Rejected: the measure stands")


class Appeal(WorkRow):
    """That somebody objects to a measure by the link of its statement; no account, no name asked.

    Decided by somebody who neither acted nor approved. `warned` is the last notice given: 0 none, 1 half of
    the time is over, 2 late.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="appeal")
    text = models.TextField()
    opened_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    status = models.CharField(max_length=8, choices=AppealStatus.choices, default=AppealStatus.OPEN)
    decided_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")  # the reasons, for the author
    is_involved = models.BooleanField(default=False)  # nobody else was there; reports show it
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=AppealStatus.values), name="appeal_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="open") | ~models.Q(answer=""),
                name="appeal_decided_with_reasons",
            ),
        ]
        indexes = [work_index("appeal")]

    def __str__(self) -> str:
        return f"appeal against measure {self.measure_id}"
