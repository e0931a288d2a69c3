"""Tables of the record; they know no people and no comments, only kinds, public ids and labels.

That is why this app lies below all others: everything may write here, and an entry outlives its
subject.
"""

from __future__ import annotations

from django.db import models

from amends.record.append_only import AppendOnly


class Content(models.Model):
    """The text and raw payload of a version or event, apart from the record: it can be erased.

    `digest` is salted (core.digest) and stays when the rest is redacted; `payload` is JSON as text.
    The only change that the database lets through is to nothing, beside its Redaction.
    """

    workspace_id = models.BigIntegerField(db_index=True)
    text = models.TextField(blank=True, default="")
    payload = models.TextField(blank=True, default="")
    salt = models.CharField(max_length=64, blank=True, default="")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    redacted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"content {self.pk}"

    @property
    def is_redacted(self) -> bool:
        return self.redacted_at is not None


class ActionLog(AppendOnly):
    """One thing that was done: who, what, to which subject, when, with the details.

    Actors and subjects are named by kind, public id and label, so that the entry can be read after
    both are gone. Action codes are namespaced by noun: `reply.approve`, `case.assign`.
    """

    workspace_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)  # person | worker | clock | command
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    subject_label = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = "log entry"
        indexes = [
            models.Index(fields=["workspace_id", "subject_kind", "subject_id", "id"]),
            models.Index(fields=["workspace_id", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"


class LogBatch(AppendOnly):
    """A sealed stretch of the log: the head of the chain after it, signed outside the database."""

    number = models.PositiveBigIntegerField(unique=True)
    first_position = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    sealed_at = models.DateTimeField()

    class Meta:
        verbose_name = "log batch"

    def __str__(self) -> str:
        return f"batch {self.number}"


class LogLink(AppendOnly):
    """The place of one entry in the chain.

    Entries are chained apart from their writing, so that nobody waits for anybody to write the log.
    """

    position = models.PositiveBigIntegerField(unique=True)
    entry_id = models.BigIntegerField(unique=True)
    batch = models.ForeignKey(LogBatch, on_delete=models.PROTECT, related_name="links")
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "log link"

    def __str__(self) -> str:
        return f"link {self.position}"


class Redaction(AppendOnly):
    """That a content was erased: by whom, why, on which basis."""

    workspace_id = models.BigIntegerField()
    content = models.OneToOneField(Content, on_delete=models.PROTECT, related_name="redaction")
    at = models.DateTimeField()
    actor_label = models.CharField(max_length=200)
    reason = models.TextField()

    class Meta:
        verbose_name = "redaction"

    def __str__(self) -> str:
        return f"redaction of {self.content_id}"


class Evidence(AppendOnly):
    """A capture as it was made: what of, how, by which tool, with the digest of the content."""

    workspace_id = models.BigIntegerField()
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)  # payload | screenshot | archive
    source_url = models.TextField(blank=True)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    captured_at = models.DateTimeField()
    captured_by = models.CharField(max_length=200)
    method = models.CharField(max_length=64)
    tool = models.CharField(max_length=64)

    class Meta:
        verbose_name = "evidence"
        indexes = [models.Index(fields=["workspace_id", "subject_kind", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_kind} {self.subject_id}"
