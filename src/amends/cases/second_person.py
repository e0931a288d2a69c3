"""Asks for another pair of eyes: somebody else, or one person alone after the pause of the workspace."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from amends.accounts.models import User, Workspace
from amends.accounts.second_person import is_solo
from amends.cases.transitions import NotPossible


def require_second_person(
    workspace: Workspace, *, first: Collection[int], since: datetime, by: User, now: datetime
) -> bool:
    """Raise NotPossible while `by` is among the `first` (their keys); True where they agree alone.

    One person alone may agree with themselves once the pause since `since` has passed.
    """
    if by.pk not in first:
        return False
    if not is_solo(workspace):
        raise NotPossible(_("You had a part in this: somebody else must agree."))
    until = second_look_at(workspace, since=since)
    if now < until:
        minutes = max(-((now - until) // timedelta(minutes=1)), 1)
        raise NotPossible(
            _("You are alone here: look at it once more in %(minutes)d min.") % {"minutes": minutes}
        )
    return True


def second_look_at(workspace: Workspace, *, since: datetime) -> datetime:
    """From when the only person of a workspace may agree with themselves."""
    return since + timedelta(minutes=workspace.solo_pause_minutes)
