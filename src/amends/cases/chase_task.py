"""Keeps after a department until it answers (S0.19): before the time, at its end, then the leads are told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from amends.accounts.models import User
from amends.cases.ask_department import CHASE_TASK, tell_of_task
from amends.cases.escalate import leads_of
from amends.cases.mail_department import queue_mail
from amends.cases.models import TASKS_WAITING, DepartmentTask, TaskState
from amends.cases.transitions import log_on_case
from amends.core.clock import Clock
from amends.record.log import CLOCK
from amends.work.claim import Claim, finish

SOON, LATE, ESCALATED = 1, 2, 3
ACTIONS = {SOON: "task.chase", LATE: "task.overdue", ESCALATED: "task.escalate"}


def chase_task(claim: Claim[DepartmentTask], *, clock: Clock) -> None:
    """Tell whom the stage concerns, once each, and sleep until the next stage."""
    now = clock.now()
    with transaction.atomic():
        task = DepartmentTask.objects.select_for_update(of=("self",)).get(pk=claim.row.pk)
        if task.state not in TASKS_WAITING or not task.case.is_open:
            finish(claim)
            return
        stage = _stage(task, now=now)
        if stage > task.chased:
            state = TaskState.OVERDUE if stage >= LATE else TaskState.OPEN
            DepartmentTask.objects.filter(pk=task.pk).update(chased=stage, state=state)
            task.chased = stage
            told = tell_of_task(
                task, people=_people(task, stage=stage), what=f"chased-{stage}", now=now
            )
            about = {"task": task.pk, "department": task.department.name, "told": told}
            queue_mail(task, now=now)
            log_on_case(task.case, ACTIONS[stage], actor=CLOCK, now=now, data=about)
        later = {SOON: task.answer_by, LATE: task.escalate_at}.get(stage)
        finish(claim, next_step=CHASE_TASK if later else "", due_at=later)


def _stage(task: DepartmentTask, *, now: datetime) -> int:
    if now >= task.escalate_at:
        return ESCALATED
    return LATE if now >= task.answer_by else SOON


def _people(task: DepartmentTask, *, stage: int) -> list[User]:
    people = list(task.department.members.all())
    if stage >= LATE:
        people += [task.case.assignee or task.asked_by]
    if stage >= ESCALATED:
        people += leads_of(task.case)
    return people
