"""Who gets a new case by rule: the rules in versions, and what they came to for each case."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.cases.models.case import PERSON, Case
from amends.record.append_only import AppendOnly
from amends.work.models import WorkRow, work_index


class RoutingRules(AppendOnly):
    """One version of the rules of a workspace; the highest number is in force.

    `rules` is `cases.routing_rules.rules_to_json`, in the order in which they are asked.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    rules = models.JSONField()
    changed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "version of routing rules"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="routing_number_once"),
        ]

    def __str__(self) -> str:
        return f"routing rules {self.number} of {self.workspace_id}"


class RoutingState(models.TextChoices):
    """What the rules came to for a case."""

    WAITING = "waiting", _("Waiting to be routed")
    ASSIGNED = "assigned", _("Assigned by a rule")
    NOBODY = "nobody", _("Nobody of the rule is at work")
    NO_RULE = "no_rule", _("No rule matches")
    TAKEN = "taken", _("Somebody had it first")


class Routing(WorkRow):
    """The routing of a case; one each. `explained` says which rule, who was asked, and why who got it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="routing")
    state = models.CharField(
        max_length=8, choices=RoutingState.choices, default=RoutingState.WAITING
    )
    rules = models.ForeignKey(RoutingRules, null=True, on_delete=models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    explained = models.JSONField(default=dict)
    routed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=RoutingState.values), name="routing_state_known"
            ),
        ]
        indexes = [work_index("routing")]

    def __str__(self) -> str:
        return f"routing of {self.case_id}"
