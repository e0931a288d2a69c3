"""A department is asked by mail too, and answers by a link: once, in time, and never of a restricted case."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage

from amends.accounts.models import Brand, User, Workspace
from amends.accounts.tokens import hash_token
from amends.cases.ask_department import (
    answer_by_link,
    answer_task,
    ask_department,
    withdraw_task,
)
from amends.cases.change_departments import DepartmentForm, add_department
from amends.cases.mail_department import is_open_for_link, mail_of
from amends.cases.models import Case, Department, DepartmentTask, MailStatus, TaskMail
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.support.clocks import told
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WORDS = "Kargom nerede, Ayşe bekliyor?"


@pytest.fixture
def warehouse(workspace: Workspace, owner: User, now: datetime) -> Department:
    form = DepartmentForm("Warehouse", 120, "depot@lumen.example", language="nl")
    return add_department(workspace, form=form, by=owner, now=now)


@pytest.fixture
def case(make_case: Callable[..., Case], colleagues: Colleagues) -> Case:
    found = make_case(WORDS)
    colleagues.triage(found)
    return found


@pytest.fixture
def task(case: Case, warehouse: Department, agent: User, now: datetime) -> DepartmentTask:
    return ask_department(case, department=warehouse, text="In the depot?", by=agent, now=now)


def token_in(letter: EmailMessage) -> str:
    found = re.search(r"/answer/([\w-]+)/", letter.body)
    assert found is not None
    return found.group(1)


def sent(desk: Desk) -> TaskMail:
    """Let the mail go, and come back by its link."""
    run_until_idle(desk)
    mail = mail_of(token_in(outbox.outbox[-1]))
    assert mail is not None
    return mail


def test_the_mail_brings_a_link_and_says_nothing_of_the_customer(
    task: DepartmentTask, desk: Desk
) -> None:
    mail = sent(desk)
    (letter,) = outbox.outbox
    assert letter.to == ["depot@lumen.example"]
    assert mail.status == MailStatus.SENT
    assert mail.token_hash == hash_token(token_in(letter))
    for word in ("Kargom", "Ayşe", "depot?"):
        assert word not in f"{letter.subject} {letter.body}"
    assert task.case.public_id in letter.subject


def test_the_language_is_that_of_the_department_else_of_the_brand(
    task: DepartmentTask, case: Case, agent: User, brand: Brand, now: datetime
) -> None:
    assert TaskMail.objects.get().language == "nl"
    Department.objects.update(language="")
    Brand.objects.filter(pk=brand.pk).update(languages="xx, id, en")
    found = Case.objects.get()
    ask_department(found, department=Department.objects.get(), text="And?", by=agent, now=now)
    assert TaskMail.objects.order_by("-pk")[0].language == "id"


def test_an_answer_by_link_lands_in_the_case_as_from_a_colleague(
    task: DepartmentTask, desk: Desk, agent: User, clock: ScriptedClock
) -> None:
    mail = sent(desk)
    clock.advance(HOUR)
    answer_by_link(mail, answer=" It left today. ", now=clock.now())
    task.refresh_from_db()
    assert (task.state, task.answer) == ("done", "It left today.")
    assert (task.answered_by, task.answered_from) == (None, "depot@lumen.example")
    assert Case.objects.get().status == "triaged"
    assert "task" in told(agent)
    entry = ActionLog.objects.get(action="task.answer")
    assert (entry.actor_kind, entry.data["how"]) == ("department", "link")
    assert "depot@lumen.example" in entry.actor_label
    run_until_idle(desk)
    assert len(outbox.outbox) == 1, "nobody is chased any more"


def test_of_two_answers_the_first_counts(task: DepartmentTask, desk: Desk, now: datetime) -> None:
    mail = sent(desk)
    other = TaskMail.objects.select_related("task__case", "task__department").get(pk=mail.pk)
    answer_by_link(mail, answer="It left today.", now=now)
    with pytest.raises(NotPossible):
        answer_by_link(other, answer="It is lost.", now=now)
    task.refresh_from_db()
    assert task.answer == "It left today."
    assert ActionLog.objects.filter(action="task.answer").count() == 1


def test_a_colleague_who_was_quicker_wins(
    task: DepartmentTask, desk: Desk, agent: User, now: datetime
) -> None:
    mail = sent(desk)
    answer_task(task, answer="They rang.", by=agent, now=now)
    with pytest.raises(NotPossible):
        answer_by_link(mail, answer="Late", now=now)


def test_the_link_ends_after_two_weeks_and_with_the_task(
    task: DepartmentTask, desk: Desk, agent: User, now: datetime
) -> None:
    mail = sent(desk)
    assert is_open_for_link(mail, now=now + timedelta(days=13))
    assert not is_open_for_link(mail, now=now + timedelta(days=14))
    withdraw_task(task, by=agent, now=now)
    assert not is_open_for_link(mail, now=now)


def test_nothing_of_a_restricted_case_is_mailed_or_shown(
    case: Case, warehouse: Department, owner: User, agent: User, desk: Desk, now: datetime
) -> None:
    """The lane may change while the mail lies with the department."""
    ask_department(case, department=warehouse, text="Open yet?", by=agent, now=now)
    mail = sent(desk)
    Case.objects.update(lane="legal")
    assert not is_open_for_link(mail, now=now)
    with pytest.raises(NotPossible):
        answer_by_link(mail, answer="Too late", now=now)
    found = Case.objects.get()
    ask_department(found, department=warehouse, text="A threat?", by=owner, now=now)
    run_until_idle(desk)
    assert len(outbox.outbox) == 1


def test_a_reminder_goes_before_the_time_and_at_its_end(
    task: DepartmentTask, desk: Desk, clock: ScriptedClock, now: datetime
) -> None:
    run_until_idle(desk)
    for passed in (timedelta(minutes=96), 2 * HOUR, 3 * HOUR):
        clock.move_to(now + passed)
        run_until_idle(desk)
    assert [mail.stage for mail in TaskMail.objects.order_by("pk")] == [0, 1, 2]
    assert len({token_in(letter) for letter in outbox.outbox}) == 3


def test_a_refused_address_is_said_and_a_lost_server_is_tried_again(
    task: DepartmentTask, desk: Desk, clock: ScriptedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [SMTPServerDisconnected("gone"), SMTPRecipientsRefused({})]

    def fail(_letter: EmailMessage) -> int:
        raise errors.pop(0)

    monkeypatch.setattr(EmailMessage, "send", fail)
    run_until_idle(desk)
    mail = TaskMail.objects.get()
    assert (mail.status, mail.last_error) == ("ready", "gone")
    clock.advance(timedelta(minutes=1))
    run_until_idle(desk)
    mail.refresh_from_db()
    assert (mail.status, mail.due_at) == ("failed", None)


def test_a_department_without_an_address_gets_no_mail(
    case: Case, workspace: Workspace, owner: User, agent: User, desk: Desk, now: datetime
) -> None:
    plain = add_department(workspace, form=DepartmentForm("Billing", 60), by=owner, now=now)
    ask_department(case, department=plain, text="Paid?", by=agent, now=now)
    run_until_idle(desk)
    assert not TaskMail.objects.exists()


@pytest.mark.parametrize("answer", ["", "  \x00 ", "x" * 4001])
def test_an_empty_or_endless_answer_is_refused(
    task: DepartmentTask, desk: Desk, now: datetime, answer: str
) -> None:
    with pytest.raises(NotPossible):
        answer_by_link(sent(desk), answer=answer, now=now)
    task.refresh_from_db()
    assert task.state == "open"
