"""Writes what people do with their own account into the log of every workspace they belong to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.queries import memberships_of
from amends.record.log import Subject, log_action


def note_event(action: str, *, user: User, now: datetime) -> None:
    """Log, for example, `person.sign_in` or `person.change_password`; never with a secret."""
    with transaction.atomic():
        for membership in memberships_of(user):
            log_action(
                action,
                workspace_id=membership.workspace_id,
                actor=actor_of(user),
                subject=Subject("person", user.email, str(user)),
                now=now,
            )
