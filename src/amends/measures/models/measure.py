"""A measure: a moderation act, what it rests on, and how far it is carried out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import TextVersion, Workspace
from amends.cases.models import Case
from amends.core.vocabulary import ApprovalLevel
from amends.inbox.models import Author, ChannelAccount, Comment, Version
from amends.record.append_only import AppendOnly
from amends.record.models import Evidence
from amends.work.models import WorkRow, work_index

PERSON = settings.AUTH_USER_MODEL


class MeasureKind(models.TextChoices):
    """What is done, in the order of the ladder (K21)."""

    WARN = "warn", _("Warn")
    HIDE = "hide", _("Hide the comment")
    DELETE = "delete", _("Remove the comment")
    TEMPORARY_BAN = "temporary_ban", _("Ban for a time")
    BAN = "ban", _("Ban for good")
    BLOCK = "block", _("Block the author")
    REPORT = "report", _("Report to the platform")
    LEGAL = "legal", _("Hand to counsel")


class Tier(models.TextChoices):
    """How grave the conduct is that a clause names (domain.md 1.3 C2); there is no tier for criticism."""

    A = "A", _("Tier A")
    B = "B", _("Tier B")


class MeasureStatus(models.TextChoices):
    """How far a measure is on its way; unknown is not failed."""

    WAITING = "waiting", _("Waits for a second person")
    DECLINED = "declined", _("Declined")
    READY = "ready", _("Ready")
    ACTING = "acting", _("Being carried out")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class MeasureMode(models.TextChoices):
    """Who carries a measure out."""

    API = "api", _("By the desk")
    ASSISTED = "assisted", _("By a person")


class UndoReason(models.TextChoices):
    """Why a measure was taken back; only an end that was set from the start leaves the strike standing."""

    EXPIRED = "expired", _("Its time was over")
    APPEAL = "appeal", _("An appeal was upheld")
    MISTAKE = "mistake", _("It was a mistake")
    NOT_CONFIRMED = "not_confirmed", _("The second person did not agree")


class Measure(AppendOnly, WorkRow):
    """One moderation act against one version of one comment, or its author.

    What it rests on never changes: version, clause, policy, words, evidence, who. What changes is how far
    it is. `words` are places ([start, end] in code points of the version's text), never the words themselves.
    `key` names the act on the channel. Who agreed stands in `Confirmation`.
    """

    STATE = (
        "status",
        "acting_at",
        "done_at",
        "undone_at",
        "undone_because",
        "reference",
        "error_code",
        "warned",
    )
    MUTABLE = (*WorkRow.WORK_FIELDS, *STATE)

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="measures")
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="measures")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="measures")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=MeasureKind.choices)
    policy = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="+")
    clause = models.CharField(max_length=64)
    ground = models.CharField(max_length=32)
    tier = models.CharField(max_length=1, choices=Tier.choices)
    words = models.JSONField()
    is_criticism = models.BooleanField()  # beside the conduct there is a complaint or an opinion
    is_bulk = models.BooleanField(default=False)  # advertising in bulk: nobody is told (R9)
    level = models.CharField(
        max_length=2, choices=[(level.value, level.value) for level in ApprovalLevel]
    )
    is_confirmed_before = models.BooleanField()  # whether the second person comes first
    reason = models.TextField(blank=True, default="")
    skipped_because = models.TextField(blank=True, default="")  # why lower rungs were passed over
    language = models.CharField(max_length=16, default="und")
    until = models.DateTimeField(null=True, blank=True)
    mode = models.CharField(max_length=8, choices=MeasureMode.choices)
    key = models.CharField(max_length=32, unique=True)
    acted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    acted_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=MeasureStatus.choices)
    acting_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_because = models.CharField(
        max_length=16, blank=True, default="", choices=UndoReason.choices
    )
    reference = models.CharField(max_length=300, blank=True, default="")
    error_code = models.CharField(max_length=32, blank=True, default="")
    warned = models.PositiveSmallIntegerField(default=0)  # that the second person is late

    class Meta:
        verbose_name = "measure"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=MeasureStatus.values), name="measure_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=MeasureKind.values), name="measure_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(tier__in=Tier.values), name="measure_tier_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="temporary_ban") | models.Q(until__isnull=False),
                name="temporary_ban_has_an_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(clause="") & ~models.Q(ground__in=["", "none"]),
                name="measure_names_its_clause",
            ),
            # Two people never do the same to the same comment at once.
            models.UniqueConstraint(
                fields=["comment", "kind"],
                condition=models.Q(status__in=["waiting", "ready", "acting", "unknown", "done"])
                & ~models.Q(kind="warn"),
                name="one_measure_of_a_kind",
            ),
        ]
        indexes = [
            work_index("measure"),
            models.Index(fields=["author", "-acted_at"], name="measure_of_author"),
            models.Index(fields=["workspace", "status"], name="measure_by_status"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def public_id(self) -> str:
        return f"M-{self.pk}"

    def when_given_up(self) -> dict[str, Any]:
        """What may have reached the channel is unknown then, and a person settles it."""
        is_on_the_wire = self.status == MeasureStatus.ACTING
        return {"status": MeasureStatus.UNKNOWN} if is_on_the_wire else {}


class Confirmation(AppendOnly):
    """That a second person agrees to a measure, or, in solo mode, the same one after the pause.

    `criticism_apart`: they say that the marked words are the matter, and not the criticism beside them.
    """

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="confirmations")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_solo = models.BooleanField(default=False)
    criticism_apart = models.BooleanField(default=False)

    class Meta:
        verbose_name = "confirmation"
        constraints = [
            models.UniqueConstraint(fields=["measure", "by"], name="one_confirmation_each")
        ]

    def __str__(self) -> str:
        return f"confirmation of measure {self.measure_id}"


class ReviewPage(models.Model):
    """That an account is where a shop of ours shows reviews, in a country whose law protects them.

    There a review is never deleted (domain.md 2.3, TR 28/B): good and bad ones stay alike.
    """

    account = models.OneToOneField(
        ChannelAccount, on_delete=models.CASCADE, related_name="review_page"
    )
    country = models.CharField(max_length=2)
    set_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reviews of {self.account_id}"
