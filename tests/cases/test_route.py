"""Routing: the first rule that fits, the least busy who is there, and an explanation on the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction

from amends.accounts.models import Membership, Notification, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.accounts.work_profile import WorkLife, WorkProfileRefused, change_work_life
from amends.cases.assign import assign_case
from amends.cases.change_routing import change_routing, routing_visible_to
from amends.cases.models import Case, Routing, RoutingState
from amends.cases.presence import note_presence
from amends.cases.route import ask_for_route, choose
from amends.cases.routing_rules import Rule, rules_from_json, rules_in_force, rules_to_json
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.core.playbook.calendars import AroundTheClock
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_one, run_until_idle
from amends.pipeline.steps import STEPS
from amends.record.models import ActionLog
from tests.support.threads import run_together, successes

MakeCase = Callable[..., Case]
TURKISH = Rule(to="team", languages=("tr",), speaks=True)
EVERYBODY = Rule(to="team")


@pytest.fixture
def set_rules(workspace: Workspace, lead: User, now: datetime) -> Callable[..., None]:
    def put(*rules: Rule) -> None:
        current = rules_in_force(workspace)
        after = current.number if current else 0
        change_routing(workspace, rules=rules, after=after, by=lead, now=now)

    return put


@pytest.fixture
def say_of(lead: User, now: datetime) -> Callable[..., None]:
    def change(person: User, **values: object) -> None:
        life = WorkLife(**values)  # type: ignore[arg-type]
        change_work_life(person.memberships.get(), to=life, by=lead, now=now)

    return change


@pytest.fixture
def come_in(make_case: MakeCase) -> Callable[..., Case]:
    """A case of its own thread each time."""
    count = iter(range(1, 100))

    def make(**values: object) -> Case:
        number = next(count)
        return make_case(external_id=f"n-{number}", thread_external_id=f"t-{number}", **values)

    return make


def fresh(case: Case) -> Case:
    return Case.objects.select_related("routing").get(pk=case.pk)


def test_without_rules_nothing_is_routed_and_no_row_is_kept(
    come_in: Callable[..., Case], desk: Desk
) -> None:
    case = come_in()
    run_until_idle(desk)
    assert Case.objects.get(pk=case.pk).assignee is None
    assert not Routing.objects.exists()


def test_the_least_busy_who_speaks_the_language_gets_it_and_the_case_says_why(
    set_rules: Callable[..., None],
    say_of: Callable[..., None],
    come_in: Callable[..., Case],
    desk: Desk,
    agent: User,
    other_agent: User,
    lead: User,
    now: datetime,
) -> None:
    busy = come_in()
    set_rules(Rule(to="person", person=lead.pk, languages=("nl",)), TURKISH)
    say_of(agent, languages=("tr", "en"))
    say_of(other_agent, languages=("tr",))
    assign_case(busy, to=agent, by=agent, now=now)
    case = come_in()
    run_until_idle(desk)
    case = fresh(case)
    assert case.assignee == other_agent
    assert case.routing.state == RoutingState.ASSIGNED
    assert case.routing.explained["rule"] == 2
    assert case.routing.explained["passed"] == ["language"]
    asked = {one["name"]: (one["why"], one["load"]) for one in case.routing.explained["asked"]}
    assert asked == {str(agent): ("", 1), str(other_agent): ("", 0)}
    entry = ActionLog.objects.filter(action="case.assign").last()
    assert (entry.actor_kind, entry.data["rule"], entry.data["version"]) == ("worker", 2, 1)
    assert Notification.objects.get(user=other_agent).kind == "assignment"


def test_cases_are_spread_while_all_are_equally_busy(
    set_rules: Callable[..., None],
    come_in: Callable[..., Case],
    desk: Desk,
    clock: ScriptedClock,
    agent: User,
    other_agent: User,
    lead: User,
    say_of: Callable[..., None],
) -> None:
    say_of(lead, away_until=clock.now() + timedelta(days=9))
    set_rules(EVERYBODY)
    for _ in range(4):
        come_in()
        run_until_idle(desk)
        clock.advance(timedelta(seconds=1))
    for person in (agent, other_agent):
        assert Case.objects.filter(assignee=person).count() == 2


def test_who_is_away_or_not_at_work_is_passed_over_and_the_case_waits_for_the_opening(
    set_rules: Callable[..., None],
    say_of: Callable[..., None],
    come_in: Callable[..., Case],
    desk: Desk,
    clock: ScriptedClock,
    agent: User,
    other_agent: User,
    lead: User,
) -> None:
    away = clock.now() + timedelta(hours=2)
    say_of(lead, skills=("x",))
    say_of(agent, skills=("Invoices",), away_until=away)
    say_of(other_agent, skills=("invoices",), works_from=time(6), works_until=time(11))
    set_rules(Rule(to="team", skill="INVOICES"))
    case = come_in()
    run_until_idle(desk)
    case = fresh(case)
    assert (case.assignee, case.routing.state) == (None, RoutingState.NOBODY)
    asked = {one["name"]: one["why"] for one in case.routing.explained["asked"]}
    assert asked == {str(agent): "away", str(other_agent): "hours"}
    clock.move_to(away)
    run_until_idle(desk)
    assert fresh(case).assignee == agent


def test_a_person_whom_a_rule_names_gets_it_at_any_hour_unless_away(
    set_rules: Callable[..., None],
    say_of: Callable[..., None],
    come_in: Callable[..., Case],
    desk: Desk,
    clock: ScriptedClock,
    agent: User,
) -> None:
    set_rules(Rule(to="person", person=agent.pk))
    say_of(agent, works_from=time(6), works_until=time(7))
    first = come_in()
    run_until_idle(desk)
    say_of(agent, away_until=clock.now() + timedelta(days=1))
    second = come_in()
    run_until_idle(desk)
    assert (fresh(first).assignee, fresh(second).assignee) == (agent, None)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule(to="team", languages=("tr",)), True),
        (Rule(to="team", languages=("nl", "ru")), False),
        (Rule(to="team", channels=("manual",)), True),
        (Rule(to="team", channels=("bluesky",)), False),
        (Rule(to="team", categories=("business_error",), severities=("medium",)), True),
        (Rule(to="team", severities=("critical",)), False),
        (Rule(to="team", brands=(0,)), False),
        (Rule(to="team", reach=1000), False),
    ],
)
def test_a_rule_fits_when_all_that_it_asks_is_so(
    rule: Rule, fits: bool, come_in: Callable[..., Case], desk: Desk
) -> None:
    case = come_in()
    run_until_idle(desk)
    outcome = choose(fresh(case), rules=(rule,), now=desk.clock.now())
    assert (outcome.rule == 1) is fits


def test_of_a_restricted_lane_only_who_may_see_it_is_asked(
    set_rules: Callable[..., None],
    come_in: Callable[..., Case],
    desk: Desk,
    agent: User,
    lead: User,
    clock: ScriptedClock,
) -> None:
    case = come_in(lane="legal")
    outcome = choose(case, rules=(EVERYBODY,), now=clock.now())
    assert [one.person for one in outcome.asked] == [lead.pk]
    assert outcome.chosen == lead
    named = choose(case, rules=(Rule(to="person", person=agent.pk),), now=clock.now())
    assert (named.chosen, named.asked) == (None, ())


def test_a_rule_never_takes_a_case_from_a_person_nor_gives_it_away_a_second_time(
    set_rules: Callable[..., None],
    come_in: Callable[..., Case],
    desk: Desk,
    agent: User,
    other_agent: User,
    now: datetime,
) -> None:
    set_rules(Rule(to="person", person=other_agent.pk))
    case = come_in()
    assign_case(case, to=agent, by=agent, now=now)
    run_until_idle(desk)
    assert (fresh(case).assignee, fresh(case).routing.state) == (agent, RoutingState.TAKEN)
    assign_case(case, to=None, by=agent, now=now)  # back into the queue, by a person
    case = fresh(case)
    ask_for_route(case, now=now)
    run_until_idle(desk)
    assert fresh(case).assignee is None


def test_a_case_that_no_rule_fitted_is_asked_about_again_when_a_person_has_said_what_it_is(
    set_rules: Callable[..., None],
    come_in: Callable[..., Case],
    desk: Desk,
    agent: User,
    now: datetime,
) -> None:
    set_rules(Rule(to="person", person=agent.pk, categories=("praise",)))
    case = come_in()
    run_until_idle(desk)
    assert fresh(case).routing.state == RoutingState.NO_RULE
    Case.objects.filter(pk=case.pk).update(category="praise")
    ask_for_route(fresh(case), now=now)
    run_until_idle(desk)
    assert fresh(case).assignee == agent


@pytest.mark.usefixtures("real_database")
def test_two_workers_at_once_do_not_give_two_cases_to_the_same_person(
    set_rules: Callable[..., None],
    say_of: Callable[..., None],
    come_in: Callable[..., Case],
    desk: Desk,
    agent: User,
    other_agent: User,
    lead: User,
    now: datetime,
) -> None:
    say_of(lead, away_until=now + timedelta(days=9))
    set_rules(EVERYBODY)
    step = next(one for one in STEPS if one.name == "route")
    for _ in range(4):
        Case.objects.update(assignee=None)
        cases = [come_in(), come_in()]
        assert successes(run_together(*[lambda: run_one(step, desk=desk)] * 2))
        while run_one(step, desk=desk):
            pass
        assert {fresh(case).assignee for case in cases} == {agent, other_agent}


def test_rules_are_kept_in_versions_and_a_stale_one_is_refused(
    workspace: Workspace, lead: User, agent: User, stranger: User, now: datetime
) -> None:
    rules = (TURKISH, Rule(to="person", person=lead.pk, reach=5000, brands=(7,)))
    assert rules_from_json(rules_to_json(rules)) == rules
    change_routing(workspace, rules=rules, after=0, by=lead, now=now)
    with pytest.raises(NotPossible, match="Somebody else"):
        change_routing(workspace, rules=(), after=0, by=lead, now=now)
    change_routing(workspace, rules=(), after=1, by=lead, now=now)
    assert [one.number for one in routing_visible_to(agent, workspace=workspace)] == [2, 1]
    assert not routing_visible_to(stranger, workspace=workspace).exists()
    for person in (agent, stranger):
        with pytest.raises(NotAllowed):
            change_routing(workspace, rules=(), after=2, by=person, now=now)


def test_a_rule_that_names_nobody_is_refused(
    workspace: Workspace, lead: User, viewer: User, stranger: User, now: datetime
) -> None:
    for person in (viewer, stranger):
        rule = Rule(to="person", person=person.pk)
        with pytest.raises(NotPossible, match="Rule 1"):
            change_routing(workspace, rules=(rule,), after=0, by=lead, now=now)


def test_working_hours_go_by_the_wall_of_the_person(now: datetime) -> None:
    def at_work(hour: int, life: WorkLife, *, day: int = 10) -> bool:
        moment = datetime(2026, 3, day, hour, 30, tzinfo=UTC)
        return life.is_at_work(moment, zone="Asia/Jakarta", calendar=AroundTheClock())

    day_shift = WorkLife(works_from=time(9), works_until=time(17), days=(0, 1, 2, 3, 4))
    assert at_work(2, day_shift)  # 9:30 in Jakarta
    assert not at_work(12, day_shift)
    assert not at_work(2, day_shift, day=14)  # a Saturday
    night = WorkLife(works_from=time(22), works_until=time(6), days=(1,))
    assert at_work(16, night)  # Tuesday 23:30
    assert at_work(20, night)  # Wednesday 3:30, the shift of Tuesday
    assert not at_work(16, night, day=11)


def test_a_member_says_it_of_themself_and_a_colleague_only_as_a_lead(
    agent: User, other_agent: User, lead: User, stranger: User, now: datetime
) -> None:
    membership = Membership.objects.get(user=agent)
    change_work_life(membership, to=WorkLife(skills=("İade", "iade")), by=agent, now=now)
    assert membership.work_profile.skills == ["iade"]
    for person in (other_agent, stranger):
        with pytest.raises(NotAllowed):
            change_work_life(membership, to=WorkLife(), by=person, now=now)
    bad = (
        WorkLife(works_from=time(9)),
        WorkLife(works_from=time(9), works_until=time(9)),
        WorkLife(skills=("x" * 41,)),
        WorkLife(days=(7,)),
        WorkLife(away_until=now + timedelta(days=500)),
    )
    for life in bad:
        with pytest.raises(WorkProfileRefused):
            change_work_life(membership, to=life, by=lead, now=now)
    with transaction.atomic():
        assert ActionLog.objects.filter(action="person.work_profile").count() == 1


def test_who_has_the_case_on_their_screen_is_not_interrupted(
    set_rules: Callable[..., None],
    come_in: Callable[..., Case],
    desk: Desk,
    clock: ScriptedClock,
    agent: User,
    now: datetime,
) -> None:
    set_rules(EVERYBODY)
    case = come_in()
    note_presence(case, person=agent, is_typing=False, now=now)
    run_until_idle(desk)
    assert fresh(case).assignee is None
    clock.advance(timedelta(minutes=1))
    run_until_idle(desk)
    assert fresh(case).assignee is not None
