"""What counts instead of a recommendation, in words, and what may be chosen in its place."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from amends.cases.in_force import playbook_in_force
from amends.cases.models import Decision, DecisionOverride
from amends.cases.override_decision import rules_to_follow, what_counts
from amends.core.playbook.terms import Component
from amends.web import labels
from amends.web.explain import Part, component_part


@dataclass(frozen=True, slots=True)
class DepartureView:
    """`given` is None while nobody departed, `earlier` is one from a recommendation that counts no more.

    `rules` and `choices` fill the form and are empty where there is none. A choice is a part of the
    reply: code, words, and whether it is among those that count now.
    """

    decision: int
    given: DecisionOverride | None
    earlier: DecisionOverride | None
    rule: str
    parts: tuple[Part, ...]
    priority: str
    approval: str
    rules: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str, bool], ...]


def read_departure(decision: Decision | None, *, may_depart: bool) -> DepartureView | None:
    """What was put in the place of a recommendation; None where there is none yet."""
    if decision is None:
        return None
    standing = what_counts(decision)
    given = standing.override
    return DepartureView(
        decision=decision.pk,
        given=given,
        earlier=None if given else _earlier(decision),
        rule=given.rule_id if given else "",
        parts=tuple(component_part(code) for code in (given.strategy if given else None) or ()),
        priority=_named(labels.PRIORITIES, given.priority) if given else "",
        approval=_named(labels.APPROVALS, given.approval) if given else "",
        rules=_rules(decision.workspace_id, but=decision.rule_id) if may_depart else (),
        choices=_choices(standing.strategy) if may_depart else (),
    )


def _earlier(decision: Decision) -> DecisionOverride | None:
    given = DecisionOverride.objects.filter(case=decision.case_id).exclude(decision=decision)
    return given.select_related("given_by", "decision").order_by("-pk").first()


def _named(words: labels.Table, code: str) -> str:
    return f"{code}: {labels.label_of(words, code)}" if code else ""


def _rules(workspace_id: int, *, but: str) -> tuple[tuple[str, str], ...]:
    rules = rules_to_follow(playbook_in_force(workspace_id))
    return tuple((one.id, f"{one.id} {_(one.title)}") for one in rules if one.id != but)


def _choices(counting: tuple[str, ...]) -> tuple[tuple[str, str, bool], ...]:
    """Those that count first, in their order; then all others."""
    others = [one.value for one in Component if one.value not in counting]
    return tuple(
        (code, component_part(code).label, code in counting) for code in (*counting, *others)
    )
