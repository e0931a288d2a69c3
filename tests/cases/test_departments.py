"""Departments: asked with a time, chased before and at its end, then the leads are told (K15, S0.19)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.ask_department import (
    answer_task,
    ask_department,
    suggested_minutes,
    tasks_visible_to,
    withdraw_task,
)
from amends.cases.assign import assign_case
from amends.cases.change_departments import (
    DepartmentForm,
    add_department,
    change_department,
    end_department,
)
from amends.cases.close import close_case
from amends.cases.decide import latest_decision
from amends.cases.models import Case, CaseClock, Department, DepartmentTask
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.support.clocks import live_until, told
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def warehouse(workspace: Workspace, owner: User, viewer: User, now: datetime) -> Department:
    form = DepartmentForm("Warehouse", 120, "warehouse@lumen.example", [viewer])
    return add_department(workspace, form=form, by=owner, now=now)


@pytest.fixture
def case(
    make_comment: Callable[..., Comment], desk: Desk, colleagues: Colleagues, agent: User
) -> Case:
    """A case that an agent has confirmed and taken."""
    make_comment()
    run_until_idle(desk)
    found = Case.objects.get()
    colleagues.triage(found)
    assign_case(found, to=agent, by=agent, now=desk.clock.now())
    return Case.objects.get()


@pytest.fixture
def task(case: Case, warehouse: Department, agent: User, now: datetime) -> DepartmentTask:
    return ask_department(case, department=warehouse, text="Where is it?", by=agent, now=now)


def actions() -> list[str]:
    found = ActionLog.objects.filter(action__startswith="task.").order_by("pk")
    return list(found.values_list("action", flat=True))


def test_asking_gives_the_case_to_the_department_and_tells_its_members(
    task: DepartmentTask, viewer: User, now: datetime
) -> None:
    assert Case.objects.get().status == "in_department"
    assert task.answer_by == now + 2 * HOUR
    assert told(viewer) == ["task"]
    assert actions() == ["task.ask"]


def test_the_time_is_working_time_of_the_brand(
    case: Case,
    warehouse: Department,
    agent: User,
    clock: ScriptedClock,
    set_hours: Callable[..., object],
) -> None:
    set_hours()
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # four o'clock in Amsterdam
    made = ask_department(case, department=warehouse, text="?", by=agent, now=friday)
    assert made.answer_by == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_it_is_chased_before_its_time_and_at_its_end_and_then_the_leads_are_told(
    task: DepartmentTask, desk: Desk, clock: ScriptedClock, now: datetime, agent: User,
    viewer: User, lead: User,
) -> None:  # fmt: skip
    steps = (
        (now + 95 * HOUR / 60, ["task.ask"], "open"),
        (now + 96 * HOUR / 60, ["task.ask", "task.chase"], "open"),
        (now + 2 * HOUR, ["task.ask", "task.chase", "task.overdue"], "overdue"),
    )
    for moment, expected, state in steps:
        clock.move_to(moment)
        run_until_idle(desk)
        task.refresh_from_db()
        assert (actions(), task.state) == (expected, state)
    assert "task" not in told(lead)
    assert told(agent)[-1] == "task"
    live_until(desk, clock, until=now + 5 * HOUR, step=HOUR / 2)
    assert actions() == ["task.ask", "task.chase", "task.overdue", "task.escalate"]
    assert "task" in told(lead)
    assert told(viewer) == ["task"] * 4


def test_the_answer_returns_the_case_and_tells_who_has_it(
    task: DepartmentTask, desk: Desk, clock: ScriptedClock, viewer: User, agent: User
) -> None:
    clock.advance(HOUR)
    answer_task(task, answer=" In the depot. ", by=viewer, now=clock.now())
    task.refresh_from_db()
    assert (task.state, task.answer, task.answered_by) == ("done", "In the depot.", viewer)
    assert Case.objects.get().status == "triaged"
    assert told(agent)[-1] == "task"
    live_until(desk, clock, until=clock.now() + 5 * HOUR, step=HOUR)
    assert actions() == ["task.ask", "task.answer"]
    with pytest.raises(NotPossible, match="already"):
        answer_task(task, answer="again", by=viewer, now=clock.now())


def test_the_case_comes_back_with_the_last_answer(
    task: DepartmentTask, warehouse: Department, agent: User, now: datetime
) -> None:
    second = ask_department(task.case, department=warehouse, text="And why?", by=agent, now=now)
    answer_task(task, answer="In the depot.", by=agent, now=now)
    assert Case.objects.get().status == "in_department"
    withdraw_task(DepartmentTask.objects.get(pk=second.pk), by=agent, now=now)
    assert Case.objects.get().status == "triaged"


def test_the_clocks_of_the_customer_run_while_a_department_is_asked(
    case: Case, task: DepartmentTask
) -> None:
    assert not CaseClock.objects.filter(paused_at__isnull=False).exists()
    assert Case.objects.get().first_reply_due_at is not None


def test_of_a_restricted_case_members_who_may_not_see_it_learn_nothing(
    case: Case, warehouse: Department, owner: User, viewer: User, workspace: Workspace,
    now: datetime,
) -> None:  # fmt: skip
    Case.objects.filter(pk=case.pk).update(lane="legal")
    hidden = ask_department(Case.objects.get(), department=warehouse, text="?", by=owner, now=now)
    assert told(viewer) == []
    assert not tasks_visible_to(viewer, workspace=workspace).exists()
    with pytest.raises(NotAllowed):
        answer_task(hidden, answer="yes", by=viewer, now=now)


def test_who_is_not_in_it_and_may_not_write_does_not_answer_for_it(
    task: DepartmentTask, stranger: User, workspace: Workspace, now: datetime,
    make_member: Callable[..., User],
) -> None:  # fmt: skip
    other = make_member("onlooker", workspace=workspace, role="viewer")
    for person in (other, stranger):
        with pytest.raises(NotAllowed):
            answer_task(task, answer="yes", by=person, now=now)


def test_only_who_works_on_cases_asks(
    case: Case, warehouse: Department, viewer: User, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        ask_department(case, department=warehouse, text="?", by=viewer, now=now)


@pytest.mark.parametrize(
    ("changes", "says"), [({"text": " "}, "sentence"), ({"within_minutes": 0}, "hours")]
)
def test_a_task_needs_words_and_time(
    case: Case, warehouse: Department, agent: User, now: datetime, changes: dict[str, object],
    says: str,
) -> None:  # fmt: skip
    said = {"department": warehouse, "text": "?", "by": agent, "now": now} | changes
    with pytest.raises(NotPossible, match=says):
        ask_department(case, **said)  # type: ignore[arg-type]


def test_a_closed_case_is_not_chased_for(
    task: DepartmentTask, desk: Desk, clock: ScriptedClock, agent: User
) -> None:
    case = Case.objects.get()
    close_case(case, disposition="resolved", reason="found", by=agent, now=clock.now())
    live_until(desk, clock, until=clock.now() + 5 * HOUR, step=HOUR)
    assert actions() == ["task.ask"]


def test_a_department_is_changed_by_leaders_and_its_name_is_taken_once(
    workspace: Workspace, warehouse: Department, owner: User, agent: User, stranger: User,
    now: datetime,
) -> None:  # fmt: skip
    with pytest.raises(NotAllowed):
        add_department(workspace, form=DepartmentForm("Legal", 60), by=agent, now=now)
    with pytest.raises(NotPossible, match="already"):
        add_department(workspace, form=DepartmentForm("Warehouse", 60), by=owner, now=now)
    form = DepartmentForm("Warehouse", 60, members=[stranger])
    with pytest.raises(NotPossible, match="not a member"):
        change_department(warehouse, form=form, by=owner, now=now)
    change_department(warehouse, form=DepartmentForm("Depot", 60), by=owner, now=now)
    assert (warehouse.name, list(warehouse.members.all())) == ("Depot", [])


def test_a_department_with_a_task_that_waits_is_not_closed(
    task: DepartmentTask, warehouse: Department, owner: User, now: datetime
) -> None:
    with pytest.raises(NotPossible, match="waits"):
        end_department(warehouse, by=owner, now=now)
    withdraw_task(task, by=owner, now=now)
    end_department(warehouse, by=owner, now=now)
    add_department(task.case.workspace, form=DepartmentForm("Warehouse", 60), by=owner, now=now)


def test_the_playbook_suggests_the_time(case: Case) -> None:
    decision = latest_decision(case)
    assert decision is not None
    decision.decision["tasks"] = [{"kind": "promise", "within": None}]
    assert suggested_minutes(decision) is None
    decision.decision["tasks"] += [{"kind": "department", "within": 7200}]
    assert suggested_minutes(decision) == 120
