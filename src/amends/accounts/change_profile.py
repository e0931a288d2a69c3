"""Changes how a person appears and how the desk looks to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from amends.accounts.models import User
from amends.accounts.note_event import note_event


@dataclass(frozen=True, slots=True)
class Profile:
    """What people say of themselves; the values have been validated."""

    name: str
    language: str
    time_zone: str
    theme: str
    has_shortcuts: bool


def change_profile(user: User, *, to: Profile, now: datetime) -> None:
    """Store it; a new name is logged, since other entries name the person by it."""
    is_renamed = user.name != to.name
    user.name, user.language, user.time_zone = to.name, to.language, to.time_zone
    user.theme, user.has_shortcuts = to.theme, to.has_shortcuts
    with transaction.atomic():
        user.save(update_fields=["name", "language", "time_zone", "theme", "has_shortcuts"])
        if is_renamed:
            note_event("person.rename", user=user, now=now)
