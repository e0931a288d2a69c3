"""Texts by which a workspace works: policy and playbook, each published version kept for ever."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models.people import Brand, User, Workspace
from amends.record.append_only import AppendOnly


class TextKind(models.TextChoices):
    """What a versioned text is; its file says the same in its top-level `kind:`."""

    POLICY = "policy", _("Comment policy")
    PLAYBOOK = "playbook", _("Playbook")
    STARTING_POINTS = "starting_points", _("Starting points")


class TextVersion(AppendOnly):
    """One published version of a text; the one with the highest number is in force.

    `brand` is set where every brand has a text of its own (policy), and empty where the workspace has one
    (playbook). `text` is the YAML as it was published, `digest` its SHA-256.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=TextKind.choices)
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True, default="")  # what changed and why
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = "published text"
        constraints = [
            # Two, since SQLite takes every NULL for a different one.
            models.UniqueConstraint(
                fields=["workspace", "brand", "kind", "number"],
                condition=models.Q(brand__isnull=False),
                name="brand_text_number_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "kind", "number"],
                condition=models.Q(brand__isnull=True),
                name="text_number_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=TextKind.values), name="text_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class TextDraft(models.Model):
    """A text that is being changed and is not in force; one for each text, `based_on` its last version."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=TextKind.choices)
    text = models.TextField()
    based_on = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "brand", "kind"],
                condition=models.Q(brand__isnull=False),
                name="one_draft_of_a_brand_text",
            ),
            models.UniqueConstraint(
                fields=["workspace", "kind"],
                condition=models.Q(brand__isnull=True),
                name="one_draft_of_a_text",
            ),
        ]

    def __str__(self) -> str:
        return f"draft of {self.kind}"
