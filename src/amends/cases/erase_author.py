"""Erases what an author said in public and who they are, on every channel that confirmed links tie together.

What they said in private, and how they may be reached, is known further on: replies/erase_person.py does all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_erase, refuse_unless
from amends.cases.erase import Held, erase_comment
from amends.cases.family import family_of, survivor_of
from amends.cases.hold_legally import is_under_legal_hold
from amends.cases.link_authors import same_person
from amends.cases.models import Case, CaseComment, IdentityLink
from amends.cases.search_index import forget_case
from amends.cases.transitions import NotPossible, touch_case
from amends.inbox.erase_names import erase_names, log_name
from amends.inbox.models import Author, Comment


@dataclass(frozen=True, slots=True)
class Erased:
    """How many comments lost their words, and how many a legal hold keeps."""

    comments: int
    held: int


def erase_author(author: Author, *, reason: str, by: User, now: datetime) -> Erased:
    """Raises NotPossible without a reason. While a hold keeps words, the name stays with them.

    The name goes first, for good (`Author.erased_at`): whoever reads the words of a case for the search index
    from then on reads the pseudonym, and the cases are touched once more below, with their words.
    """
    refuse_unless(may_erase(by, author.workspace), _("erase words"))
    if not reason.strip():
        raise NotPossible(_("Say why the words are erased: it is all that will be left to read."))
    authors = same_person(author.pk)
    with transaction.atomic():
        cases = list(cases_of(authors).select_for_update(of=("self",)))
        _erase_names(authors, cases=cases, by=by, now=now)
        _forget(cases, now=now)
    erased = held = 0
    for comment in Comment.objects.filter(author__in=authors, is_ours=False).order_by("pk"):
        try:
            erased += erase_comment(comment, reason=reason, by=by, now=now) > 0
        except Held:
            held += 1
    return Erased(erased, held)


def cases_of(authors: list[int]) -> QuerySet[Case]:
    """The cases that began with these authors or hold words of theirs."""
    theirs = CaseComment.objects.filter(comment__author__in=authors)
    rows = Case.objects.filter(Q(author__in=authors) | Q(pk__in=theirs.values("case")))
    return rows.select_related("workspace").order_by("pk")


def families_of(authors: list[int]) -> list[int]:
    """Keys of those cases, and of all that was merged with one of them, in either direction."""
    found: set[int] = set()
    for case in cases_of(authors):
        if case.pk not in found:
            found.update(family_of(survivor_of(case)))
    return sorted(found)


def _erase_names(authors: list[int], *, cases: list[Case], by: User, now: datetime) -> None:
    """But of whom a legal hold keeps words; with the cases held, none is placed meanwhile."""
    held = [case for case in cases if is_under_legal_hold(case)]
    kept = {case.author_id for case in held}
    words = CaseComment.objects.filter(case__in=held, comment__is_ours=False)
    kept |= set(words.values_list("comment__author", flat=True))
    rows = list(Author.objects.filter(pk__in=authors).order_by("pk"))
    actor = actor_of(by)
    erase_names([row for row in rows if row.pk not in kept], actor=actor, now=now)
    for row in rows:
        if row.pk in kept:
            log_name(row, is_kept=True, actor=actor, now=now)
    links = IdentityLink.objects.filter(Q(first__in=authors) | Q(second__in=authors))
    links.update(reason="")


def _forget(cases: list[Case], *, now: datetime) -> None:
    for case in cases:
        touch_case(case, now=now)
        forget_case(case)
