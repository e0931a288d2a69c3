"""Whether a workspace has a second person at all; where it has none, a recorded pause takes their place."""

from __future__ import annotations

from amends.accounts.models import Workspace
from amends.accounts.permissions import approving_roles
from amends.accounts.queries import members_of
from amends.core.read_once import read_once


@read_once
def is_solo(workspace: Workspace, lane: str = "open") -> bool:
    """Whether fewer than two people here may approve what lies in a lane."""
    return members_of(workspace).filter(role__in=approving_roles(lane))[:2].count() < 2
