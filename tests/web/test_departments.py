"""Departments on their page and on the page of a case, and waiting for the customer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import User, Workspace
from amends.cases.ask_department import ask_department
from amends.cases.change_departments import DepartmentForm, add_department
from amends.cases.models import Case, Department, DepartmentTask
from amends.cases.triage import confirm_triage
from tests.web.conftest import FORM, words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PART = {"HX-Request": "true"}


@pytest.fixture
def warehouse(workspace: Workspace, owner: User, viewer: User, now: datetime) -> Department:
    form = DepartmentForm("Warehouse", 120, "", [viewer])
    return add_department(workspace, form=form, by=owner, now=now)


@pytest.fixture
def triaged(case: Case, agent: User, now: datetime) -> Case:
    confirm_triage(case, form=FORM, by=agent, now=now)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def task(triaged: Case, warehouse: Department, agent: User, now: datetime) -> DepartmentTask:
    return ask_department(triaged, department=warehouse, text="Where is it?", by=agent, now=now)


def test_a_lead_adds_changes_and_closes_a_department(
    workspace: Workspace, lead: User, viewer: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    typed = {"name": "Billing", "hours": "0.5", "members": [viewer.pk], "email": ""}
    shown = client.post("/departments/add/", typed, follow=True)
    assert "Billing can be asked now." in words(shown)
    made = Department.objects.get()
    assert (made.within_minutes, list(made.members.all())) == (30, [viewer])
    again = client.post("/departments/add/", typed)
    assert (again.status_code, "already" in words(again)) == (422, True)
    client.post(f"/departments/{made.pk}/", typed | {"name": "Accounts", "hours": "3"})
    made.refresh_from_db()
    assert (made.name, made.within_minutes) == ("Accounts", 180)
    assert "is not asked any more" in words(
        client.post(f"/departments/{made.pk}/end/", follow=True)
    )


def test_a_department_is_asked_from_the_case_and_its_member_answers(
    triaged: Case, warehouse: Department, agent: User, viewer: User, sign_in: SignIn
) -> None:
    address = f"/cases/C-{triaged.number}"
    typed = {"text": "Where is the parcel?", "department": warehouse.pk, "hours": "1,5"}
    said = sign_in(agent).post(f"{address}/department/ask/", typed, headers=PART)
    assert "Warehouse was asked." in words(said)
    task = DepartmentTask.objects.get()
    assert (task.answer_by - task.asked_at).total_seconds() == 90 * 60
    client = sign_in(viewer)
    assert "Where is the parcel?" in words(client.get("/departments/"))
    assert "Note the answer" in words(client.get(f"{address}/"))
    answer = {"task": task.pk, "answer": "In the depot."}
    said = client.post(f"{address}/department/answer/", answer, headers=PART)
    assert "The answer is noted." in words(said)
    assert "In the depot." in words(said)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": ""}, "Say in a sentence"),
        ({"department": ""}, "Choose the department"),
        ({"hours": "many"}, "Say how many hours"),
        ({"hours": "1e999"}, "Say how many hours"),
        ({"hours": "nan"}, "Say how many hours"),
    ],
)
def test_what_is_missing_is_said_beside_the_form(
    triaged: Case, warehouse: Department, agent: User, sign_in: SignIn,
    changes: dict[str, str], says: str,
) -> None:  # fmt: skip
    typed = {"text": "Where?", "department": warehouse.pk, "hours": ""} | changes
    address = f"/cases/C-{triaged.number}/department/ask/"
    said = sign_in(agent).post(address, typed, headers=PART)
    assert said.status_code == 422
    assert says in words(said)
    assert not DepartmentTask.objects.exists()


def test_who_may_not_see_a_case_sees_no_task_of_it(
    task: DepartmentTask, lead: User, viewer: User, sign_in: SignIn
) -> None:
    Case.objects.update(lane="legal")
    assert "Where is it?" in words(sign_in(lead).get("/departments/"))
    assert "Where is it?" not in words(sign_in(viewer).get("/departments/"))
    answer = {"task": task.pk, "answer": "In the depot."}
    url = f"/cases/C-{task.case.number}/department/answer/"
    assert sign_in(viewer).post(url, answer).status_code == 404


def test_a_viewer_outside_the_department_does_not_answer(
    task: DepartmentTask, workspace: Workspace, make_member: Callable[..., User], sign_in: SignIn
) -> None:
    other = make_member("onlooker", workspace=workspace, role="viewer")
    url = f"/cases/C-{task.case.number}/department/answer/"
    said = sign_in(other).post(url, {"task": task.pk, "answer": "yes"}, headers=PART)
    assert said.status_code == 403


def test_a_task_is_taken_back(task: DepartmentTask, agent: User, sign_in: SignIn) -> None:
    url = f"/cases/C-{task.case.number}/department/withdraw/"
    said = sign_in(agent).post(url, {"task": task.pk}, headers=PART)
    assert "The task was taken back." in words(said)
    task.refresh_from_db()
    assert task.state == "withdrawn"


def test_an_answered_case_waits_for_the_customer_and_is_taken_up_again(
    triaged: Case, agent: User, sign_in: SignIn
) -> None:
    client, address = sign_in(agent), f"/cases/C-{triaged.number}"
    early = client.post(f"{address}/wait/", headers=PART)
    assert (early.status_code, "once our question was sent" in words(early)) == (422, True)
    Case.objects.filter(pk=triaged.pk).update(status="answered")
    assert "Was our answer a question?" in words(client.get(f"{address}/"))
    said = client.post(f"{address}/wait/", headers=PART)
    assert "Do not wait any longer" in words(said)
    said = client.post(f"{address}/take-up/", headers=PART)
    assert "The clocks run again." in words(said)
    triaged.refresh_from_db()
    assert triaged.status == "triaged"


def test_a_second_question_says_that_the_clocks_run_on(
    triaged: Case, agent: User, sign_in: SignIn
) -> None:
    client, address = sign_in(agent), f"/cases/C-{triaged.number}"
    for _again in range(2):
        Case.objects.filter(pk=triaged.pk).update(status="answered")
        said = client.post(f"{address}/wait/", headers=PART)
    assert "The clocks run on" in words(said)
