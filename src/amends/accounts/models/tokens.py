"""Tokens by which a program acts as a person, and what it has already asked once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models.people import User, Workspace


class ApiScope(models.TextChoices):
    """What a token may be used for at most; its person must be allowed to do it besides."""

    READ = "read", _("Read cases, comments, authors and reports")
    NOTE = "note", _("Write notes")
    TRIAGE = "triage", _("Triage, assign, label, snooze, merge and close cases")
    DRAFT = "draft", _("Write reply drafts and ask for their approval")
    INGEST = "ingest", _("Bring in comments from own systems")
    WEBHOOKS = "webhooks", _("Manage webhooks")


class ApiToken(models.Model):
    """A secret with which a program acts as one person in one workspace; only its hash is kept.

    `window_*` count the requests of the minute that runs (api_tokens.py): one row for all web processes.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)  # the beginning of the secret, to recognise it by
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    window_at = models.DateTimeField(null=True, blank=True)
    window_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "API token"
        indexes = [models.Index(fields=["user", "workspace"], name="api_tokens_of_person")]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.label})"


class IdempotencyKey(models.Model):
    """A request that a program named, and what it was answered; asked again, it is answered the same.

    `status` is empty while the first one is still being worked on.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True, default="")
    begun_at = models.DateTimeField()
    claim = models.CharField(max_length=32)  # who is at it; a crash leaves it, and it is taken over

    class Meta:
        verbose_name = "idempotency key"
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="request_named_once")]
        indexes = [models.Index(fields=["begun_at"], name="idempotency_keys_by_age")]

    def __str__(self) -> str:
        return self.key
