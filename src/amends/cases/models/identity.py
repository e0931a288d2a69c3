"""That two authors on different channels are one person: a guess of the machine or a person's word."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON
from amends.inbox.models import Author


class LinkGround(models.TextChoices):
    """Why two authors may be one person."""

    HANDLE = "handle", _("the same handle")
    EMAIL = "email", _("the same e-mail address, given by both")
    PHONE = "phone", _("the same telephone number, given by both")
    SAID = "said", _("a person says so")


class LinkState(models.TextChoices):
    """A proposal counts for nothing until a person confirms it."""

    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not the same")
    UNDONE = "undone", _("Undone")


class IdentityLink(models.Model):
    """`first` has the lower key; `confidence` is from 0 to 1.

    The machine proposed it if `proposed_by` is empty.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="links_first")
    second = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="links_second")
    ground = models.CharField(max_length=8, choices=LinkGround.choices)
    confidence = models.FloatField()
    reason = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=9, choices=LinkState.choices, default=LinkState.PROPOSED)
    proposed_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_link_of_two_authors"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="link_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=LinkState.values), name="link_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is {self.second_id}: {self.state}"
