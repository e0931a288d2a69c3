"""One row of each guarded table of hours, clocks and routing."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from amends.accounts.models import BusinessHours, User
from amends.cases.models import Case, ClockPlan, RoutingRules


def clock_rows(case: Case, *, by: User, now: datetime) -> tuple[models.Model, ...]:
    hours = BusinessHours.objects.create(
        workspace=case.workspace,
        brand=case.brand,
        number=1,
        hours={},
        digest="d",
        changed_by=by,
        changed_at=now,
    )
    plan = ClockPlan.objects.create(
        workspace=case.workspace,
        case=case,
        brand=case.brand,
        priority="P3",
        reason="open",
        playbook="p",
        playbook_version="1",
        playbook_digest="d",
        hours=hours,
        calendar_digest="d",
        targets={},
        clocks={},
        started_at=now,
        planned_at=now,
    )
    rules = RoutingRules.objects.create(
        workspace=case.workspace, number=1, rules=[], changed_by=by, changed_at=now
    )
    return hours, plan, rules
