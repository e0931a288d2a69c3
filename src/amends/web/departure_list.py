"""Where people departed from what was recommended: counted by rule and reason, with the cases.

It shows a lead which rule does not fit. It names no people: whoever departed did what they are asked to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_read
from amends.cases.in_force import playbook_in_force
from amends.cases.models import Case, DecisionOverride
from amends.cases.override_decision import rules_to_follow
from amends.cases.playbook_queries import (
    RuleCount,
    count_departed,
    departures_visible_to,
    rule_counts,
)
from amends.replies.override import count_overrides, overrides_visible_to
from amends.web import labels
from amends.web.pages import DeskRequest, page

RANGES = (30, 90, 365)  # days
USUAL = 90
MOST_READ = 1_000  # departures of which the reasons are read, the newest ones
REASONS_SHOWN = 20  # of a rule
CASES_NAMED = 12  # of a reason


@dataclass(slots=True)
class ReasonView:
    """A reason as people gave it, word for word the same or not at all, and where."""

    text: str
    last_at: datetime
    count: int = 0
    cases: list[Case] = field(default_factory=list)

    @property
    def is_more(self) -> int:
        return self.count - len(self.cases)


@dataclass(slots=True)
class RuleView:
    """A rule that people departed from; `title` is empty where the playbook in force has it no more."""

    id: str
    title: str
    count: RuleCount
    instead: dict[str, int] = field(default_factory=dict)
    reasons: list[ReasonView] = field(default_factory=list)

    @property
    def share(self) -> int:
        """Departures per hundred cases in which the rule was recommended."""
        asked = self.count.followed + self.count.overridden
        return round(100 * self.count.overridden / asked) if asked else 0

    @property
    def shown(self) -> list[ReasonView]:
        return self.reasons[:REASONS_SHOWN]

    @property
    def left_out(self) -> int:
        return max(len(self.reasons) - REASONS_SHOWN, 0)


@page(may=may_read)
def departures(request: DeskRequest) -> HttpResponse:
    """Counts by rule and reason over the last days, and the checks of replies that were overridden."""
    now = request.clock.now()
    days = _days(request.GET.get("days", ""))
    since = now - timedelta(days=days)
    counts = rule_counts(request.user, workspace=request.workspace, since=since)
    whole = count_departed(request.user, workspace=request.workspace, since=since)
    given = departures_visible_to(request.user, workspace=request.workspace, since=since)
    passed = overrides_visible_to(request.user, workspace=request.workspace, since=since)
    checks = count_overrides(request.user, workspace=request.workspace, since=since)
    context = {
        "rules": _by_rule(given[:MOST_READ], counts=counts, titles=_titles(request)),
        "departed": whole.overridden,
        "asked": whole.followed + whole.overridden,
        "checks": sorted(checks.items(), key=lambda one: (-one[1], one[0])),
        "passed": passed[:REASONS_SHOWN],
        "days": days,
        "ranges": RANGES,
        "now": now,
    }
    return render(request, "playbook/departures.html", context)


def _days(raw: str) -> int:
    return next((one for one in RANGES if raw == str(one)), USUAL)


def _titles(request: DeskRequest) -> dict[str, str]:
    rules = rules_to_follow(playbook_in_force(request.workspace.pk))
    return {one.id: _(one.title) if one.title else "" for one in rules}


def _by_rule(
    given: Iterable[DecisionOverride],
    *,
    counts: Mapping[str, RuleCount],
    titles: Mapping[str, str],
) -> list[RuleView]:
    """The rules with the most departures first; of each the most frequent reasons first."""
    found: dict[str, RuleView] = {}
    reasons: dict[tuple[str, str], ReasonView] = {}
    for one in given:
        rule = one.decision.rule_id
        count = counts.get(rule, RuleCount(0, 0))
        view = found.setdefault(rule, RuleView(rule, titles.get(rule, ""), count))
        for words in _instead(one):
            view.instead[words] = view.instead.get(words, 0) + 1
        key = (rule, " ".join(one.reason.split()).casefold())
        if key not in reasons:
            reasons[key] = ReasonView(one.reason, one.given_at)
            view.reasons.append(reasons[key])
        reasons[key].count += 1
        if len(reasons[key].cases) < CASES_NAMED and one.case not in reasons[key].cases:
            reasons[key].cases.append(one.case)
    for view in found.values():
        view.reasons.sort(key=lambda reason: -reason.count)  # stable: the newest of equals first
        view.instead = dict(sorted(view.instead.items(), key=lambda pair: (-pair[1], pair[0])))
    return sorted(found.values(), key=lambda view: (-view.count.overridden, view.id))


def _instead(given: DecisionOverride) -> list[str]:
    """What was put in its place, in words; the parts that come with another rule are not told twice."""
    said = []
    if given.rule_id:
        said.append(_("Rule %(rule)s") % {"rule": given.rule_id})
    elif given.strategy is not None:
        said.append(_("other parts") if given.strategy else _("no reply"))
    if given.priority:
        said.append(_("Priority %(code)s") % {"code": given.priority})
    if given.approval and not given.rule_id:
        words = labels.label_of(labels.APPROVALS, given.approval)
        said.append(_("Approval %(code)s: %(words)s") % {"code": given.approval, "words": words})
    return said
