"""Retention: after how many days the words of closed cases go (R1, R2); off until an owner says otherwise.

Legal holds come before anything else (K24). What besides keeps words, a measure that may still be appealed,
a promise, is known further on: measures/apply_retention.py asks both, shows the count, and does it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_set_retention, refuse_unless
from amends.cases.models import OPEN_STATUSES, Case, CaseErasure, LegalHold, Retention
from amends.cases.transitions import NotPossible
from amends.record.log import Subject, log_action

LEAST_DAYS, MOST_DAYS = 30, 3650


def retention_of(workspace: Workspace) -> Retention | None:
    """What is in force; None: words are kept."""
    return Retention.objects.filter(workspace=workspace).select_related("set_by").first()


def set_retention(
    workspace: Workspace, *, days: int | None, confirmed: str, by: User, now: datetime
) -> None:
    """Say it, or turn it off with None. To turn it on, `confirmed` is the workspace's name, typed out.

    Raises NotAllowed and NotPossible.
    """
    refuse_unless(may_set_retention(by, workspace), _("say how long words are kept"))
    if days is not None:
        check_days(days)
        if " ".join(confirmed.split()) != " ".join(workspace.name.split()):
            raise NotPossible(
                _("Type “%(name)s” to confirm: what is erased does not come back.")
                % {"name": workspace.name}
            )
    with transaction.atomic():
        before = retention_of(workspace)
        if days is None:
            Retention.objects.filter(workspace=workspace).delete()
        else:
            values = {"days": days, "set_by": by, "set_at": now}
            Retention.objects.update_or_create(workspace=workspace, defaults=values)
        log_action(
            "retention.set",
            workspace_id=workspace.pk,
            actor=actor_of(by),
            subject=Subject("workspace", str(workspace.pk), workspace.name),
            now=now,
            data={"days": days, "before": before.days if before else None},
        )


def check_days(days: int) -> None:
    """Raises NotPossible for a time in which nobody could object, or that is none at all."""
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise NotPossible(
            _("Between %(least)d and %(most)d days, please.")
            % {"least": LEAST_DAYS, "most": MOST_DAYS}
        )


def closed_before(workspace: Workspace, *, days: int, now: datetime) -> QuerySet[Case]:
    """Cases that were closed so many days ago and not gone through since, the oldest first."""
    return (
        Case.objects.filter(workspace=workspace, closed_at__lte=now - timedelta(days=days))
        .exclude(status__in=OPEN_STATUSES)
        .exclude(
            Exists(CaseErasure.objects.filter(case=OuterRef("pk"), closed_at=OuterRef("closed_at")))
        )
        .order_by("closed_at", "pk")
    )


def held_legally(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those of them on which a legal hold stands."""
    return cases.filter(Exists(LegalHold.objects.filter(case=OuterRef("pk"), lifted_at=None)))
