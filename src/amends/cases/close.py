"""Closes a case with a disposition and a reason, and opens it again: nothing is closed silently (K41)."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_close, refuse_unless
from amends.cases.models import Case, CaseStatus, Disposition, DispositionCode
from amends.cases.our_word import is_answered
from amends.cases.places import has_unanswered_place
from amends.cases.transitions import NotPossible, may_move, move_case
from amends.cases.triage import words_to_judge

D = DispositionCode
# How a case stands afterwards. What is not here is decided elsewhere: a silence by two people
# (silence.py), history when a channel is connected (open.py).
CLOSES_AS = MappingProxyType(
    {
        D.RESOLVED: CaseStatus.RESOLVED,
        D.BEST_EFFORT: CaseStatus.RESOLVED,
        D.NO_ANSWER: CaseStatus.RESOLVED,
        D.PRAISE_NOTED: CaseStatus.NO_ACTION,
        D.NOT_OURS: CaseStatus.NO_ACTION,
        D.DUPLICATE: CaseStatus.NO_ACTION,
        D.REMOVED: CaseStatus.NO_ACTION,
    }
)
NEEDS_ANSWER = frozenset({D.BEST_EFFORT, D.NO_ANSWER})  # S4.23: the effort is there to be seen
MAX_REASON = 500


def close_case(
    case: Case,
    *,
    disposition: str,
    reason: str,
    by: User,
    now: datetime,
    duplicate_of: Case | None = None,
) -> Disposition:
    """Close a case by hand; disposition and reason are part of the record.

    Raises NotAllowed, and NotPossible without a reason, for what needs more than one person, for best
    effort without an answer, and for a duplicate of nothing. `duplicate_of` is a case that the person
    may see.
    """
    refuse_unless(may_close(by, case.workspace), _("close cases"))
    _check(case, disposition=disposition, reason=reason, duplicate_of=duplicate_of)
    with transaction.atomic():
        ending = Disposition(
            code=disposition,
            reason=reason.strip()[:MAX_REASON],
            duplicate_of=duplicate_of if disposition == D.DUPLICATE else None,
            closed_by=by,
            closed_at=now,
        )
        return end_case(case, ending=ending, to=CLOSES_AS[D(disposition)], by=by)


def end_case(case: Case, *, ending: Disposition, to: CaseStatus, by: User) -> Disposition:
    """Close with a disposition that was checked before; in the caller's transaction.

    Raises NotPossible while a private conversation has no public closing note (K17, C6).
    """
    move_case(
        case,
        to=to,
        actor=actor_of(by),
        now=ending.closed_at,
        reason=ending.reason,
        disposition=ending.code,
    )
    # Asked once the row is ours: a private message that comes at this moment waits for us, or we for it.
    if Case.objects.filter(pk=case.pk, needs_closing_note=True).exists():
        raise NotPossible(
            _(
                "This was talked about in private: say in public how it ended, or why that is not said."
            )
        )
    ending.workspace_id = case.workspace_id
    ending.case = case
    ending.save()
    Case.objects.filter(pk=case.pk).update(
        next_step="", due_at=None, lease_token="", leased_until=None
    )
    return ending


def refuse_unread_complaint(case: Case) -> None:
    """Raise NotPossible for what may be a complaint that nobody looked at.

    Such a case is not closed together with others, nor by a program.
    """
    if case.triages.exists():
        return
    words = words_to_judge(case)
    verdict = words.verdicts.order_by("-pk").first() if words else None
    if verdict is None or verdict.is_complaint:
        raise NotPossible(
            _("This may be a complaint, and nobody confirmed its triage yet: look at it first.")
        )


def closings_of(case: Case) -> tuple[DispositionCode, ...]:
    """How the case could be closed now, by hand."""
    return tuple(
        code
        for code, status in CLOSES_AS.items()
        if may_move(case, to=status) and (code not in NEEDS_ANSWER or is_answered(case))
    )


def reopen_case(case: Case, *, by: User, now: datetime) -> None:
    """Take a closed case up again; reopenings are counted."""
    refuse_unless(may_close(by, case.workspace), _("reopen cases"))
    if case.merged_into_id is not None:
        raise NotPossible(_("This case is part of another one: undo the merge instead."))
    with transaction.atomic():
        move_case(case, to=CaseStatus.NEW, actor=actor_of(by), now=now)
        Case.objects.filter(pk=case.pk).update(next_step="decide_again", due_at=now)


def _check(case: Case, *, disposition: str, reason: str, duplicate_of: Case | None) -> None:
    if disposition == D.SILENCE:
        raise NotPossible(
            _("Silence is decided by two people: propose it, and somebody else agrees.")
        )
    if disposition not in CLOSES_AS:
        raise NotPossible(_("Say what became of it: choose one of the list."))
    if not reason.strip():
        raise NotPossible(_("Say why: a case is never closed without a reason."))
    if disposition in NEEDS_ANSWER and has_unanswered_place(case):
        raise NotPossible(
            _(
                "Somebody else of this case still waits for an answer: see where it is to be answered."
            )
        )
    if disposition in NEEDS_ANSWER and not is_answered(case):
        raise NotPossible(_("Nobody has answered yet: this ending needs an answer of ours."))
    if disposition == D.DUPLICATE and (
        duplicate_of is None
        or duplicate_of.pk == case.pk
        or duplicate_of.workspace_id != case.workspace_id
    ):
        raise NotPossible(_("Name the other case with the same matter, such as C-12."))
