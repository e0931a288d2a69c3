"""Tables of what was heard."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Brand, User, Workspace
from amends.core.vocabulary import GoneCause
from amends.record.append_only import AppendOnly
from amends.record.models import Content
from amends.work.models import WorkRow, work_index


class AccountStatus(models.TextChoices):
    """Whether a channel account is listened to."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    FAILED = "failed", _("Needs attention")


class ChannelAccount(WorkRow):
    """One connection to a channel: credentials sealed, cursor, health."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="channels")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="channels")
    kind = models.CharField(max_length=32)
    host = models.CharField(max_length=200)  # where the channel lives: bsky.social, 127.0.0.1:8000
    external_id = models.CharField(max_length=200, blank=True)  # who we are there
    handle = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=120)
    settings = models.JSONField(default=dict)  # what is not secret
    sealed_settings = models.BinaryField(default=bytes)  # what is (inbox/credentials.py)
    sealed_session = models.BinaryField(default=bytes)
    cursor = models.TextField(blank=True, default="")
    search_cursor = models.TextField(blank=True, default="")  # of what was not said to us
    status = models.CharField(
        max_length=8, choices=AccountStatus.choices, default=AccountStatus.ACTIVE
    )
    error_code = models.CharField(max_length=32, blank=True, default="")
    connected_at = models.DateTimeField()  # what was published before is history: no clocks
    last_polled_at = models.DateTimeField(null=True, blank=True)
    last_heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "host", "external_id"], name="one_account_each"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=AccountStatus.values), name="account_status_known"
            ),
        ]
        indexes = [work_index("account")]

    def __str__(self) -> str:
        return gettext(self.label) if self.label else self.kind  # "By hand" is a label of ours

    def when_given_up(self) -> dict[str, Any]:
        """A channel that is no longer listened to must say so."""
        is_silent = self.status == AccountStatus.ACTIVE
        return {"status": AccountStatus.FAILED, "error_code": "bad_answer"} if is_silent else {}


class RawEvent(WorkRow):
    """What a channel reported, as it came; `key` makes a replay harmless."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="events")
    key = models.CharField(max_length=400)
    kind = models.CharField(max_length=8)
    external_id = models.CharField(max_length=300)
    observed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    content = models.OneToOneField(Content, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="event_heard_once")]
        indexes = [work_index("rawevent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class Author(models.Model):
    """Who wrote, as the channel last described the person.

    Once erased they keep a pseudonym: nothing that a channel or file says of them is written again.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    host = models.CharField(max_length=200)
    external_id = models.CharField(max_length=300)
    handle = models.CharField(max_length=300)
    display_name = models.CharField(max_length=300, blank=True)
    url = models.TextField(blank=True)
    followers = models.PositiveBigIntegerField(null=True, blank=True)
    described_at = models.DateTimeField()
    first_seen_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "host", "external_id"], name="author_known_once"
            )
        ]
        indexes = [models.Index("workspace", Lower("handle"), name="author_by_handle")]

    def __str__(self) -> str:
        return self.display_name or self.handle


class Thread(models.Model):
    """A conversation: its root and all that hangs on it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    host = models.CharField(max_length=200)
    root_external_id = models.CharField(max_length=300)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "host", "root_external_id"], name="thread_known_once"
            )
        ]

    def __str__(self) -> str:
        return self.root_external_id


class Comment(models.Model):
    """An item of a thread, theirs or ours; its words stand in its versions.

    `parent_external_id` is what the channel says; `parent` follows when the parent has been captured.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="comments")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=32)
    host = models.CharField(max_length=200)
    external_id = models.CharField(max_length=300)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="comments")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    parent_external_id = models.CharField(max_length=300, blank=True)
    url = models.TextField(blank=True)
    is_ours = models.BooleanField(default=False)
    is_history = models.BooleanField(default=False)
    is_context = models.BooleanField(default=False)  # stands in the thread, was not said to us
    published_at = models.DateTimeField()
    observed_at = models.DateTimeField()
    detected_at = models.DateTimeField(null=True, blank=True)
    recheck_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "host", "external_id"], name="comment_known_once"
            )
        ]
        indexes = [
            models.Index(fields=["thread", "published_at"]),
            models.Index(fields=["author", "-published_at"]),
            models.Index(fields=["workspace", "kind", "host", "parent_external_id"]),
            models.Index(
                fields=["recheck_at"],
                name="comment_recheck",
                condition=models.Q(recheck_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class Version(AppendOnly, WorkRow):
    """One state of a comment as it stood: its words, or that it was gone, and how we know.

    The order of versions comes from the events themselves (`occurred_at`, then `key`), never from the order
    of arrival: so the same events in any order give the same history. A tombstone is a version without words.
    """

    MUTABLE = WorkRow.WORK_FIELDS

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="versions")
    key = models.CharField(max_length=400)  # the channel's name of this state, or a keyed digest
    occurred_at = models.DateTimeField()  # when the channel says it was written; else observed_at
    captured_at = models.DateTimeField()
    content = models.ForeignKey(
        Content, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField(max_length=64, blank=True)
    method = models.CharField(max_length=64)
    is_tombstone = models.BooleanField(default=False)
    gone_cause = models.CharField(
        max_length=8, blank=True, choices=[(cause.value, cause.value) for cause in GoneCause]
    )
    gone_confidence = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = "version"
        constraints = [
            models.UniqueConstraint(fields=["comment", "key"], name="version_captured_once"),
            models.CheckConstraint(
                condition=models.Q(is_tombstone=True, content__isnull=True)
                | models.Q(is_tombstone=False, content__isnull=False),
                name="version_has_words_or_is_tombstone",
            ),
        ]
        indexes = [
            work_index("version"),
            models.Index(fields=["comment", "-occurred_at", "-key"]),
        ]

    def __str__(self) -> str:
        return f"version {self.pk} of {self.comment_id}"

    @property
    def text(self) -> str:
        return self.content.text if self.content else ""


class Attachment(models.Model):
    """A picture, file or link that a version carried; remote, so never loaded by a browser directly.

    Append-only, but that `url` and `alt_text` become nothing once the words of the version are erased: the
    database lets just that through (record/triggers.py).
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    url = models.TextField()
    alt_text = models.TextField(blank=True)
    media_type = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="attachment_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.url}"


class LinkedOrderState(models.TextChoices):
    """Where an order stands, as our own system tells (`ORDER_STATES`; the playbook's `order_state`)."""

    PLACED = "placed", pgettext_lazy("state of an order", "placed")
    SENT = "sent", pgettext_lazy("state of an order", "sent")
    DELIVERED = "delivered", pgettext_lazy("state of an order", "delivered")
    RETURNED = "returned", pgettext_lazy("state of an order", "returned")
    REFUNDED = "refunded", pgettext_lazy("state of an order", "refunded")
    CANCELLED = "cancelled", pgettext_lazy("state of an order", "cancelled")


class OrderLink(models.Model):
    """An order that a comment is about, as one of our own systems told us; never public.

    `state` is what was told last about where it stands; empty where nobody has told.
    """

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="order_links")
    reference = models.CharField(max_length=100)
    url = models.TextField(blank=True)
    state = models.CharField(
        max_length=12, blank=True, default="", choices=LinkedOrderState.choices
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "reference"], name="order_linked_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["", *LinkedOrderState.values]),
                name="order_state_known",
            ),
        ]
        indexes = [models.Index(fields=["reference"], name="orders_by_reference")]

    def __str__(self) -> str:
        return self.reference


class FileState(models.TextChoices):
    """What became of the bytes of an attachment."""

    PENDING = "pending", _("Being fetched")
    KEPT = "kept", _("Kept")
    REFUSED = "refused", _("Not kept")
    GONE = "gone", _("Gone")


class AttachmentFile(WorkRow):
    """The bytes of an attachment: under the data folder by digest (inbox/attachment_store.py).

    `media_type` is sniffed from the content, never believed. Width and height are of what is shown.
    `reason` is a code of fetch_attachment.py; it says why nothing was kept, or why it is gone.
    """

    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="file")
    state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.PENDING)
    reason = models.CharField(max_length=16, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    media_type = models.CharField(max_length=100, blank=True, default="")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=FileState.values), name="file_state_known"
            ),
        ]
        indexes = [work_index("attachment"), models.Index(fields=["digest"], name="file_by_digest")]

    def __str__(self) -> str:
        return f"file of attachment {self.attachment_id}"

    def when_given_up(self) -> dict[str, Any]:
        return {"state": FileState.REFUSED, "reason": "unreachable"}

    @property
    def is_image(self) -> bool:
        return self.state == FileState.KEPT and self.width > 0


class MentionQuery(AppendOnly):
    """What counts as a mention of a brand: its terms and a query; each change adds a version.

    The latest version is in force. `terms` holds what `inbox/match.py` writes; an empty query asks for any
    term, no terms at all turn the watch off.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="mention_queries")
    version = models.PositiveIntegerField()
    terms = models.JSONField(default=list)
    query = models.TextField(blank=True, default="")
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "mention query"
        constraints = [
            models.UniqueConstraint(fields=["brand", "version"], name="mention_query_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.brand} v{self.version}"


class Mention(AppendOnly):
    """That a mention query found a version of a comment, and where; places only, never words."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="mentions")
    mention_query = models.ForeignKey(
        MentionQuery, on_delete=models.PROTECT, related_name="mentions"
    )
    places = models.JSONField(default=list)
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = "mention"
        constraints = [
            models.UniqueConstraint(fields=["version", "mention_query"], name="mention_found_once")
        ]

    def __str__(self) -> str:
        return f"{self.mention_query_id} in version {self.version_id}"


from amends.inbox.import_models import FileImport as FileImport  # noqa: E402 - a module of its own
from amends.inbox.import_models import ImportProblem as ImportProblem  # noqa: E402
from amends.inbox.import_models import ImportStatus as ImportStatus  # noqa: E402
