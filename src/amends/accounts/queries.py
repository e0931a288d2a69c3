"""Reads people, their places, and who may be asked."""

from __future__ import annotations

from django.db import models

from amends.accounts.models import Membership, Role, User, Workspace

_WORKING_ROLES = (Role.OWNER, Role.LEAD, Role.AGENT)


def members_of(workspace: Workspace) -> models.QuerySet[Membership]:
    """Active members with their persons, by name."""
    return (
        Membership.objects.filter(workspace=workspace, is_active=True, user__is_active=True)
        .select_related("user", "workspace")
        .order_by("user__name", "user__email")
    )


def former_members_of(workspace: Workspace) -> models.QuerySet[Membership]:
    """Those who were off-boarded, the latest first."""
    return (
        Membership.objects.filter(workspace=workspace, is_active=False)
        .select_related("user")
        .order_by("-ended_at", "-pk")
    )


def memberships_of(user: User) -> models.QuerySet[Membership]:
    """Where the person is an active member, by the name of the workspace."""
    return (
        Membership.objects.filter(user=user, is_active=True, user__is_active=True)
        .select_related("workspace")
        .order_by("workspace__name", "pk")
    )


def people_who_may_work(workspace: Workspace) -> models.QuerySet[User]:
    """To whom a case of the open lane can be given, by name."""
    return User.objects.filter(
        is_active=True,
        memberships__workspace=workspace,
        memberships__is_active=True,
        memberships__role__in=_WORKING_ROLES,
    ).order_by("name", "email")
