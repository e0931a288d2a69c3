"""What belongs to a case: its comments with their places, what was merged into it, what may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.permissions import may_draft, may_merge
from amends.cases.family import merge_of, merges_into
from amends.cases.models import Case, Merge
from amends.cases.places import WITH_A_DRAFT, items_of, place_key, places_of
from amends.cases.queries import cases_visible_to
from amends.cases.suggest_merges import suggest_merges
from amends.cases.welfare import veiled_for
from amends.inbox.models import Comment
from amends.inbox.queries import last_words, versions_of

MOST_CHARS = 160


@dataclass(frozen=True, slots=True)
class ItemView:
    """One comment of the case: who said it where, whether we answered, whether it is in front."""

    comment: Comment
    words: str
    answered_at: datetime | None
    is_place: bool  # the latest word of its author in its conversation
    is_in_front: bool
    may_choose: bool


@dataclass(frozen=True, slots=True)
class MergeView:
    """A merge that stands: the other case, and its number where this person may see it."""

    merge: Merge
    other: Case


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A case that may be the same matter, and why, in words."""

    case: Case
    why: str


@dataclass(frozen=True, slots=True)
class MatterPart:
    """`ended_in` is the case that took this one over; `is_hidden` that it is not theirs to see."""

    items: tuple[ItemView, ...]
    merges: tuple[MergeView, ...]
    ended: Merge | None
    survivor: Case | None
    may_merge: bool
    may_undo: bool
    suggestions: tuple[SuggestionView, ...]

    @property
    def is_several(self) -> bool:
        return len(self.items) > 1

    @property
    def waiting(self) -> int:
        """At how many places somebody waits for an answer."""
        return sum(one.is_place and one.answered_at is None for one in self.items)

    @property
    def has_places(self) -> bool:
        """Whether the case is answered at more than one place."""
        return sum(one.is_place for one in self.items) > 1


def read_matter_part(case: Case, *, user: User) -> MatterPart:
    """Read it for one person; the caller has made sure that they may see the case."""
    may = may_merge(user, case.workspace)
    ended = merge_of(case) if case.merged_into_id is not None else None
    survivor = _seen(ended.survivor, user=user) if ended else None
    return MatterPart(
        items=_items(case, user=user),
        merges=tuple(
            MergeView(merge, merge.merged)
            for merge in merges_into(case)
            if _seen(merge.merged, user=user) is not None
        ),
        ended=ended,
        survivor=survivor,
        may_merge=may and case.is_open,
        suggestions=_suggestions(case, user=user),
        may_undo=may and (ended is None or survivor is not None),
    )


def _suggestions(case: Case, *, user: User) -> tuple[SuggestionView, ...]:
    words = {
        "same_order": _("same order number %(number)s…"),
        "near_copy": _("nearly the same words"),
        "same_author": _("same author, about the same time"),
    }
    return tuple(
        SuggestionView(
            one.case, ", ".join(words[code] % {"number": one.number} for code in one.reasons)
        )
        for one in suggest_merges(case, user=user)
    )


def _seen(case: Case, *, user: User) -> Case | None:
    return cases_visible_to(user, workspace=case.workspace).filter(pk=case.pk).first()


def _items(case: Case, *, user: User) -> tuple[ItemView, ...]:
    """Hostile words are left out of the list for who has them folded."""
    items = items_of(case)
    if len(items) < 2:
        return ()
    may_choose = may_draft(user, case.workspace)
    veiled = veiled_for(user, comments=[one.comment_id for one in items])
    latest = {place.comment.pk for place in places_of(case)}
    is_free = may_choose and case.is_open and case.status not in WITH_A_DRAFT
    views = []
    for item in items:
        is_veiled = item.comment_id in veiled
        words = None if is_veiled else last_words(versions_of(item.comment))
        is_place = item.comment_id in latest
        is_front = place_key(item.comment) == place_key(case.comment) and is_place
        views.append(
            ItemView(
                comment=item.comment,
                words=_short(words.text if words else ""),
                answered_at=item.answered_at,
                is_place=is_place,
                is_in_front=is_front,
                may_choose=is_free and is_place and not is_front,
            )
        )
    return tuple(views)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_CHARS else text[: MOST_CHARS - 1].rstrip() + "…"
