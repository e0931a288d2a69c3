"""Who looks at a case and who types a reply to it, as far as anybody may know of the case.

Kept in a table, so that several web processes agree. A page says every few seconds that it is still there;
when it stops, the rows say nothing any more by themselves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from amends.accounts.models import User, Workspace
from amends.cases.models import Case, Presence
from amends.cases.queries import seen_by

LOOKS_FOR = timedelta(
    seconds=12
)  # a page asks every two seconds; a lost request or two does no harm
TYPES_FOR = timedelta(seconds=8)
FRESH = timedelta(seconds=7)  # what is left of a row while it need not be written again


def note_presence(case: Case, *, person: User, is_typing: bool, now: datetime) -> None:
    """Say that the person is at the case; the caller has made sure that they may see it.

    One upsert, and none while the row says it already: fifty open pages must not keep a database busy.
    """
    typing_until = now + TYPES_FOR if is_typing else None
    known = Presence.objects.filter(case=case, person=person, looking_until__gte=now + FRESH)
    known = known.filter(
        **{"typing_until__gte": now + TYPES_FOR / 2} if is_typing else {"typing_until": None}
    )
    if known.exists():
        return
    row = Presence(
        case=case, person=person, looking_until=now + LOOKS_FOR, typing_until=typing_until
    )
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["case", "person"],
        update_fields=["looking_until", "typing_until"],
    )


def leave_case(case: Case, *, person: User) -> None:
    """The page was closed: nobody need wait until the row says nothing by itself."""
    Presence.objects.filter(case=case, person=person).delete()


def presences_visible_to(user: User, *, workspace: Workspace, now: datetime) -> QuerySet[Presence]:
    """Who else is at which case, of the cases that this person may know of."""
    return (
        Presence.objects.filter(
            seen_by(user, workspace=workspace, over="case"),
            looking_until__gt=now,
            person__is_active=True,
        )
        .exclude(person=user)
        .select_related("person", "case")
        .order_by("case__number", "person__name", "person__pk")
    )


def forget_presence(now: datetime) -> int:
    """Delete the rows that say nothing any more; a job of the clock."""
    gone, _kinds = Presence.objects.filter(looking_until__lte=now).delete()
    return gone
