"""Where the comments of a case wait for an answer: each author in each conversation is answered there.

A case that was never merged has one such place. A merged one is one problem, but every author hears
of it where they asked, so the case goes on until each place has its answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_draft, refuse_unless
from amends.cases.models import Case, CaseComment, CaseStatus
from amends.cases.transitions import NotPossible, log_on_case, move_case
from amends.inbox.models import Comment
from amends.record.log import Actor

WITH_A_DRAFT = (CaseStatus.DRAFTING, CaseStatus.AWAITING_APPROVAL, CaseStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Place:
    """The latest word of one author in one conversation, and when we answered it."""

    comment: Comment
    answered_at: datetime | None


def place_key(comment: Comment) -> tuple[int, int]:
    """Conversation and author: who is answered where."""
    return comment.thread_id, comment.author_id


def items_of(case: Case) -> list[CaseComment]:
    """The comments of a case, oldest first."""
    rows = CaseComment.objects.filter(case=case).select_related(
        "comment__author", "comment__account", "comment__thread"
    )
    return list(rows.order_by("comment__published_at", "comment_id"))


def places_of(case: Case) -> list[Place]:
    """Where the case is to be answered; what has waited longest stands first."""
    latest = {place_key(item.comment): item for item in items_of(case)}
    return [Place(item.comment, item.answered_at) for item in latest.values()]


def next_to_answer(case: Case, *, besides: Comment) -> Comment | None:
    """The word that has waited longest at another place than that of `besides`; None when none waits."""
    waiting = [
        place.comment
        for place in places_of(case)
        if place.answered_at is None and place_key(place.comment) != place_key(besides)
    ]
    return min(waiting, key=lambda one: (one.published_at, one.pk), default=None)


def has_unanswered_place(case: Case) -> bool:
    """Whether a merged case has an author who was not answered while another one was."""
    places = places_of(case)
    return len(places) > 1 and any(place.answered_at is None for place in places)


def note_answered(comment: Comment, *, now: datetime) -> None:
    """An answer stands at the place of this comment; in the caller's transaction."""
    CaseComment.objects.filter(
        comment__thread=comment.thread_id,
        comment__author=comment.author_id,
        comment__published_at__lte=comment.published_at,
        answered_at__isnull=True,
    ).update(answered_at=now)


def turn_to(case: Case, comment: Comment, *, actor: Actor, now: datetime) -> None:
    """One place is answered, this one waits: the case goes on with it, from when it was said.

    In the caller's transaction; the case has just been answered.
    """
    move_case(case, to=CaseStatus.TRIAGED, actor=actor, now=now)
    started = min(comment.published_at, comment.observed_at)
    Case.objects.filter(pk=case.pk).update(
        comment=comment,
        clock_started_at=started,
        first_replied_at=None,
        warned=0,
        next_step="decide_again",
        due_at=now,
    )
    case.comment, case.clock_started_at, case.first_replied_at = comment, started, None


def choose_comment(case: Case, comment: Comment, *, by: User, now: datetime) -> None:
    """Say which comment of the case is answered next; raises NotPossible while a draft answers another."""
    refuse_unless(may_draft(by, case.workspace), _("write replies"))
    if not CaseComment.objects.filter(case=case, comment=comment).exists():
        raise NotPossible(_("This comment does not belong to the case."))
    if case.status in WITH_A_DRAFT:
        raise NotPossible(
            _("A draft answers another comment: finish or withdraw it before you choose this one.")
        )
    if not case.is_open:
        raise NotPossible(_("The case is closed: open it again first."))
    with transaction.atomic():
        rows = Case.objects.filter(pk=case.pk, status=case.status, merged_into__isnull=True)
        if not rows.update(comment=comment, next_step="decide_again", due_at=now):
            raise NotPossible(
                _("Somebody else changed %(case)s in the meantime: look at it again.")
                % {"case": case.public_id}
            )
        case.comment = comment
        about = {"comment": comment.pk}
        log_on_case(case, "case.choose_comment", actor=actor_of(by), now=now, data=about)
