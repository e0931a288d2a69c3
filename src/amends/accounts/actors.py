"""Names a person for the log, which lies below accounts and knows no users."""

from __future__ import annotations

from amends.accounts.models import User
from amends.record.log import Actor


def actor_of(user: User) -> Actor:
    return Actor.person(id=str(user.pk), label=str(user))
