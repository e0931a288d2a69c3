"""Whether a workspace has a second person at all; where it has none, a recorded pause takes their place."""

from __future__ import annotations

from amends.accounts.models import Membership, Workspace
from amends.accounts.permissions import may_approve


def is_solo(workspace: Workspace) -> bool:
    """Whether fewer than two people here may approve."""
    members = Membership.objects.filter(
        workspace=workspace, is_active=True, user__is_active=True
    ).select_related("user", "workspace")
    return sum(may_approve(member.user, workspace) for member in members) < 2
