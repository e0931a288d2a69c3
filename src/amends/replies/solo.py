"""Solo mode: where one person is alone, a recorded pause and a second look take the second person's place."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from amends.cases.transitions import NotPossible
from amends.replies.models import Reply


def solo_pause_until(reply: Reply) -> datetime:
    """The moment from which the only person may approve their own words."""
    return reply.changed_at + timedelta(minutes=reply.workspace.solo_pause_minutes)


def check_pause(reply: Reply, *, now: datetime) -> None:
    """Raises NotPossible while the pause of the only person lasts."""
    until = solo_pause_until(reply)
    if now < until:
        minutes = -((until - now) // timedelta(minutes=-1))
        raise NotPossible(
            _("You are alone here: read it once more in %(minutes)d min, then approve.")
            % {"minutes": abs(minutes)}
        )
