"""Keeps what somebody has typed and not sent off: for that person alone, until it is sent or forgotten.

It is no part of the record and leaves no entry in the log: nobody has said these words yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_read, refuse_unless
from amends.cases.models import Case, KeptWords
from amends.cases.queries import case_or_none, seen_by
from amends.cases.transitions import NotPossible

MAX_CHARS = 20_000
MAX_PLACE = 200
MOST = 300  # places of one person in one workspace
KEPT_FOR = timedelta(days=60)
_OF_CASE = re.compile(r"/cases/C-(\d{1,9})/")


class WordsConflict(Exception):
    """The words were changed elsewhere since; `theirs` is what is kept, None where it was sent off."""

    def __init__(self, theirs: KeptWords | None) -> None:
        super().__init__(_("These words were changed in another place meanwhile."))
        self.theirs = theirs


def kept_words_of(user: User, *, workspace: Workspace) -> list[KeptWords]:
    """What this person has typed here and not sent; nothing of a case that they may not see any more."""
    seen = Q(case__isnull=True) | seen_by(user, workspace=workspace, over="case")
    own = KeptWords.objects.filter(workspace=workspace, person=user)
    return list(own.filter(seen).order_by("-changed_at")[:MOST])


def keep_words(
    workspace: Workspace, *, place: str, text: str, revision: int, by: User, now: datetime
) -> int:
    """Keep what stands in a field and return its new revision; `revision` is the one that was seen (0: none).

    No text means that the field was emptied: nothing is kept then, and 0 is returned.
    Raises WordsConflict where another device saved since, NotPossible for what is too long or too much.
    """
    refuse_unless(may_read(by, workspace), _("write here"))
    if not 0 < len(place) <= MAX_PLACE or len(text) > MAX_CHARS:
        raise NotPossible(
            _("This is too long to be kept here: at most %(count)d characters.")
            % {"count": MAX_CHARS}
        )
    rows = KeptWords.objects.filter(workspace=workspace, person=by, place=place)
    if not text:
        return _empty(rows, revision=revision)
    changed = rows.filter(revision=revision).update(
        text=text, revision=F("revision") + 1, changed_at=now
    )
    if changed:
        return revision + 1
    if rows.exists():
        raise WordsConflict(rows.first())
    _keep_first(workspace, place=place, text=text, by=by, now=now)
    return 1


def _empty(rows: QuerySet[KeptWords], *, revision: int) -> int:
    deleted, _each = rows.filter(revision=revision).delete()
    if not deleted and (theirs := rows.first()) is not None:
        raise WordsConflict(theirs)
    return 0


def _keep_first(workspace: Workspace, *, place: str, text: str, by: User, now: datetime) -> None:
    own = KeptWords.objects.filter(workspace=workspace, person=by)
    if own.count() >= MOST:  # the browser still has them; throwing old ones away would lose words
        raise NotPossible(_("Too much of yours is kept unsent here: send some of it first."))
    try:
        with transaction.atomic():
            KeptWords.objects.create(
                workspace=workspace,
                person=by,
                case=_case_of(place, workspace=workspace, by=by),
                place=place,
                text=text,
                changed_at=now,
            )
    except IntegrityError:  # the other device was first by a moment
        raise WordsConflict(own.filter(place=place).first()) from None


def _case_of(place: str, *, workspace: Workspace, by: User) -> Case | None:
    found = _OF_CASE.search(place)
    if found is None:
        return None
    case = case_or_none(by, workspace=workspace, number=int(found.group(1)))
    if case is None:
        raise NotPossible(_("There is no such case, or it is not yours to see."))
    return case


def forget_words(workspace: Workspace, *, places: Iterable[str], by: User) -> None:
    """They were sent off, or thrown away by their writer."""
    KeptWords.objects.filter(workspace=workspace, person=by, place__in=list(places)).delete()


def forget_old_words(*, now: datetime) -> int:
    """Delete what nobody has touched for 60 days; returns how many."""
    deleted, _each = KeptWords.objects.filter(changed_at__lt=now - KEPT_FOR).delete()
    return deleted
