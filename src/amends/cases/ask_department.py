"""Asks a department about a case, notes what it answers, and gives the case back (K15, S0.19).

A department with an address gets a mail too, and answers by its link without an account (mail_department.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.hours import calendar_by, hours_in_force
from amends.accounts.models import NotificationKind, User, Workspace
from amends.accounts.permissions import may_ask_department, may_note, refuse_unless
from amends.cases.change_departments import MAX_MINUTES
from amends.cases.escalate import tell_people
from amends.cases.mail_department import is_open_for_link, queue_mail
from amends.cases.models import (
    TASKS_WAITING,
    Case,
    CaseStatus,
    Decision,
    Department,
    DepartmentTask,
    TaskMail,
    TaskState,
)
from amends.cases.queries import cases_visible_to, seen_by
from amends.cases.transitions import NotPossible, log_on_case, may_move, move_case
from amends.cases.wait import settle_wait
from amends.record.log import Actor

CHASE_TASK = "chase_task"
MAX_CHARS = 4_000
CHASE_AT = 0.8  # of the working time, as the clocks of a case warn
ESCALATE_AFTER = 0.25  # of the working time, once it is over


def ask_department(
    case: Case, *, department: Department, text: str, by: User, now: datetime,
    within_minutes: int | None = None,
) -> DepartmentTask:  # fmt: skip
    """Make a task and give the case to the department, as far as its status allows.

    The time is working time of the brand. Raises NotAllowed and NotPossible.
    """
    refuse_unless(may_ask_department(by, case.workspace), _("ask departments"))
    text = text.strip()
    minutes = department.within_minutes if within_minutes is None else within_minutes
    _check(case, department=department, text=text, minutes=minutes)
    calendar = calendar_by(hours_in_force(case.brand_id))
    within = timedelta(minutes=minutes)
    with transaction.atomic():
        task = DepartmentTask.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            department=department,
            text=text,
            asked_by=by,
            asked_at=now,
            answer_by=calendar.add(now, working=within),
            escalate_at=calendar.add(now, working=within * (1 + ESCALATE_AFTER)),
            next_step=CHASE_TASK,
            due_at=calendar.add(now, working=within * CHASE_AT),
        )
        if may_move(case, to=CaseStatus.IN_DEPARTMENT):
            move_case(case, to=CaseStatus.IN_DEPARTMENT, actor=actor_of(by), now=now)
            settle_wait(case, now=now)
        about = {"task": task.pk, "department": department.name, "by": task.answer_by.isoformat()}
        log_on_case(case, "task.ask", actor=actor_of(by), now=now, data=about)
        tell_of_task(task, people=list(department.members.all()), what="asked", now=now)
        queue_mail(task, now=now)
    return task


def answer_task(task: DepartmentTask, *, answer: str, by: User, now: datetime) -> None:
    """Note what the department says; the last answer gives the case back to who works on it.

    Its members may, and whoever may write notes, for a department that answers by telephone.
    """
    refuse_unless(may_answer(by, task), _("answer for this department"))
    _take_answer(task, answer=answer, by=by, address="", actor=actor_of(by), now=now)


def answer_by_link(mail: TaskMail, *, answer: str, now: datetime) -> None:
    """What the department writes behind the link of its mail; the first answer counts, as from a colleague.

    Raises NotPossible where the question is not open any more.
    """
    if not is_open_for_link(mail, now=now):
        raise NotPossible(_("This question is not open any more."))
    actor = Actor("department", "", f"{mail.task.department}, {mail.address}")
    _take_answer(mail.task, answer=answer, by=None, address=mail.address, actor=actor, now=now)


def _take_answer(
    task: DepartmentTask, *, answer: str, by: User | None, address: str, actor: Actor, now: datetime
) -> None:
    case = task.case
    answer = answer.replace("\x00", "").strip()
    if not answer or len(answer) > MAX_CHARS:
        raise NotPossible(_("Write what the department says."))
    said = {"answer": answer, "answered_by": by, "answered_from": address, "answered_at": now}
    with transaction.atomic():
        _settle(task, state=TaskState.DONE, **said)
        about = {"task": task.pk, "department": task.department.name}
        how = {"how": "link"} if address else {}
        log_on_case(case, "task.answer", actor=actor, now=now, data=about | how)
        _give_back(case, actor=actor, now=now)
        people = [one for one in (case.assignee, task.asked_by) if one and one != by]
        tell_of_task(task, people=people, what="answered", now=now)


def withdraw_task(task: DepartmentTask, *, by: User, now: datetime) -> None:
    """Take a task back that is not needed any more."""
    refuse_unless(may_ask_department(by, task.case.workspace), _("take tasks back"))
    with transaction.atomic():
        _settle(task, state=TaskState.WITHDRAWN, answered_by=by, answered_at=now)
        about = {"task": task.pk, "department": task.department.name}
        log_on_case(task.case, "task.withdraw", actor=actor_of(by), now=now, data=about)
        _give_back(task.case, actor=actor_of(by), now=now)
        tell_of_task(task, people=list(task.department.members.all()), what="withdrawn", now=now)


def may_answer(user: User, task: DepartmentTask) -> bool:
    """Who may write notes, and the members of the department who may see the case."""
    if not cases_visible_to(user, workspace=task.case.workspace).filter(pk=task.case_id).exists():
        return False
    is_member = task.department.members.filter(pk=user.pk).exists()
    return is_member or may_note(user, task.case.workspace)


def tasks_visible_to(user: User, *, workspace: Workspace) -> QuerySet[DepartmentTask]:
    """The tasks about cases that this person may see, the most urgent first."""
    return (
        DepartmentTask.objects.filter(
            seen_by(user, workspace=workspace, over="case"), workspace=workspace
        )
        .select_related("department", "case__author", "case__workspace", "asked_by", "answered_by")
        .order_by("answer_by", "pk")
    )


def departments_of(workspace: Workspace) -> QuerySet[Department]:
    """Those that can be asked, by name."""
    return Department.objects.filter(workspace=workspace, ended_at__isnull=True).order_by("name")


def suggested_minutes(decision: Decision | None) -> int | None:
    """The time that the playbook gives a department in this case; None where it asks for none."""
    tasks = decision.decision.get("tasks", ()) if decision else ()
    for task in tasks:
        if task["kind"] == "department":
            return int(task["within"] or 0) // 60 or None
    return None


def wants_department(decision: Decision | None) -> bool:
    """Whether the playbook asks for a department task."""
    tasks = decision.decision.get("tasks", ()) if decision else ()
    return any(task["kind"] == "department" for task in tasks)


def tell_of_task(
    task: DepartmentTask, *, people: list[User], what: str, now: datetime
) -> list[str]:
    """Note for people that a task wants them; returns the ids of those who may know of the case."""
    return tell_people(
        task.case,
        people=people,
        kind=NotificationKind.TASK,
        key=f"task:{task.pk}:{what}",
        facts={"department": task.department.name, "what": what, "by": task.answer_by.isoformat()},
        now=now,
    )


def _check(case: Case, *, department: Department, text: str, minutes: int) -> None:
    if not text or len(text) > MAX_CHARS:
        raise NotPossible(_("Say in a sentence or two what the department is to find out or do."))
    if not case.is_open:
        raise NotPossible(_("The case is closed: reopen it first."))
    if department.workspace_id != case.workspace_id or department.ended_at is not None:
        raise NotPossible(_("There is no such department any more."))
    if not 1 <= minutes <= MAX_MINUTES:
        raise NotPossible(_("Say how many hours of work it has: at most 720."))


def _settle(task: DepartmentTask, **values: object) -> None:
    waiting = DepartmentTask.objects.filter(pk=task.pk, state__in=TASKS_WAITING)
    if not waiting.update(next_step="", due_at=None, lease_token="", **values):
        raise NotPossible(_("This task was answered or taken back already."))
    task.refresh_from_db()


def _give_back(case: Case, *, actor: Actor, now: datetime) -> None:
    """After the last answer the case is with its people again, in the status from which they write."""
    is_waiting = DepartmentTask.objects.filter(case=case, state__in=TASKS_WAITING).exists()
    if not is_waiting and case.status == CaseStatus.IN_DEPARTMENT:
        move_case(case, to=CaseStatus.TRIAGED, actor=actor, now=now)
