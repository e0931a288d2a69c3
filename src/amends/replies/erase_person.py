"""Erases an author wholly: name and words in public (cases/erase_author.py), words in private, contacts.

Over all that was merged with a case of theirs, and over every channel that confirmed links tie to them; what
belongs to another customer of a merged case stays. A legal hold keeps what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from amends.accounts.models import User
from amends.cases.erase import Held
from amends.cases.erase_author import erase_author, families_of
from amends.cases.family import survivor_of
from amends.cases.link_authors import same_person
from amends.cases.models import Case
from amends.inbox.models import Author
from amends.replies.contacts import Details, erase_contacts_of_matter
from amends.replies.erase_private import erase_talks, private_contents
from amends.replies.models import HandOver


@dataclass(frozen=True, slots=True)
class Erased:
    """How many comments and private texts lost their words, how many contacts went, how much a hold keeps."""

    comments: int
    private: int
    contacts: int
    held: int


def erase_person(author: Author, *, reason: str, by: User, now: datetime) -> Erased:
    """Raises NotAllowed, and NotPossible without a reason. While a hold keeps words, the name stays too."""
    authors = same_person(author.pk)
    matters = families_of(authors)
    public = erase_author(author, reason=reason, by=by, now=now)
    said = reason.strip()
    private, kept = _erase_talks(authors, matters=matters, reason=said, by=by, now=now)
    others = _addresses_of_others(authors, matters=matters)

    def is_of_another(details: Details) -> bool:
        return details.email.casefold() in others

    contacts, under_hold = erase_contacts_of_matter(
        matters, keep=is_of_another, reason=said, by=by, now=now
    )
    held = public.held + kept + under_hold
    return Erased(public.comments, private, contacts, held)


def talks_of(authors: list[int], *, matters: list[int]) -> QuerySet[HandOver]:
    """Their private conversations; one of which nobody noted whose it is counts for all of its matter."""
    is_unknown = Q(author__isnull=True, case__in=matters)
    return HandOver.objects.filter(Q(author__in=authors) | is_unknown)


def _erase_talks(
    authors: list[int], *, matters: list[int], reason: str, by: User, now: datetime
) -> tuple[int, int]:
    """How many texts are gone, and of how many conversations a hold keeps them."""
    talks = talks_of(authors, matters=matters)
    gone = held = 0
    for case in Case.objects.filter(pk__in=talks.values("case")).select_related("workspace"):
        here = talks.filter(case=case)
        if not (here.filter(ended_at__isnull=True).exists() or private_contents(here)):
            continue
        try:
            gone += erase_talks(survivor_of(case), talks=here, reason=reason, by=by, now=now)
        except Held:
            held += here.count()
    return gone, held


def _addresses_of_others(authors: list[int], *, matters: list[int]) -> set[str]:
    """Mail addresses that other customers of a merged case gave us in private."""
    rows = HandOver.objects.filter(case__in=matters, author__isnull=False, reach__isnull=False)
    found = rows.exclude(author__in=authors).select_related("reach")
    return {talk.address.casefold() for talk in found if talk.address}
