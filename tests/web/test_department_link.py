"""The page behind a department's link: the question and nothing else, one answer, and no way for a guess."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import User, Workspace
from amends.accounts.tokens import hash_token
from amends.cases.ask_department import ask_department
from amends.cases.change_departments import DepartmentForm, add_department
from amends.cases.models import Case, DepartmentTask, TaskMail
from amends.web import public_limits
from tests.web.conftest import words

TOKEN = "t" * 43
LINK = f"/answer/{TOKEN}/"


@pytest.fixture
def task(
    make_case: Callable[..., Case], workspace: Workspace, owner: User, agent: User, now: datetime
) -> DepartmentTask:
    """A question whose mail is out."""
    form = DepartmentForm("Warehouse", 120, "depot@lumen.example")
    warehouse = add_department(workspace, form=form, by=owner, now=now)
    case = make_case("Kargom nerede?")
    made = ask_department(case, department=warehouse, text="In the depot?", by=agent, now=now)
    TaskMail.objects.update(token_hash=hash_token(TOKEN), status="sent", language="en")
    return made


def test_the_question_stands_there_and_no_customer(task: DepartmentTask) -> None:
    answer = Client().get(LINK)
    said = words(answer)
    assert "In the depot?" in said
    assert task.case.public_id in said
    for word in ("Kargom", "Ayşe", "depot@lumen.example"):
        assert word not in said
    assert "no-store" in answer["Cache-Control"]


def test_opening_the_link_uses_nothing_up_and_answering_does(task: DepartmentTask) -> None:
    for _time in range(3):
        assert Client().get(LINK).status_code == 200
    answer = Client().post(LINK, {"answer": "It left today."}, follow=True)
    assert "Thank you" in words(answer)
    task.refresh_from_db()
    assert (task.answer, task.answered_from) == ("It left today.", "depot@lumen.example")
    again = Client().post(LINK, {"answer": "No, lost."})
    assert "is closed" not in words(Client().get(LINK))
    assert again.status_code in {200, 410}
    task.refresh_from_db()
    assert task.answer == "It left today."


def test_who_comes_second_gets_back_what_they_typed(
    task: DepartmentTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking and writing somebody else answers."""
    looks = iter([True, False, False])
    monkeypatch.setattr("amends.web.department_link.is_open_for_link", lambda *_, **__: next(looks))
    DepartmentTask.objects.update(state="done", answer="By phone", answered_from="")
    answer = Client().post(LINK, {"answer": "A long answer."})
    assert answer.status_code == 410
    assert "A long answer." in words(answer)
    task.refresh_from_db()
    assert task.answer == "By phone"


def test_a_guess_an_old_and_a_withdrawn_link_say_what_to_do(
    task: DepartmentTask, now: datetime
) -> None:
    assert Client().get("/answer/guess/").status_code == 410
    TaskMail.objects.update(expires_at=now)
    old = Client().get(LINK)
    assert old.status_code == 410
    assert "ask them to send the question again" in words(old)
    assert "In the depot?" not in words(old)


def test_a_case_that_became_restricted_is_not_shown(task: DepartmentTask) -> None:
    Case.objects.update(lane="legal")
    answer = Client().get(LINK)
    assert answer.status_code == 410
    assert "In the depot?" not in words(answer)


def test_an_empty_answer_is_asked_for_again(task: DepartmentTask) -> None:
    answer = Client().post(LINK, {"answer": " "})
    assert answer.status_code == 422
    assert "Write what the department says." in words(answer)


def test_answers_are_limited_by_address(task: DepartmentTask) -> None:
    for _time in range(public_limits.WRITES):
        Client().post(LINK, {"answer": " "})
    assert Client().post(LINK, {"answer": "Now"}).status_code == 429
    task.refresh_from_db()
    assert task.state == "open"


def test_the_case_says_who_answered_and_how(
    task: DepartmentTask, agent: User, sign_in: Callable[[User], Client]
) -> None:
    page = f"/cases/C-{task.case.number}/"
    assert "Mailed to depot@lumen.example" in words(sign_in(agent).get(page))
    Client().post(LINK, {"answer": "It left today."})
    said = words(sign_in(agent).get(page))
    assert "It left today." in said
    assert "depot@lumen.example, by the link in the mail" in said
