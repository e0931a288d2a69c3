"""What the page of a case shows of departments, and of waiting for the customer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from amends.accounts.models import User
from amends.accounts.permissions import may_ask_department, may_draft
from amends.cases.ask_department import (
    departments_of,
    may_answer,
    suggested_minutes,
    wants_department,
)
from amends.cases.decide import latest_decision
from amends.cases.models import (
    TASKS_WAITING,
    Case,
    CaseStatus,
    CustomerWait,
    Department,
    TaskMail,
)
from amends.cases.models import DepartmentTask as Task
from amends.cases.transitions import may_move
from amends.cases.wait import open_wait


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task of a department, and whether this person may answer it."""

    task: Task
    may_answer: bool
    mail: TaskMail | None = None  # the latest to its address

    @property
    def is_waiting(self) -> bool:
        return self.task.state in TASKS_WAITING


@dataclass(frozen=True, slots=True)
class DepartmentPart:
    """The departments that can be asked, what was asked, and what the playbook suggests."""

    tasks: tuple[TaskView, ...]
    departments: tuple[Department, ...]
    may_ask: bool
    is_suggested: bool
    hours: str

    @property
    def is_shown(self) -> bool:
        return bool(self.tasks) or (self.may_ask and bool(self.departments or self.is_suggested))


@dataclass(frozen=True, slots=True)
class WaitPart:
    """Whether the case waits for the customer, and what this person may do about it."""

    wait: CustomerWait | None
    is_waiting: bool
    is_paused: bool
    may_begin: bool
    may_take_up: bool


def read_departments(case: Case, *, user: User) -> DepartmentPart:
    """The tasks of the case, those that wait before the others."""
    rows = case.tasks.select_related("department", "asked_by", "answered_by", "case__workspace")
    rows = rows.prefetch_related(Prefetch("mails", TaskMail.objects.order_by("-stage")))
    tasks = sorted(rows.order_by("answer_by", "pk"), key=lambda one: one.state not in TASKS_WAITING)
    decision = latest_decision(case)
    may_ask = case.is_open and may_ask_department(user, case.workspace)
    minutes = suggested_minutes(decision)
    return DepartmentPart(
        tasks=tuple(
            TaskView(
                one,
                may_answer=one.state in TASKS_WAITING and may_answer(user, one),
                mail=next(iter(one.mails.all()), None),
            )
            for one in tasks
        ),
        departments=tuple(departments_of(case.workspace)) if may_ask else (),
        may_ask=may_ask,
        is_suggested=wants_department(decision) and not tasks,
        hours=f"{minutes / 60:g}" if minutes else "",
    )


def read_wait(case: Case, *, user: User) -> WaitPart:
    """The wait for the customer, if the case waits."""
    is_waiting = case.status == CaseStatus.WAITING_FOR_CUSTOMER
    may_write = may_draft(user, case.workspace)
    return WaitPart(
        wait=open_wait(case) if is_waiting else None,
        is_waiting=is_waiting,
        is_paused=is_waiting and case.clocks.filter(paused_at__isnull=False).exists(),
        may_begin=may_write and may_move(case, to=CaseStatus.WAITING_FOR_CUSTOMER),
        may_take_up=may_write and is_waiting,
    )
