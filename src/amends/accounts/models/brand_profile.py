"""How a brand speaks: form of address, voice, names that sign, words that it does not use (K40)."""

from __future__ import annotations

from django.db import models

from amends.accounts.models.people import Brand, User, Workspace
from amends.record.append_only import AppendOnly


class BrandProfile(AppendOnly):
    """One version of a brand's profile; the one with the highest number is in force.

    `address` and `grave_address` map a language to the code of a form of address (`siz`, `kak`, `vy`, `je`
    …), the second for what is high or critical. `signatures` and `avoided` are lists of words,
    `second_languages` of codes in which the brand may answer when it does not speak the comment's.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    voice = models.TextField(blank=True, default="")
    address = models.JSONField(default=dict)
    grave_address = models.JSONField(default=dict)
    signatures = models.JSONField(default=list)
    avoided = models.JSONField(default=list)
    second_languages = models.JSONField(default=list)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "brand profile"
        constraints = [
            models.UniqueConstraint(fields=["brand", "version"], name="brand_profile_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.brand} v{self.version}"
