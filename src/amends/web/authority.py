"""Who may do what: the matrix of roles, what was granted to persons, who stands in for whom, and its use."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.authority import authorities_in_force, deputies_in_force
from amends.accounts.grant import (
    GrantRefused,
    appoint_deputy,
    end_authority,
    end_deputy,
    grant_authority,
)
from amends.accounts.models import Authority, Deputy
from amends.accounts.permissions import may_delegate
from amends.record.models import ActionLog
from amends.replies.queries import approval_times
from amends.web.authority_forms import DeputyForm, GrantForm
from amends.web.authority_matrix import describe, read_matrix
from amends.web.pages import DeskRequest, action, page
from amends.web.subjects import subject_address

USES_SHOWN = 30
LOOK_BACK = timedelta(days=30)


@page(may=may_delegate)
def authority(request: DeskRequest) -> HttpResponse:
    """The matrix at a glance, and what was laid down beside the defaults."""
    return _show(request)


@action(may=may_delegate)
def grant(request: DeskRequest) -> HttpResponse:
    """Grant something to a person, or lay down what a role may."""
    form = GrantForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _show(request, grant_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        grant_authority(
            request.workspace, grant=form.grant(), by=request.user, now=request.clock.now()
        )
    except GrantRefused as refused:
        form.add_error(None, str(refused))
        return _show(request, grant_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("It counts from now on."))
    return _back()


@action(may=may_delegate)
def end(request: DeskRequest) -> HttpResponse:
    """End a grant."""
    row = _row(Authority, request)
    if row is None:
        messages.error(request, _("This has ended already."))
        return _back()
    try:
        end_authority(row, by=request.user, now=request.clock.now())  # type: ignore[arg-type]
    except GrantRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It has ended; the record keeps it."))
    return _back()


@action(may=may_delegate)
def appoint(request: DeskRequest) -> HttpResponse:
    """Let somebody stand in for a person."""
    form = DeputyForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _show(request, deputy_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        appoint_deputy(
            request.workspace, standing=form.standing(), by=request.user, now=request.clock.now()
        )
    except GrantRefused as refused:
        form.add_error(None, str(refused))
        return _show(request, deputy_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("The deputy is appointed."))
    return _back()


@action(may=may_delegate)
def end_standing(request: DeskRequest) -> HttpResponse:
    """End the standing in of a deputy."""
    row = _row(Deputy, request)
    if row is None:
        messages.error(request, _("This has ended already."))
        return _back()
    try:
        end_deputy(row, by=request.user, now=request.clock.now())  # type: ignore[arg-type]
    except GrantRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It has ended; the record keeps it."))
    return _back()


def _show(
    request: DeskRequest,
    *,
    grant_form: Form | None = None,
    deputy_form: Form | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    workspace, now = request.workspace, request.clock.now()
    rows = list(authorities_in_force(workspace, now=now))
    context = {
        "matrix": read_matrix(rows),
        "grants": [(row, describe(row)) for row in rows if row.person_id],
        "deputies": _deputies(request, now=now),
        "grant_form": grant_form or GrantForm(workspace=workspace),
        "deputy_form": deputy_form or DeputyForm(workspace=workspace),
        "is_granting": grant_form is not None,
        "is_appointing": deputy_form is not None,
        "times": approval_times(request.user, workspace=workspace, since=now - LOOK_BACK),
        "uses": _uses(request),
        "now": now,
    }
    return render(request, "authority/authority.html", context, status=status)


def _deputies(request: DeskRequest, *, now: datetime) -> list[tuple[Deputy, bool]]:
    """Those in force and those to come, with whether they count already."""
    counting = set(deputies_in_force(request.workspace, now=now).values_list("pk", flat=True))
    rows = Deputy.objects.filter(
        workspace=request.workspace, ended_at__isnull=True, valid_until__gt=now
    ).select_related("person", "deputy", "appointed_by")
    return [(row, row.pk in counting) for row in rows.order_by("valid_from", "pk")]


def _uses(request: DeskRequest) -> list[tuple[ActionLog, str]]:
    """Leads and owners see every lane, so no case is named here that they may not know."""
    uses = ActionLog.objects.filter(workspace_id=request.workspace.pk, action="authority.use")
    return [
        (one, subject_address(one.subject_kind, one.subject_id))
        for one in uses.order_by("-id")[:USES_SHOWN]
    ]


def _row(model: type[Authority] | type[Deputy], request: DeskRequest) -> Authority | Deputy | None:
    raw = request.POST.get("row", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        return None
    rows = model._default_manager.filter(workspace=request.workspace, pk=int(raw))
    return rows.select_related("workspace").first()


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("authority"))
