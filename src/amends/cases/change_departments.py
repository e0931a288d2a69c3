"""Says which departments there are, who is in them, and how long they have by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_edit_departments, may_read, refuse_unless
from amends.cases.models import TASKS_WAITING, Department
from amends.cases.transitions import NotPossible
from amends.record.log import Subject, log_action

MAX_MINUTES = 60 * 24 * 30


@dataclass(frozen=True, slots=True)
class DepartmentForm:
    """What a person says of a department; `within_minutes` is working time."""

    name: str
    within_minutes: int
    email: str = ""
    members: Sequence[User] = ()
    language: str = ""


def add_department(
    workspace: Workspace, *, form: DepartmentForm, by: User, now: datetime
) -> Department:
    """Raises NotAllowed, and NotPossible for a name that is taken or a time that is none."""
    refuse_unless(may_edit_departments(by, workspace), _("change departments"))
    _check(workspace, form)
    try:
        with transaction.atomic():
            department = Department.objects.create(
                workspace=workspace,
                name=form.name.strip(),
                email=form.email,
                language=form.language,
                within_minutes=form.within_minutes,
                created_at=now,
            )
            department.members.set(form.members)
            _log(department, "department.add", form=form, by=by, now=now)
    except IntegrityError as error:
        raise NotPossible(_("There is a department of this name already.")) from error
    return department


def change_department(
    department: Department, *, form: DepartmentForm, by: User, now: datetime
) -> None:
    """Tasks that run keep their time. Raises as `add_department`."""
    refuse_unless(may_edit_departments(by, department.workspace), _("change departments"))
    _check(department.workspace, form)
    try:
        with transaction.atomic():
            changed = Department.objects.filter(pk=department.pk, ended_at__isnull=True).update(
                name=form.name.strip(),
                email=form.email,
                language=form.language,
                within_minutes=form.within_minutes,
            )
            if not changed:
                raise NotPossible(_("This department was closed in the meantime."))
            department.members.set(form.members)
            department.refresh_from_db()
            _log(department, "department.change", form=form, by=by, now=now)
    except IntegrityError as error:
        raise NotPossible(_("There is a department of this name already.")) from error


def end_department(department: Department, *, by: User, now: datetime) -> None:
    """Nobody asks it any more; raises NotPossible while a task of it waits for an answer."""
    refuse_unless(may_edit_departments(by, department.workspace), _("change departments"))
    with transaction.atomic():
        Department.objects.select_for_update().get(pk=department.pk)
        if department.tasks.filter(state__in=TASKS_WAITING).exists():
            raise NotPossible(_("A task of this department still waits for its answer."))
        Department.objects.filter(pk=department.pk, ended_at__isnull=True).update(ended_at=now)
        _log(department, "department.end", form=None, by=by, now=now)


def _check(workspace: Workspace, form: DepartmentForm) -> None:
    if not form.name.strip():
        raise NotPossible(_("Give the department a name."))
    if not 1 <= form.within_minutes <= MAX_MINUTES:
        raise NotPossible(_("Say how many hours of work it has: at most 720."))
    for person in form.members:
        if not may_read(person, workspace):
            raise NotPossible(_("%(name)s is not a member of this workspace.") % {"name": person})


def _log(
    department: Department, action: str, *, form: DepartmentForm | None, by: User, now: datetime
) -> None:
    about: dict[str, object] = {}
    if form is not None:
        people = [str(one.pk) for one in form.members]
        about = {"members": people, "within_minutes": form.within_minutes}
    log_action(
        action,
        workspace_id=department.workspace_id,
        actor=actor_of(by),
        subject=Subject("department", str(department.pk), department.name),
        now=now,
        data=about,
    )
