"""Gives a member another role."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Membership, Role, User
from amends.accounts.offboard import lock_membership, refuse_last_owner
from amends.accounts.permissions import forget_roles, may_grant, refuse_unless
from amends.record.log import Subject, log_action


def change_role(membership: Membership, *, to: str, by: User, now: datetime) -> None:
    """Change the role; raises NotAllowed, or LastOwner when no owner would be left.

    It counts from the next request on. Work that the new role cannot do returns to the queue by
    cases/return_work.py, in the same transaction.
    """
    role = Role(to)
    with transaction.atomic():
        membership = lock_membership(membership)
        before = Role(membership.role)
        refuse_unless(
            may_grant(by, membership.workspace, before) and may_grant(by, membership.workspace, to),
            _("give or take this role"),
        )
        if before == role or not membership.is_active:
            return
        if before == Role.OWNER:
            refuse_last_owner(membership)
        Membership.objects.filter(pk=membership.pk).update(role=role)
        forget_roles()
        log_action(
            "person.change_role",
            workspace_id=membership.workspace_id,
            actor=actor_of(by),
            subject=Subject("person", membership.user.email, str(membership.user)),
            now=now,
            data={"from": before.value, "to": role.value},
        )
