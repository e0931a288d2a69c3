"""Finds or opens the case that a comment belongs to: one problem of one author in one conversation."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_noop

from amends.accounts.models import Workspace
from amends.cases.family import survivor_of
from amends.cases.models import (
    Case,
    CaseClock,
    CaseComment,
    CaseStatus,
    Disposition,
    DispositionCode,
)
from amends.cases.places import WITH_A_DRAFT, place_key
from amends.cases.transitions import move_case, touch_case
from amends.cases.wait import end_wait
from amends.inbox.models import Comment, Thread
from amends.record.log import WORKER, Actor, Subject, log_action

HISTORY = gettext_noop("Published before the channel was connected.")


def case_for(comment: Comment, *, now: datetime) -> Case:
    """The case of a comment, in the caller's transaction; a follow-up joins the case it follows.

    What was published before the channel was connected is closed from the start: it asks nobody.
    """
    item = CaseComment.objects.filter(comment=comment).select_related("case").first()
    if item is not None:
        return item.case
    # Two words of one person that are decided at the same moment belong to one case.
    Thread.objects.select_for_update().get(pk=comment.thread_id)
    case = _earlier_case(comment)
    if case is None:
        case = _open_case(comment, now=now)
    else:
        _join(case, comment=comment, now=now)
    CaseComment.objects.create(case=case, comment=comment, attached_at=now)
    return case


def _earlier_case(comment: Comment) -> Case | None:
    """Where the author's last word in the same thread lies, open or answered; a closed case is reopened.

    A merge, a split and a moved comment take what follows with them.
    """
    if comment.is_history:
        return None
    said = CaseComment.objects.filter(
        comment__thread=comment.thread_id, comment__author=comment.author_id
    ).exclude(case__reason=HISTORY)
    item = said.select_related("case").order_by("-comment__published_at", "-comment_id").first()
    case = item.case if item is not None else _opened_for(comment)
    return None if case is None else _hold(case)


def _opened_for(comment: Comment) -> Case | None:
    return (
        Case.objects.filter(
            workspace_id=comment.workspace_id, thread=comment.thread_id, author=comment.author_id
        )
        .exclude(reason=HISTORY)
        .order_by("-number")
        .first()
    )


def _hold(case: Case) -> Case:
    """The case in which the matter goes on, held: nobody merges it away before the comment is in it."""
    while True:
        case = survivor_of(case)
        held = Case.objects.select_for_update(of=("self",)).select_related("comment")
        case = held.get(pk=case.pk)
        if case.merged_into_id is None:
            return case


def _open_case(comment: Comment, *, now: datetime) -> Case:
    case = Case.objects.create(
        workspace_id=comment.workspace_id,
        brand_id=comment.brand_id,
        number=next_number(comment.workspace_id),
        author_id=comment.author_id,
        thread_id=comment.thread_id,
        comment=comment,
        status=CaseStatus.NO_ACTION if comment.is_history else CaseStatus.NEW,
        reason=HISTORY if comment.is_history else "",
        disposition=DispositionCode.HISTORY if comment.is_history else "",
        # A channel whose clock runs ahead must not buy us time.
        clock_started_at=None
        if comment.is_history
        else min(comment.published_at, comment.observed_at),
        created_at=now,
        changed_at=now,
        closed_at=now if comment.is_history else None,
    )
    if comment.is_history:
        Disposition.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            code=DispositionCode.HISTORY,
            reason=HISTORY,
            closed_at=now,
        )
    log_action(
        "case.open",
        workspace_id=case.workspace_id,
        actor=WORKER,
        subject=Subject("case", case.public_id, case.public_id),
        now=now,
        data={"comment": comment.external_id, "is_history": comment.is_history},
    )
    return case


def _join(case: Case, *, comment: Comment, now: datetime) -> None:
    """A further word of the same author: it becomes what is to be answered, and wakes a case that rested."""
    # Of a merged case, one place has its answer written at a time: the draft's stays in front.
    is_elsewhere = place_key(comment) != place_key(case.comment) and case.status in WITH_A_DRAFT
    if comment.published_at >= case.comment.published_at and not is_elsewhere:
        Case.objects.filter(pk=case.pk).update(comment=comment)
        case.comment = comment
    if is_resting(case):
        wake_case(case, actor=WORKER, now=now)
    touch_case(case, now=now)


def is_resting(case: Case) -> bool:
    """Whether nobody works on it until its author says something."""
    return not case.is_open or case.status in {
        CaseStatus.ANSWERED,
        CaseStatus.WAITING_FOR_CUSTOMER,
    }


def wake_case(case: Case, *, actor: Actor, now: datetime, said_at: datetime | None = None) -> None:
    """Take a resting case up again: a new word asks for a new answer, from the moment it was said.

    `said_at` is that moment where the word was no comment (a message in private). Progress and resolution go
    on from where they stood; those of a closed case begin anew.
    """
    was_closed = not case.is_open
    move_case(case, to=CaseStatus.NEW, actor=actor, now=now)
    started = said_at or min(case.comment.published_at, case.comment.observed_at)
    if was_closed:
        CaseClock.objects.filter(case=case).delete()
    else:
        end_wait(case, how="answered", now=started)
    Case.objects.filter(pk=case.pk).update(
        clock_started_at=started,
        first_replied_at=None,
        warned=0,
        next_step="decide_again",
        due_at=now,
    )
    case.clock_started_at, case.first_replied_at, case.warned = started, None, 0


def next_number(workspace_id: int) -> int:
    """The number of the next case; in the caller's transaction."""
    rows = Workspace.objects.filter(pk=workspace_id)
    rows.update(
        last_case_number=F("last_case_number") + 1
    )  # the row lock orders concurrent openings
    return rows.values_list("last_case_number", flat=True).get()
