"""Gives a new case to whom the rules name: a step of the journey after decide, explained on the case.

The first rule that fits counts. Of a team, the least busy gets it who is at work, not away, and may see
the lane. Where nobody is, the case waits in the queue and is asked about again when the brand opens.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max

from amends.accounts.hours import calendar_by, hours_in_force
from amends.accounts.models import Membership, NotificationKind, User
from amends.accounts.permissions import may_draft, may_see_lane
from amends.accounts.queries import members_of
from amends.accounts.work_profile import fold_skill, read_work_life
from amends.cases.models import OPEN_STATUSES, Case, Presence, Routing, RoutingRules, RoutingState
from amends.cases.routing_rules import TO_PERSON, Rule, primary, rules_from_json, rules_in_force
from amends.cases.tell import tell
from amends.cases.transitions import log_on_case
from amends.cases.wake import is_awake
from amends.cases.welfare import hostile_among, hostile_loads, passed_on_by
from amends.cases.working_views import ACTIVE
from amends.core.clock import Clock
from amends.record.log import WORKER
from amends.work.claim import Claim, finish

ROUTE = "route"
ASK_AGAIN = timedelta(minutes=15)
LET_LOOK = timedelta(seconds=30)  # while somebody has the case on their screen
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A person whom the rule could mean. `why` is what stands against them; empty: they could have it.

    role, lane, away, skill, language, hours.
    """

    person: int
    name: str
    why: str
    load: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules come to: the rule that fits (1 is the first, 0 none), who was asked, who gets it.

    `passed` says of each rule before it what of the case did not fit.
    """

    rule: int
    passed: tuple[str, ...]
    asked: tuple[Asked, ...] = ()
    chosen: User | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "passed": list(self.passed),
            "asked": [asdict(one) for one in self.asked],
            "chosen": str(self.chosen) if self.chosen else None,
        }


def ask_for_route(case: Case, *, now: datetime) -> None:
    """Leave a row for the step where the case has nobody; in the caller's transaction.

    A case that was routed once, or that somebody had, is never given away by a rule again.
    """
    if case.assignee_id is not None or case.status not in OPEN_STATUSES:
        return
    if not RoutingRules.objects.filter(workspace=case.workspace_id).exists():
        return
    again = Routing.objects.filter(
        case=case, state__in=[RoutingState.NO_RULE, RoutingState.NOBODY]
    ).update(state=RoutingState.WAITING, next_step=ROUTE, due_at=now)
    if not again:
        Routing.objects.get_or_create(
            case=case,
            defaults={"workspace_id": case.workspace_id, "next_step": ROUTE, "due_at": now},
        )


def route(claim: Claim[Routing], *, clock: Clock) -> None:
    """Find who gets the case, and give it to them unless somebody has it by now."""
    now = clock.now()
    with transaction.atomic():
        rules = rules_in_force(claim.row.workspace)
        if rules is not None:
            # Two workers ask one after the other, so that both do not find the same person least busy.
            RoutingRules.objects.select_for_update(no_key=True).get(pk=rules.pk)
        held = Case.objects.select_for_update(of=("self",)).filter(pk=claim.row.case_id)
        case = held.select_related("workspace", "author", "comment__account", "brand").get()
        if case.assignee_id is not None or case.status not in OPEN_STATUSES:
            _keep(claim, state=RoutingState.TAKEN, rules=rules, outcome=None, now=now)
            finish(claim)
            return
        if Presence.objects.filter(case=case, looking_until__gt=now).exists():
            # Whoever is at it is not interrupted: they may be about to take it.
            finish(claim, next_step=ROUTE, due_at=now + LET_LOOK)
            return
        outcome = choose(case, rules=rules_from_json(rules.rules) if rules else (), now=now)
        state = _state(outcome)
        _keep(claim, state=state, rules=rules, outcome=outcome, now=now)
        if outcome.chosen is not None and rules is not None:
            _assign(case, outcome=outcome, rules=rules, now=now)
        is_waiting = state == RoutingState.NOBODY
        due_at = _next_time(case, now=now) if is_waiting else None
        finish(claim, next_step=ROUTE if is_waiting else "", due_at=due_at)


def choose(case: Case, *, rules: tuple[Rule, ...], now: datetime) -> Outcome:
    """Who would get the case now; writes nothing."""
    passed: list[str] = []
    for number, rule in enumerate(rules, start=1):
        unfit = rule.unfit(case)
        if unfit:
            passed.append(unfit)
            continue
        asked = _ask(case, rule=rule, now=now)
        able = [one for one in asked if not one.why]
        chosen = _least_busy(able, case=case, now=now) if able else None
        return Outcome(number, tuple(passed), tuple(asked), chosen)
    return Outcome(0, tuple(passed))


def _ask(case: Case, *, rule: Rule, now: datetime) -> list[Asked]:
    calendar = calendar_by(hours_in_force(case.brand_id))
    members = members_of(case.workspace).select_related("work_profile")
    if rule.to == TO_PERSON:
        members = members.filter(user=rule.person)
    loads = _loads(case, now=now)
    passed_on = passed_on_by(case)
    found = []
    for member in members:
        if member.user_id in passed_on:
            continue  # they gave it back without a word, and none is said about it here
        why = _obstacle(member, case=case, rule=rule)
        life = read_work_life(getattr(member, "work_profile", None))
        if not why and life.is_away(now):
            why = "away"
        # A person whom the rule names gets it at any hour; of a team, who is there.
        if not why and rule.to != TO_PERSON:
            is_there = life.is_at_work(now, zone=member.user.time_zone, calendar=calendar)
            why = "" if is_there else "hours"
        found.append(Asked(member.user_id, str(member.user), why, loads.get(member.user_id, 0)))
    return [one for one in found if one.why not in {"role", "lane", "skill", "language"}]


def _obstacle(member: Membership, *, case: Case, rule: Rule) -> str:
    """What of the person does not fit, at whatever hour."""
    if not may_draft(member.user, case.workspace):
        return "role"
    if not may_see_lane(member.user, case.workspace, case.lane):
        return "lane"
    if rule.to == TO_PERSON:
        return ""
    life = read_work_life(getattr(member, "work_profile", None))
    if rule.skill and fold_skill(rule.skill) not in life.skills:
        return "skill"
    return "language" if rule.speaks and primary(case.language) not in life.languages else ""


def _loads(case: Case, *, now: datetime) -> dict[int, int]:
    """How many cases each person has to work on; those that sleep are not counted."""
    mine = Case.objects.filter(
        is_awake(now), workspace=case.workspace_id, assignee__isnull=False, status__in=ACTIVE
    )
    return dict(mine.values_list("assignee").annotate(Count("pk")).order_by())


def _least_busy(able: list[Asked], *, case: Case, now: datetime) -> User:
    """The fewest cases; of several, who was given one by rule the longest ago.

    What is hard to look at goes first to who had the fewest of that today (K35).
    """
    rows = Routing.objects.filter(workspace=case.workspace_id, assigned_to__isnull=False)
    last = dict(rows.values_list("assigned_to").annotate(Max("routed_at")).order_by())
    is_hostile = bool(hostile_among([case.comment_id]))
    had = hostile_loads(case.workspace_id, now=now) if is_hostile else {}
    first = min(
        able,
        key=lambda one: (
            had.get(one.person, 0),
            one.load,
            last.get(one.person) or LONG_AGO,
            one.person,
        ),
    )
    return User.objects.get(pk=first.person)


def _assign(case: Case, *, outcome: Outcome, rules: RoutingRules, now: datetime) -> None:
    to = outcome.chosen
    if to is None:
        return
    Case.objects.filter(pk=case.pk).update(assignee=to)
    case.assignee = to
    about = {"to": str(to.pk), "name": str(to), "rule": outcome.rule, "version": rules.number}
    log_on_case(case, "case.assign", actor=WORKER, now=now, data=about)
    tell(
        to,
        case=case,
        kind=NotificationKind.ASSIGNMENT,
        now=now,
        key=f"routed:{case.pk}:{now.isoformat()}",
        facts={"rule": outcome.rule},
    )


def _state(outcome: Outcome) -> RoutingState:
    if outcome.chosen is not None:
        return RoutingState.ASSIGNED
    return RoutingState.NOBODY if outcome.rule else RoutingState.NO_RULE


def _keep(
    claim: Claim[Routing],
    *,
    state: RoutingState,
    rules: RoutingRules | None,
    outcome: Outcome | None,
    now: datetime,
) -> None:
    Routing.objects.filter(pk=claim.row.pk).update(
        state=state,
        rules=rules,
        assigned_to=outcome.chosen if outcome else None,
        explained=outcome.to_json() if outcome else {},
        routed_at=now,
    )


def _next_time(case: Case, *, now: datetime) -> datetime:
    """When the brand opens; while it is open, in a quarter of an hour."""
    calendar = calendar_by(hours_in_force(case.brand_id))
    opens = calendar.add(now, working=timedelta(0))
    return opens if opens > now else now + ASK_AGAIN
