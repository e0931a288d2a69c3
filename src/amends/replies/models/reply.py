"""Tables of answers: drafts, findings, promises, approvals, deliveries."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.cases.models import Case
from amends.core.money import Money
from amends.core.vocabulary import ApprovalLevel
from amends.inbox.models import ChannelAccount, Comment, Version
from amends.record.append_only import AppendOnly
from amends.work.models import WorkRow, work_index

PERSON = settings.AUTH_USER_MODEL
LEVELS = [(level.value, level.value) for level in ApprovalLevel]


class ReplyStatus(models.TextChoices):
    """Where an answer stands before it is on its way; afterwards its Delivery tells."""

    DRAFT = "draft", _("Draft")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    FROZEN = "frozen", _("Frozen: the comment changed")
    SENT = "sent", _("Sent")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReplyPurpose(models.TextChoices):
    """What a reply is for: a statement of reasons is none that a clock waits for."""

    ANSWER = "answer", _("Answer")
    STATEMENT = "statement", _("Statement of reasons")
    PRIVATE = "private", _("Answer in private")
    CLOSING = "closing", _("Closing note")


class Reply(models.Model):
    """An answer to one comment, pinned to the version that its writer read.

    One in private has its `hand_over`, and is pinned to the message that it `answers`; comment and version
    are then those that the public conversation stood at. A closing note `closes` a private conversation.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies")
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="replies")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, default="")
    language = models.CharField(max_length=16, default="und")
    purpose = models.CharField(
        max_length=12, choices=ReplyPurpose.choices, default=ReplyPurpose.ANSWER
    )
    hand_over = models.ForeignKey(
        "replies.HandOver", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    closes = models.ForeignKey(
        "replies.HandOver", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answers = models.ForeignKey(
        "replies.PrivateMessage", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=24, choices=ReplyStatus.choices, default=ReplyStatus.DRAFT)
    begun_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=ReplyStatus.values), name="reply_status_known"
            ),
            # Two people never write two answers to the same comment at once.
            models.UniqueConstraint(
                fields=["comment"],
                condition=models.Q(status__in=["draft", "awaiting_approval", "approved", "frozen"]),
                name="one_open_reply_each",
            ),
            # What is written in private never has a public place to go to, nor the reverse.
            models.CheckConstraint(
                condition=models.Q(purpose=ReplyPurpose.PRIVATE, hand_over__isnull=False)
                | (~models.Q(purpose=ReplyPurpose.PRIVATE) & models.Q(hand_over__isnull=True)),
                name="private_reply_has_hand_over",
            ),
        ]
        indexes = [models.Index(fields=["account", "-changed_at"], name="reply_recent")]

    def __str__(self) -> str:
        return f"reply {self.pk}"

    @property
    def is_private(self) -> bool:
        return self.hand_over_id is not None


class ReplyRevision(AppendOnly):
    """A text that a reply had, and who wrote it: nobody approves what they edited."""

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    edited_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        verbose_name = "reply revision"
        constraints = [
            models.UniqueConstraint(fields=["reply", "number"], name="revision_number_once")
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of reply {self.reply_id}"


class Finding(AppendOnly):
    """What the linter said of the text that was handed over; places and codes, never the words.

    `start` and `end` count code points of the revision, both None where nothing can be pointed at.
    `digest` is that of an approval: it binds the finding to text, account, target and version.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="findings")
    revision = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    code = models.CharField(max_length=8)  # Q03
    reason = models.CharField(max_length=24)  # Q03, or a variant like Q06.bare
    level = models.CharField(max_length=8)  # block | warn | hint
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    linter = models.CharField(max_length=32)  # language and version of what it knows
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = "finding"

    def __str__(self) -> str:
        return f"{self.code} on reply {self.reply_id}"


class Override(AppendOnly):
    """That somebody hands a text over although the linter stops it, and why; for that text only.

    The approver is the second person: nobody approves what they overrode themselves.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="overrides")
    revision = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    codes = models.JSONField()  # the checks that were overridden, as a list
    reason = models.TextField()
    given_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = "override"

    def __str__(self) -> str:
        return f"override on reply {self.reply_id}"


class PromiseStatus(models.TextChoices):
    """What became of a promise."""

    OPEN = "open", _("Open")
    KEPT = "kept", _("Kept")
    BROKEN = "broken", _("Broken")


class Promise(WorkRow):
    """What we said that we will do: by whom and until when, or it is none.

    `warned` is the last notice given: 0 none, 1 due soon, 2 late. `told_at` says when the customer
    heard how it ended.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises")
    text = models.TextField()
    owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    promised_for = models.DateTimeField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # what it costs us
    currency = models.CharField(max_length=3, blank=True, default="")
    status = models.CharField(
        max_length=8, choices=PromiseStatus.choices, default=PromiseStatus.OPEN
    )
    warned = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=PromiseStatus.values), name="promise_status_known"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="promise_says_something"),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | ~models.Q(currency=""),
                name="promised_amount_has_currency",
            ),
        ]
        indexes = [work_index("promise"), models.Index(fields=["case", "status"])]

    def __str__(self) -> str:
        return f"promise {self.pk}"

    @property
    def money(self) -> Money | None:
        return None if self.amount is None else Money(self.amount, self.currency)


class RequestOutcome(models.TextChoices):
    """What became of the wish for an approval; empty while it waits."""

    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Sent back")
    TAKEN_BACK = "taken_back", _("Taken back")
    FROZEN = "frozen", _("Frozen")


class ApprovalRequest(WorkRow):
    """That a reply waits for approval: at which level, since when, and how long it took (K12, S1.14).

    `level` is the one that the reply asked for when it was handed over; it may rise, never fall.
    `timed_out_at` is when the time of its level was over; deputies may act from then on.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="requests")
    revision = models.PositiveIntegerField()
    level = models.CharField(max_length=2, choices=LEVELS)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    timed_out_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=12, choices=RequestOutcome.choices, blank=True, default=""
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reply"], condition=models.Q(outcome=""), name="one_open_request"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", *RequestOutcome.values]),
                name="request_outcome_known",
            ),
        ]
        indexes = [
            work_index("approval_request"),
            models.Index(fields=["workspace", "-asked_at"], name="requests_recent"),
        ]

    def __str__(self) -> str:
        return f"request for reply {self.reply_id}"


class Agreement(AppendOnly):
    """That one person agrees to exactly this text; as many as the level asks for make an approval.

    `seat` says in which place (anyone, lead, counsel, owner), `in_name_of` for whom a deputy agrees.
    """

    request = models.ForeignKey(
        ApprovalRequest, on_delete=models.PROTECT, related_name="agreements"
    )
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=8)
    in_name_of = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    agreed_at = models.DateTimeField()

    class Meta:
        verbose_name = "agreement"
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="one_agreement_each"),
            models.UniqueConstraint(fields=["request", "seat"], name="one_agreement_a_seat"),
        ]

    def __str__(self) -> str:
        return f"agreement of {self.person_id} to request {self.request_id}"


class Approval(models.Model):
    """That a reply may go out as it is: text, account, target, version, attachments.

    `level` is the one at which it was approved. `is_self`: the writer released it alone (A0 only).
    `is_solo`: one person alone agreed with themselves after the pause. `approved_by` agreed last.
    """

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="approvals")
    revision = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    is_solo = models.BooleanField(default=False)
    is_self = models.BooleanField(default=False)
    level = models.CharField(max_length=2, choices=LEVELS, default=ApprovalLevel.A1)
    request = models.ForeignKey(
        ApprovalRequest, null=True, on_delete=models.PROTECT, related_name="approvals"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reply"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_approval_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(is_self=False) | models.Q(level=ApprovalLevel.A0),
                name="alone_only_at_a0",
            ),
        ]

    def __str__(self) -> str:
        return f"approval of reply {self.reply_id}"


class DeliveryMode(models.TextChoices):
    """Who puts the answer on the channel."""

    API = "api", _("By the desk")
    ASSISTED = "assisted", _("By a person")


class DeliveryStatus(models.TextChoices):
    """How far an approved answer is on its way; unknown is not failed."""

    READY = "ready", _("Ready")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown")


class Delivery(WorkRow):
    """The way of an approved reply to its channel; there is one for each reply, ever."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    reply = models.OneToOneField(Reply, on_delete=models.PROTECT, related_name="delivery")
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="deliveries")
    mode = models.CharField(max_length=8, choices=DeliveryMode.choices)
    status = models.CharField(
        max_length=8, choices=DeliveryStatus.choices, default=DeliveryStatus.READY
    )
    idempotency_key = models.CharField(max_length=32, unique=True)
    error_code = models.CharField(max_length=32, blank=True, default="")
    created_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=300, blank=True, default="")
    url = models.TextField(blank=True, default="")
    confirmed_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_verified = models.BooleanField(default=False)  # the desk saw it on the channel

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=DeliveryStatus.values), name="delivery_status_known"
            )
        ]
        indexes = [work_index("delivery")]

    def __str__(self) -> str:
        return f"delivery of reply {self.reply_id}"

    def when_given_up(self) -> dict[str, Any]:
        """What may be on the channel is unknown then, and a person settles it."""
        is_on_the_wire = self.status == DeliveryStatus.SENDING
        return {"status": DeliveryStatus.UNKNOWN} if is_on_the_wire else {}
