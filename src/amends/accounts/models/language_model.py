"""Which language model a workspace lets draft, if any: nothing leaves the machine without it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import models

from amends.accounts.models.people import User, Workspace


class LanguageModelAccess(models.Model):
    """One endpoint that speaks the chat-completions protocol; off until the owner switches it on."""

    workspace = models.OneToOneField(
        Workspace, on_delete=models.CASCADE, related_name="language_model"
    )
    url = models.URLField(max_length=500)
    model = models.CharField(max_length=120)
    sealed_key = models.BinaryField(default=bytes, blank=True)
    is_on = models.BooleanField(default=False)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.model} for {self.workspace_id}"

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""
