"""Departments: which there are and what they are asked, and asking them on the page of a case."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_ask_department, may_edit_departments, may_read
from amends.accounts.queries import members_of
from amends.cases.ask_department import (
    answer_task,
    ask_department,
    departments_of,
    tasks_visible_to,
    withdraw_task,
)
from amends.cases.change_departments import (
    DepartmentForm,
    add_department,
    change_department,
    end_department,
)
from amends.cases.models import OPEN_STATUSES, TASKS_WAITING, Case, Department, DepartmentTask
from amends.cases.transitions import NotPossible
from amends.web.cases import act, find_case, now_of, user_of
from amends.web.pages import DeskRequest, action, page

SHOWN_TASKS = 100


class DepartmentFields(forms.Form):
    """A department as a lead describes it."""

    name = forms.CharField(label=gettext_lazy("Name of the department"), max_length=120)
    hours = forms.DecimalField(
        label=gettext_lazy("Hours of work it has to answer"),
        help_text=gettext_lazy("Counted in the business hours of the brand. 0.5 is half an hour."),
        min_value=0.1,
        max_value=720,
        decimal_places=2,
        initial=2,
    )
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members"),
        help_text=gettext_lazy("They are told, and may answer, as far as they may see the case."),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy(
            "Questions go there too, with a link by which the department answers without an account. "
            "The mail names no customer."
        ),
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of these mails"),
        choices=[("", gettext_lazy("that of the brand")), *settings.LANGUAGES],
        required=False,
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [member.user_id for member in members_of(workspace)]
        members: Any = self.fields["members"]
        members.queryset = User.objects.filter(pk__in=people).order_by("name", "email")

    def as_form(self) -> DepartmentForm:
        said = self.cleaned_data
        return DepartmentForm(
            name=said["name"],
            within_minutes=int(said["hours"] * 60),
            email=said["email"],
            members=list(said["members"]),
            language=said["language"],
        )


@page(may=may_read)
def departments(request: DeskRequest) -> HttpResponse:
    """The departments, and the tasks that wait for them."""
    return _show(request, form=DepartmentFields(workspace=request.workspace))


@action(may=may_edit_departments)
def add(request: DeskRequest) -> HttpResponse:
    """Add a department."""
    form = DepartmentFields(request.POST, workspace=request.workspace)
    if form.is_valid():
        try:
            now = request.clock.now()
            made = add_department(request.workspace, form=form.as_form(), by=request.user, now=now)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s can be asked now.") % {"name": made})
            return HttpResponseRedirect(reverse("departments"))
    return _show(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@page(may=may_edit_departments, to_post=may_edit_departments)
def department(request: DeskRequest, pk: int) -> HttpResponse:
    """Change one department."""
    found = _department(request, pk)
    initial = {
        "name": found.name,
        "hours": f"{found.within_minutes / 60:g}",
        "email": found.email,
        "language": found.language,
        "members": found.members.all(),
    }
    form = DepartmentFields(request.POST or None, workspace=request.workspace, initial=initial)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                now = request.clock.now()
                change_department(found, form=form.as_form(), by=request.user, now=now)
            except NotPossible as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(reverse("departments"))
    shown = {"department": found, "form": form}
    return render(request, "departments/department.html", shown, status=status)


@action(may=may_edit_departments)
def end(request: DeskRequest, pk: int) -> HttpResponse:
    """Close a department."""
    found = _department(request, pk)
    try:
        end_department(found, by=request.user, now=request.clock.now())
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s is not asked any more.") % {"name": found})
    return HttpResponseRedirect(reverse("departments"))


@action(may=may_ask_department)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Give a department a task about a case."""
    found = find_case(request, number)

    def give() -> str:
        task = ask_department(
            found,
            department=_asked(request, found),
            text=request.POST.get("text", ""),
            within_minutes=_minutes(request.POST.get("hours", "")),
            by=user_of(request),
            now=now_of(request),
        )
        return _("%(name)s was asked.") % {"name": task.department}

    return act(request, found, do=give, place="department")


@action(may=may_read)
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Note what a department says; the verb knows who may."""
    found = find_case(request, number)

    def note() -> str:
        text = request.POST.get("answer", "")
        answer_task(_task(request, found), answer=text, by=user_of(request), now=now_of(request))
        return _("The answer is noted.")

    return act(request, found, do=note, place="department")


@action(may=may_ask_department)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a task back."""
    found = find_case(request, number)

    def take_back() -> str:
        withdraw_task(_task(request, found), by=user_of(request), now=now_of(request))
        return _("The task was taken back.")

    return act(request, found, do=take_back, place="department")


def _show(
    request: DeskRequest, *, form: DepartmentFields, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    tasks = tasks_visible_to(request.user, workspace=request.workspace).filter(
        state__in=TASKS_WAITING, case__status__in=OPEN_STATUSES
    )
    shown = {
        "departments": departments_of(request.workspace).prefetch_related("members"),
        "tasks": tasks[:SHOWN_TASKS],
        "may_edit": may_edit_departments(request.user, request.workspace),
        "form": form,
        "now": request.clock.now(),
    }
    return render(request, "departments/departments.html", shown, status=status)


def _department(request: DeskRequest, pk: int) -> Department:
    found = departments_of(request.workspace).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such department."))
    return found


def _asked(request: HttpRequest, found: Case) -> Department:
    wanted = request.POST.get("department", "")
    rows = departments_of(found.workspace)
    row = rows.filter(pk=int(wanted)).first() if _is_key(wanted) else None
    if row is None:
        raise NotPossible(_("Choose the department that is asked."))
    return row


def _task(request: HttpRequest, found: Case) -> DepartmentTask:
    wanted = request.POST.get("task", "")
    rows = DepartmentTask.objects.filter(case=found).select_related("department", "asked_by")
    row = rows.filter(pk=int(wanted)).first() if _is_key(wanted) else None
    if row is None:
        raise NotPossible(_("There is no such task on this case."))
    row.case = found
    return row


def _minutes(typed: str) -> int | None:
    """Hours as a person types them, with point or comma; empty: what the department has by default."""
    if not typed.strip():
        return None
    try:
        return round(float(typed.strip().replace(",", ".")) * 60)
    except (ValueError, OverflowError):
        return 0  # the verb says what is wrong


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19
