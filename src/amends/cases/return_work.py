"""Returns a person's open cases to the queue when they leave, or may no longer work on them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from amends.accounts.actors import actor_of
from amends.accounts.change_role import change_role
from amends.accounts.models import Membership, User, Workspace
from amends.accounts.offboard import end_membership
from amends.accounts.permissions import may_draft, may_see_lane
from amends.cases.models import OPEN_STATUSES, Case
from amends.record.log import Subject, log_action


def offboard_member(membership: Membership, *, by: User, now: datetime) -> int:
    """End the membership and return the open work, all or nothing; says how many cases came back.

    Raises NotAllowed and LastOwner (accounts/offboard.py).
    """
    with transaction.atomic():
        end_membership(membership, by=by, now=now)
        return return_work(membership.user, workspace=membership.workspace, by=by, now=now)


def change_role_of_member(membership: Membership, *, to: str, by: User, now: datetime) -> int:
    """Change the role and return what the new one cannot work on; says how many cases came back."""
    with transaction.atomic():
        change_role(membership, to=to, by=by, now=now)
        return return_work(membership.user, workspace=membership.workspace, by=by, now=now)


def return_work(user: User, *, workspace: Workspace, by: User, now: datetime) -> int:
    """Take open cases from somebody who may not work on them any more; status and draft stay."""
    may_work = may_draft(user, workspace)
    returned = 0
    with transaction.atomic():
        assigned = Case.objects.filter(
            workspace=workspace, assignee=user, status__in=OPEN_STATUSES
        ).order_by("pk")
        for case in assigned:
            if may_work and may_see_lane(user, workspace, case.lane):
                continue
            Case.objects.filter(pk=case.pk, assignee=user).update(assignee=None, changed_at=now)
            log_action(
                "case.return",
                workspace_id=workspace.pk,
                actor=actor_of(by),
                subject=Subject("case", case.public_id, case.public_id),
                now=now,
                data={"from": str(user.pk), "name": str(user)},
            )
            returned += 1
    return returned
