"""Tells people that a clock runs out: who has the case, and when it has run out the leads as well."""

from __future__ import annotations

from datetime import datetime

from amends.accounts.models import NotificationKind, Role, User
from amends.accounts.queries import members_of
from amends.cases.models import Case, CaseClock
from amends.cases.tell import tell

LEADS_FROM = 80  # per cent, while nobody has the case
BREACH = 100


def escalate(case: Case, *, row: CaseClock, level: int, now: datetime) -> list[str]:
    """Note it for the people concerned, in the caller's transaction; returns their ids.

    Only those who may see the case: of a restricted lane nobody else learns that it exists.
    """
    people = [case.assignee] if case.assignee else []
    if level >= BREACH or (not people and level >= LEADS_FROM):
        people += leads_of(case)
    kind = NotificationKind.BREACH if level >= BREACH else NotificationKind.WARNING
    return tell_people(
        case,
        people=people,
        kind=kind,
        key=f"{kind}:{case.pk}:{row.kind}:{level}:{row.due_at.isoformat()}",
        facts={"clock": row.kind, "percent": level, "due": row.due_at.isoformat()},
        now=now,
    )


def leads_of(case: Case) -> list[User]:
    """The leads of the workspace, else its owners."""
    members = list(members_of(case.workspace))
    for role in (Role.LEAD, Role.OWNER):
        found = [one.user for one in members if one.role == role]
        if found:
            return found
    return []


def tell_people(
    case: Case,
    *,
    people: list[User],
    kind: NotificationKind,
    key: str,
    facts: dict[str, object],
    now: datetime,
) -> list[str]:
    """Note it for each of them once, if they may see the case; returns the ids of those who were told."""
    return [
        str(person.pk)
        for person in dict.fromkeys(people)
        if tell(person, case=case, kind=kind, now=now, key=key, facts=facts)
    ]
