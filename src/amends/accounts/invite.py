"""Invites colleagues, withdraws invitations, and lets the invited in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import models, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Invitation, Membership, Role, User, Workspace
from amends.accounts.permissions import forget_roles, may_grant, refuse_unless
from amends.accounts.tokens import hash_token, new_token
from amends.record.log import Actor, Subject, log_action

LIFETIME = timedelta(days=7)


class InvitationRefused(Exception):
    """The invitation cannot be made or used; the message is for the person who tried."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who shall come, and as what."""

    email: str
    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody without an account says of themselves; the password has been validated."""

    name: str
    password: str
    language: str = "en"
    time_zone: str = "UTC"


def invite(
    workspace: Workspace, *, invitee: Invitee, by: User, now: datetime
) -> tuple[Invitation, str]:
    """Make an invitation, valid for seven days, and its token, which is told only here.

    An earlier invitation to the same address ends. Raises InvitationRefused for a member.
    """
    refuse_unless(may_grant(by, workspace, invitee.role), _("invite people to this role"))
    email = User.objects.normalize_email(invitee.email).lower()
    token = new_token()
    with transaction.atomic():
        if Membership.objects.filter(
            workspace=workspace, user__email=email, is_active=True
        ).exists():
            raise InvitationRefused(_("%(email)s is a member already.") % {"email": email})
        open_invitations(workspace, now=now, with_expired=True).filter(email=email).update(
            withdrawn_at=now
        )
        invitation = Invitation.objects.create(
            workspace=workspace,
            email=email,
            name=invitee.name.strip(),
            role=Role(invitee.role),
            token_hash=hash_token(token),
            invited_by=by,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        _log("person.invite", invitation, actor=actor_of(by), now=now)
    return invitation, token


def withdraw(invitation: Invitation, *, by: User, now: datetime) -> None:
    """End an invitation before it is used; raises InvitationRefused when it was used meanwhile."""
    refuse_unless(may_grant(by, invitation.workspace, invitation.role), _("withdraw invitations"))
    with transaction.atomic():
        changed = Invitation.objects.filter(
            pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True
        ).update(withdrawn_at=now)
        if not changed:
            raise InvitationRefused(_("This invitation was used or withdrawn in the meantime."))
        _log("person.withdraw_invitation", invitation, actor=actor_of(by), now=now)


def open_invitations(
    workspace: Workspace, *, now: datetime, with_expired: bool = False
) -> models.QuerySet[Invitation]:
    """Invitations that nobody has used or withdrawn."""
    waiting = Invitation.objects.filter(
        workspace=workspace, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    return waiting if with_expired else waiting.filter(expires_at__gt=now)


def invitation_of(token: str, *, now: datetime) -> Invitation | None:
    """The open invitation with this token, or None for a wrong, used, withdrawn or old one."""
    return (
        Invitation.objects.filter(
            token_hash=hash_token(token),
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=now,
        )
        .select_related("workspace", "invited_by")
        .first()
    )


def account_of(invitation: Invitation) -> User | None:
    """The person who must accept it signed in; None when the invited choose name and password now.

    Somebody whose account was closed begins anew: the account holds no rights any more.
    """
    return User.objects.filter(email=invitation.email, is_active=True).first()


def join_as_newcomer(token: str, *, newcomer: Newcomer, now: datetime) -> User:
    """Make the account (or open a closed one again) and the membership; uses the invitation up."""
    with transaction.atomic():
        invitation = _use_up(token, now=now)
        user = User.objects.select_for_update().filter(email=invitation.email).first()
        if user is None:
            user = User(email=invitation.email, date_joined=now)
        elif user.is_active:
            raise InvitationRefused(_("You have an account: sign in, then open the link again."))
        user.name, user.language = newcomer.name, newcomer.language
        user.time_zone, user.is_active, user.deactivated_at = newcomer.time_zone, True, None
        user.set_password(newcomer.password)
        user.save()
        Authenticator.objects.filter(user=user).delete()  # a second factor of the closed account
        _become_member(invitation, user=user, now=now)
    return user


def join_signed_in(token: str, *, user: User, now: datetime) -> None:
    """Make the signed-in person a member; raises InvitationRefused for anybody but the invited."""
    with transaction.atomic():
        invitation = _use_up(token, now=now)
        if invitation.email != user.email:
            raise InvitationRefused(
                _("This invitation is for %(email)s, and you are signed in as %(other)s.")
                % {"email": invitation.email, "other": user.email}
            )
        _become_member(invitation, user=user, now=now)


def _use_up(token: str, *, now: datetime) -> Invitation:
    invitation = invitation_of(token, now=now)
    used = invitation is not None and Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).update(accepted_at=now)
    if invitation is None or not used:
        raise InvitationRefused(
            _("This invitation has been used, withdrawn, or is too old. Ask for a new one.")
        )
    return invitation


def _become_member(invitation: Invitation, *, user: User, now: datetime) -> None:
    membership, is_new = Membership.objects.get_or_create(
        workspace=invitation.workspace,
        user=user,
        defaults={"role": invitation.role, "created_at": now},
    )
    if not is_new:
        if membership.is_active:
            raise InvitationRefused(_("You are a member already."))
        membership.role, membership.is_active, membership.ended_at = invitation.role, True, None
        membership.save()
    forget_roles()
    _log("person.join", invitation, actor=actor_of(user), now=now)


def _log(action: str, invitation: Invitation, *, actor: Actor, now: datetime) -> None:
    log_action(
        action,
        workspace_id=invitation.workspace_id,
        actor=actor,
        subject=Subject("person", invitation.email, invitation.name or invitation.email),
        now=now,
        data={"role": str(invitation.role)},
    )
