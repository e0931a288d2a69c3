"""Ends a membership: sessions, tokens and open invitations end with it, at once.

What the person was working on returns to the queue by cases/return_work.py, which calls this.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.api_tokens import revoke_tokens_of
from amends.accounts.invite import open_invitations
from amends.accounts.models import Membership, Role, User, Workspace, new_sign_in_key
from amends.accounts.permissions import forget_roles, may_grant, refuse_unless
from amends.record.log import Subject, log_action


class LastOwner(Exception):
    """A workspace would be left without an owner; the message is for the person who tried."""


def end_membership(membership: Membership, *, by: User, now: datetime) -> None:
    """Off-board a member; without another workspace their account is closed as well.

    Raises NotAllowed, or LastOwner when nobody would be left to let others in. Ending twice is
    harmless.
    """
    with transaction.atomic():
        membership = lock_membership(membership)
        refuse_unless(
            may_grant(by, membership.workspace, membership.role), _("off-board this person")
        )
        if not membership.is_active:
            return
        if membership.role == Role.OWNER:
            refuse_last_owner(membership)
        Membership.objects.filter(pk=membership.pk).update(is_active=False, ended_at=now)
        forget_roles()
        withdrawn = _withdraw_invitations(membership, now=now)
        is_closed = _end_account_without_workspace(membership.user, now=now)
        end_sessions(membership.user)
        revoked = revoke_tokens_of(membership.user, workspace=membership.workspace, now=now)
        log_action(
            "person.offboard",
            workspace_id=membership.workspace_id,
            actor=actor_of(by),
            subject=Subject("person", membership.user.email, str(membership.user)),
            now=now,
            data={
                "role": membership.role,
                "account_closed": is_closed,
                "invitations_withdrawn": withdrawn,
                "tokens_revoked": revoked,
            },
        )


def end_sessions(user: User) -> None:
    """Sign the person out everywhere, at their next request."""
    user.sign_in_key = new_sign_in_key()
    User.objects.filter(pk=user.pk).update(sign_in_key=user.sign_in_key)


def lock_membership(membership: Membership) -> Membership:
    """The membership as it is now, the workspace locked: two owners cannot remove each other."""
    forget_roles()  # what was asked before the lock may no longer be true
    workspace = Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    fresh = Membership.objects.select_related("user").get(pk=membership.pk)
    fresh.workspace = workspace
    return fresh


def refuse_last_owner(membership: Membership) -> None:
    """Raise LastOwner unless another owner stays."""
    others = Membership.objects.filter(
        workspace=membership.workspace, role=Role.OWNER, is_active=True, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastOwner(
            _("%(name)s is the last owner: make somebody else an owner first.")
            % {"name": membership.user}
        )


def _withdraw_invitations(membership: Membership, *, now: datetime) -> int:
    """End what this person has sent out, and what waits for them: no way back in by an old link."""
    waiting = open_invitations(membership.workspace, now=now, with_expired=True)
    by_them = waiting.filter(invited_by=membership.user).update(withdrawn_at=now)
    to_them = waiting.filter(email=membership.user.email).update(withdrawn_at=now)
    return by_them + to_them


def _end_account_without_workspace(user: User, *, now: datetime) -> bool:
    if Membership.objects.filter(user=user, is_active=True).exists():
        return False
    User.objects.filter(pk=user.pk).update(is_active=False, deactivated_at=now)
    user.is_active = False
    return True
