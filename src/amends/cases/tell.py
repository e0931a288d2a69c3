"""Tells a person about a case, if they may know of it at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amends.accounts.models import NotificationKind, User
from amends.accounts.notify import notify
from amends.accounts.permissions import may_read, may_see_lane
from amends.cases.models import Case
from amends.record.log import Subject


def tell(
    person: User,
    *,
    case: Case,
    kind: NotificationKind,
    now: datetime,
    key: str,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Note it for the person, in the caller's transaction; for who may not see the case do nothing."""
    workspace = case.workspace
    if may_read(person, workspace) and may_see_lane(person, workspace, case.lane):
        about = Subject("case", case.public_id, case.public_id)
        notify(
            person, workspace=workspace, kind=kind, about=about, now=now, key=key, facts=facts
        )
