"""Reads about the playbook: how its rules fare with people, and what a draft would have changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_edit_playbook
from amends.cases.models import Case, Decision, DecisionOverride, WhatIf, WhatIfChange
from amends.cases.queries import cases_visible_to, seen_by
from amends.cases.what_if import ASPECTS

MOST_MOVES = 12


@dataclass(frozen=True, slots=True)
class RuleCount:
    """Cases in which a rule was recommended on a confirmed triage, and in how many people departed."""

    followed: int
    overridden: int


def rule_counts(user: User, *, workspace: Workspace, since: datetime) -> Mapping[str, RuleCount]:
    """Rule → how often it was followed and overridden since then, in the lanes that this person sees."""
    seen = seen_by(user, workspace=workspace, over="case")
    recommended = Decision.objects.filter(
        seen, workspace=workspace, created_at__gte=since, triage__isnull=False
    )
    departed = departures_visible_to(user, workspace=workspace, since=since)
    cases = Count("case", distinct=True)
    asked = dict(recommended.values_list("rule_id").annotate(cases).order_by())
    other = dict(departed.values_list("decision__rule_id").annotate(cases).order_by())
    return {
        rule: RuleCount(max(asked.get(rule, 0) - other.get(rule, 0), 0), other.get(rule, 0))
        for rule in asked | other
    }


def count_departed(user: User, *, workspace: Workspace, since: datetime) -> RuleCount:
    """The same over all rules, each case once whatever number of rules it saw."""
    visible = cases_visible_to(user, workspace=workspace)
    departed = departures_visible_to(user, workspace=workspace, since=since).order_by()
    recommended = Decision.objects.filter(
        workspace=workspace, created_at__gte=since, triage__isnull=False
    )
    other = visible.filter(pk__in=departed.values("case"))
    followed = visible.filter(pk__in=recommended.values("case")).exclude(
        pk__in=departed.values("case")
    )
    return RuleCount(followed.count(), other.count())


def departures_visible_to(
    user: User, *, workspace: Workspace, since: datetime
) -> QuerySet[DecisionOverride]:
    """What people put in the place of a recommendation since then, in the lanes that this person sees."""
    seen = seen_by(user, workspace=workspace, over="case")
    given = DecisionOverride.objects.filter(seen, workspace=workspace, given_at__gte=since)
    return given.select_related("case", "decision").order_by("-given_at", "-pk")


def last_what_if(user: User, *, workspace: Workspace) -> WhatIf | None:
    """The one that runs or ran last, for those who may try the playbook."""
    if not may_edit_playbook(user, workspace):
        return None
    runs = WhatIf.objects.filter(workspace=workspace).defer("text")
    return runs.select_related("asked_by", "base").order_by("-pk").first()


def what_if_cases_visible_to(user: User, *, run: WhatIf) -> QuerySet[Case]:
    """The cases it is about, as far as this person may know of them."""
    visible = cases_visible_to(user, workspace=run.workspace)
    return visible.filter(created_at__gte=run.since, created_at__lt=run.until)


def what_if_changes_visible_to(user: User, *, run: WhatIf) -> QuerySet[WhatIfChange]:
    """What would change, in cases that this person may see; the newest case first."""
    changes = WhatIfChange.objects.filter(
        seen_by(user, workspace=run.workspace, over="case"), what_if=run
    )
    return changes.select_related("case__author").order_by("-case")


def count_aspects(changes: QuerySet[WhatIfChange]) -> dict[str, int]:
    """How many cases differ, and in what; one case may differ in several things."""
    sums = {name: Count("pk", filter=Q(**{name: True})) for name in ASPECTS}
    return changes.order_by().aggregate(all=Count("pk"), **sums)


def count_moves(changes: QuerySet[WhatIfChange]) -> list[tuple[str, str, int]]:
    """From which rule to which, the most frequent first."""
    pairs = changes.filter(rule=True).order_by()
    counted = pairs.values_list("before__rule", "after__rule").annotate(count=Count("pk"))
    return list(counted.order_by("-count", "before__rule", "after__rule")[:MOST_MOVES])
