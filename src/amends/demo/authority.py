"""What the shop of the demonstration has laid down about authority, and what its team has read by now."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from amends.accounts.grant import Grant, Standing, appoint_deputy, grant_authority
from amends.accounts.models import Act, Notification, Role, User, Workspace
from amends.accounts.permissions import role_of
from amends.core.money import Money

READ_AFTER = timedelta(hours=12)


def settle_authority(workspace: Workspace, *, team: dict[str, User], now: datetime) -> None:
    """An agent gives more until the end of the sale, and an agent stands in for a lead who travels."""
    people = {
        role: [one for one in team.values() if role_of(one, workspace) == role] for role in Role
    }
    owners, leads, agents = people[Role.OWNER], people[Role.LEAD], people[Role.AGENT]
    if owners and agents:
        grant = Grant(
            act=Act.COMPENSATE,
            person=agents[0],
            money=Money(Decimal(150), "EUR"),
            valid_until=now + timedelta(days=21),
            reason="Spring sale: late parcels are put right at once.",
        )
        grant_authority(workspace, grant=grant, by=owners[0], now=now)
    if owners and leads and agents:
        standing = Standing(
            person=leads[0],
            deputy=agents[-1],
            valid_until=now + timedelta(days=5),
            reason="Trade fair, hard to reach.",
        )
        appoint_deputy(workspace, standing=standing, by=owners[0], now=now)
    seen = Notification.objects.filter(workspace=workspace, created_at__lt=now - READ_AFTER)
    seen.update(read_at=now)
