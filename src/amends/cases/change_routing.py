"""Puts routing rules in force: a new version, never an edit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_edit_routing, may_read, refuse_unless
from amends.accounts.queries import people_who_may_work
from amends.cases.models import RoutingRules
from amends.cases.routing_rules import (
    TO_PERSON,
    TO_TEAM,
    Rule,
    rules_from_json,
    rules_in_force,
    rules_to_json,
)
from amends.cases.transitions import NotPossible
from amends.record.log import Subject, log_action

MOST_RULES = 50


def routing_visible_to(user: User, *, workspace: Workspace) -> QuerySet[RoutingRules]:
    """Every version, the newest first; none for a stranger."""
    if not may_read(user, workspace):
        return RoutingRules.objects.none()
    rows = RoutingRules.objects.filter(workspace=workspace).select_related("changed_by")
    return rows.order_by("-number")


def change_routing(
    workspace: Workspace, *, rules: Sequence[Rule], after: int, by: User, now: datetime
) -> RoutingRules:
    """Put rules in force for cases that come from now on; `after` is the version its writer saw (0: none).

    Raises NotAllowed, and NotPossible for a rule that names nobody or when somebody else saved meanwhile.
    """
    refuse_unless(may_edit_routing(by, workspace), _("change who gets new cases"))
    _check(rules, workspace=workspace)
    current = rules_in_force(workspace)
    if (current.number if current else 0) != after:
        raise NotPossible(_("Somebody else changed these rules meanwhile: look at them first."))
    if current is not None and rules_from_json(current.rules) == tuple(rules):
        return current
    try:
        with transaction.atomic():
            row: RoutingRules = RoutingRules.objects.create(
                workspace=workspace,
                number=after + 1,
                rules=rules_to_json(rules),
                changed_by=by,
                changed_at=now,
            )
            log_action(
                "routing.change",
                workspace_id=workspace.pk,
                actor=actor_of(by),
                subject=Subject("workspace", str(workspace.pk), workspace.name),
                now=now,
                data={"number": row.number, "rules": len(rules)},
            )
    except IntegrityError:
        raise NotPossible(
            _("Somebody else changed these rules meanwhile: look at them first.")
        ) from None
    return row


def _check(rules: Sequence[Rule], *, workspace: Workspace) -> None:
    if len(rules) > MOST_RULES:
        raise NotPossible(_("At most %(count)d rules.") % {"count": MOST_RULES})
    people = set(people_who_may_work(workspace).values_list("pk", flat=True))
    for number, rule in enumerate(rules, start=1):
        if rule.to == TO_PERSON and rule.person not in people:
            raise NotPossible(
                _("Rule %(number)d names nobody who works here.") % {"number": number}
            )
        if rule.to not in {TO_PERSON, TO_TEAM}:
            raise NotPossible(_("Rule %(number)d does not say who gets it.") % {"number": number})
