"""Lets a person depart from what the playbook recommends, with a reason, and says what counts then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import (
    may_edit_playbook,
    may_override_decision,
    refuse_unless,
)
from amends.cases.decide import latest_decision
from amends.cases.models import Case, Decision, DecisionOverride
from amends.cases.plan_clocks import set_clocks
from amends.cases.transitions import NotPossible, log_on_case
from amends.core.playbook.rules import AUTHORITY, Playbook, Rule
from amends.core.playbook.terms import Component
from amends.core.vocabulary import ApprovalLevel, Priority

MAX_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Departure:
    """What a person wants instead; empty fields stay as recommended.

    Another rule brings its parts and its approval with it, where they are not said beside it.
    """

    reason: str
    rule_id: str = ""
    strategy: tuple[str, ...] | None = None
    priority: str = ""
    approval: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts for a decision: the recommendation, or what a person put in its place."""

    rule_id: str
    strategy: tuple[str, ...]
    priority: str
    approval: str
    override: DecisionOverride | None


def what_counts(decision: Decision) -> Standing:
    """The recommendation with the last override of it, if there is one."""
    given = decision.overrides.select_related("given_by").order_by("-pk").first()
    recommended = tuple(decision.decision.get("strategy", ()))
    if given is None:
        return Standing(decision.rule_id, recommended, decision.priority, decision.approval, None)
    return Standing(
        given.rule_id or decision.rule_id,
        recommended if given.strategy is None else tuple(given.strategy),
        given.priority or decision.priority,
        given.approval or decision.approval,
        given,
    )


def override_decision(
    case: Case, *, decision_id: int, instead: Departure, playbook: Playbook, by: User, now: datetime
) -> DecisionOverride:
    """Put something else in the place of the recommendation that was seen; the clocks follow the priority.

    `playbook` is the one in force: another rule is one of its rules. Raises NotPossible without a reason,
    where nothing differs, and where the playbook was asked anew meanwhile; NotAllowed where less approval
    is asked for by somebody who may not change the playbook either.
    """
    refuse_unless(may_override_decision(by, case.workspace), _("depart from a recommendation"))
    reason = instead.reason.strip()[:MAX_REASON]
    if not reason:
        raise NotPossible(_("Say why you depart from the recommendation."))
    with transaction.atomic():
        case.refresh_from_db(from_queryset=Case.objects.select_for_update())
        decision = latest_decision(case)
        if decision is None or decision.pk != decision_id:
            raise NotPossible(_("The recommendation is another one by now: look at it again."))
        if not case.is_open:
            raise NotPossible(_("The case is closed: reopen it first."))
        values = _what_differs(decision, instead=instead, playbook=playbook)
        _check_approval(values.get("approval", ""), decision=decision, case=case, by=by)
        given = DecisionOverride.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            decision=decision,
            reason=reason,
            given_by=by,
            given_at=now,
            **values,
        )
        case.priority = given.priority or decision.priority
        set_clocks(case, playbook=playbook, now=now)
        log_on_case(
            case,
            "case.override_decision",
            actor=actor_of(by),
            now=now,
            data={"decision": decision.pk, "rule": decision.rule_id, "instead": values},
        )
    return given


def rules_to_follow(playbook: Playbook) -> tuple[Rule, ...]:
    """The rules that may be followed; those that only add to another one may not."""
    rules = (*playbook.gates, *playbook.matrix, playbook.default)
    return tuple(one for one in rules if not one.adds)


def _what_differs(
    decision: Decision, *, instead: Departure, playbook: Playbook
) -> dict[str, object]:
    """The fields of the override: only what is another than recommended."""
    rule = None
    if instead.rule_id and instead.rule_id != decision.rule_id:
        rules = rules_to_follow(playbook)
        rule = next((one for one in rules if one.id == instead.rule_id), None)
        if rule is None:
            raise NotPossible(_("The playbook in force has no such rule."))
    recommended = tuple(decision.decision.get("strategy", ()))
    strategy = instead.strategy
    if rule is not None and strategy in {None, recommended}:
        strategy = tuple(part.value for part in rule.strategy)
    approval = instead.approval
    if rule is not None and approval in {"", decision.approval}:
        # Not less than the urgency asked for: the rule is another one, the comment is the same.
        approval = max(decision.approval, rule.approval.value)
    _check_codes(strategy, priority=instead.priority, approval=approval)
    values: dict[str, object] = {"rule_id": rule.id if rule else ""}
    values["strategy"] = None if strategy in {None, recommended} else list(strategy or ())
    values["priority"] = "" if instead.priority == decision.priority else instead.priority
    values["approval"] = "" if approval == decision.approval else approval
    if not any(
        (values["rule_id"], values["strategy"] is not None, values["priority"], values["approval"])
    ):
        raise NotPossible(_("Nothing differs from the recommendation: choose what counts instead."))
    return values


def _check_codes(strategy: Sequence[str] | None, *, priority: str, approval: str) -> None:
    is_known = (
        set(strategy or ()) <= set(Component)
        and priority in {"", *Priority}
        and approval in {"", *ApprovalLevel}
    )
    if not is_known:
        raise NotPossible(_("Choose one of the answers offered."))


def _check_approval(approval: object, *, decision: Decision, case: Case, by: User) -> None:
    if not approval:
        return
    wanted, asked = ApprovalLevel(str(approval)), ApprovalLevel(decision.approval)
    if AUTHORITY[wanted] < AUTHORITY[asked]:
        refuse_unless(
            may_edit_playbook(by, case.workspace), _("ask for less approval than recommended")
        )
