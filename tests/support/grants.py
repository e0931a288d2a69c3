"""Grants for tests of channels. Python keeps no secret from code that digs in closures: only tests dig."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from amends.connectors.kit.grant import GrantFor, MeasureGrant
from amends.connectors.kit.manifest import Action
from amends.measures import act


def mint_for_a_test(action: Action, *, now: datetime, **values: Any) -> MeasureGrant:
    """A grant as the guard would issue it."""
    (cell,) = act.grant_for.__closure__ or ()
    fields: dict[str, Any] = {
        "action": action,
        "account_external_id": "us",
        "external_id": "c-1",
        "version_key": "v1",
        "thread_external_id": "root",
        "author_external_id": "a-1",
        "ground": "hate",
        "until": None,
        "key": "k" * 32,
        "expires_at": now + timedelta(minutes=2),
    }
    grant: MeasureGrant = cell.cell_contents(GrantFor(**{**fields, **values}))
    return grant
