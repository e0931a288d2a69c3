"""The people of a workspace: who is in, with which role, who is invited, and who has to leave."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amends.accounts.invite import (
    InvitationRefused,
    Invitee,
    invite,
    open_invitations,
    withdraw,
)
from amends.accounts.models import Invitation, Membership, Role
from amends.accounts.offboard import LastOwner
from amends.accounts.permissions import may_grant, may_manage_people
from amends.accounts.queries import former_members_of, members_of
from amends.accounts.send_invitation import send_invitation
from amends.cases.models import OPEN_STATUSES, Case
from amends.cases.return_work import change_role_of_member, offboard_member
from amends.web.pages import DeskRequest, action, page

FRESH_LINK = "fresh_invitation"  # in the session until it has been shown, once


class InviteForm(forms.Form):
    """Whom to invite, and as what; the roles are those that the inviter may give."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), initial=Role.AGENT)

    def __init__(self, *args: object, roles: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


@page(may=may_manage_people)
def people(request: DeskRequest) -> HttpResponse:
    """Members, invitations, and those who left."""
    fresh = request.session.pop(FRESH_LINK, None)
    return _show(request, form=InviteForm(roles=_roles(request)), fresh=fresh)


@action(may=may_manage_people)
def invite_person(request: DeskRequest) -> HttpResponse:
    """Invite by mail; the link is shown once as well, since not every desk has a mail server."""
    form = InviteForm(request.POST, roles=_roles(request))
    if not form.is_valid():
        return _show(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    now = request.clock.now()
    try:
        invitation, token = invite(
            request.workspace, invitee=Invitee(**form.cleaned_data), by=request.user, now=now
        )
    except InvitationRefused as refused:
        form.add_error("email", str(refused))
        return _show(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    link = settings.BASE_URL + reverse("join", args=[token])
    is_taken = send_invitation(invitation, link=link)
    request.session[FRESH_LINK] = {
        "email": invitation.email,
        "link": link,
        "is_mailed": is_taken and bool(settings.EMAIL_HOST),
        "has_mail": bool(settings.EMAIL_HOST),
    }
    return HttpResponseRedirect(reverse("people"))


@action(may=may_manage_people)
def withdraw_invitation(request: DeskRequest, pk: int) -> HttpResponse:
    """End an invitation."""
    invitation = get_object_or_404(Invitation, pk=pk, workspace=request.workspace)
    try:
        withdraw(invitation, by=request.user, now=request.clock.now())
        messages.success(request, _("The invitation was withdrawn; its link is void."))
    except InvitationRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(reverse("people"))


@action(may=may_manage_people)
def change_role(request: DeskRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    membership = _membership(request, pk)
    role = request.POST.get("role", "")
    if role not in Role.values:
        messages.error(request, _("Choose a role from the list."))
        return HttpResponseRedirect(reverse("people"))
    try:
        returned = change_role_of_member(
            membership, to=role, by=request.user, now=request.clock.now()
        )
    except LastOwner as refused:
        messages.error(request, str(refused))
    else:
        said = _("%(name)s now has the role “%(role)s”.") % {
            "name": membership.user,
            "role": Role(role).label,
        }
        messages.success(request, f"{said} {_returned(returned)}".strip())
    return HttpResponseRedirect(reverse("people"))


@page(may=may_manage_people, to_post=may_manage_people)
def offboard(request: DeskRequest, pk: int) -> HttpResponse:
    """Say what will happen; a POST does it."""
    membership = _membership(request, pk)
    if request.method != "POST":
        open_cases = Case.objects.filter(
            workspace=request.workspace, assignee=membership.user, status__in=OPEN_STATUSES
        ).count()
        may = may_grant(request.user, request.workspace, membership.role)
        shown = {"membership": membership, "open_cases": open_cases, "may": may}
        return render(request, "people/offboard.html", shown)
    try:
        returned = offboard_member(membership, by=request.user, now=request.clock.now())
    except LastOwner as refused:
        messages.error(request, str(refused))
    else:
        said = _("%(name)s was off-boarded and is signed out everywhere.") % {
            "name": membership.user
        }
        messages.success(request, f"{said} {_returned(returned)}".strip())
        if membership.user_id == request.user.pk:
            return HttpResponseRedirect(reverse("account_login"))
    return HttpResponseRedirect(reverse("people"))


def _show(
    request: DeskRequest,
    *,
    form: InviteForm,
    fresh: dict[str, object] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    workspace, now = request.workspace, request.clock.now()
    grantable = {code for code, _label in _roles(request)}
    shown = {
        "members": members_of(workspace),
        "invitations": open_invitations(workspace, now=now).select_related("invited_by"),
        "former": former_members_of(workspace)[:50],
        "roles": _roles(request),
        "grantable": grantable,
        "form": form,
        "fresh": fresh,
        "now": now,
    }
    return render(request, "people/people.html", shown, status=status)


def _roles(request: DeskRequest) -> list[tuple[str, str]]:
    return [
        (code, str(label))
        for code, label in Role.choices
        if may_grant(request.user, request.workspace, code)
    ]


def _membership(request: DeskRequest, pk: int) -> Membership:
    members = Membership.objects.select_related("user", "workspace")
    return get_object_or_404(members, pk=pk, workspace=request.workspace, is_active=True)


def _returned(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)d open case returned to the queue.",
        "%(count)d open cases returned to the queue.",
        count,
    ) % {"count": count}
