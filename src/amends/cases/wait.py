"""Waiting for the customer: our question stands, clocks stand still for a while, then one reminder.

domain.md 3.2: our question stops the first reply, and what comes after it waits for the author, but not
for ever. After a time (48 hours as shipped) the clocks run again and a person is asked to remind; a reminder
that stays without an answer for as long closes the case, or a person is asked again. A new word of the author
at any time takes it up again (S2.27, C7). How long, what stands still and what follows says the playbook in
force when we ask (`pauses.clarify`); a wait that runs keeps its time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from amends.accounts.actors import actor_of
from amends.accounts.models import NotificationKind, User
from amends.accounts.permissions import may_draft, refuse_unless
from amends.cases.escalate import leads_of, tell_people
from amends.cases.in_force import STARTING, playbook_in_force
from amends.cases.models import (
    Case,
    CaseClock,
    CaseStatus,
    CustomerWait,
    Disposition,
    DispositionCode,
)
from amends.cases.pause import pause_clocks, resume_clocks
from amends.cases.transitions import NotPossible, log_on_case, may_move, move_case
from amends.core.playbook.rules import PauseRule
from amends.core.playbook.schema import load_shipped_playbook
from amends.core.playbook.standing import pauses_of
from amends.core.playbook.terms import PauseEnd, PauseKind
from amends.record.log import CLOCK, Actor

QUESTION, REMINDER = 1, 2
NO_ANSWER = gettext_noop("We asked and reminded, and the author did not answer.")


def open_wait(case: Case) -> CustomerWait | None:
    return _waits(case).filter(ended_at__isnull=True).first()


def clarify_rule(case: Case) -> PauseRule:
    """What the playbook in force says of waiting; the shipped rule where it says nothing of it."""
    found = pauses_of(playbook_in_force(case.workspace_id))
    shipped = pauses_of(load_shipped_playbook(STARTING))
    return found.get(PauseKind.CLARIFY) or shipped[PauseKind.CLARIFY]


def begin_wait(case: Case, *, actor: Actor, now: datetime) -> CustomerWait:
    """Wait for the customer from now on, in the caller's transaction; raises NotPossible unless answered.

    The first question lets clocks stand still; what is asked before they wrote again does not, so that
    asking buys time once.
    """
    rule = clarify_rule(case)
    earlier = _waits_since_their_word(case)
    is_first = not earlier.exists()
    number = REMINDER if earlier.filter(reminded_at__isnull=False).exists() else QUESTION
    move_case(case, to=CaseStatus.WAITING_FOR_CUSTOMER, actor=actor, now=now)
    _end(case, how="reminded", now=now)
    wait = CustomerWait.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        number=number,
        asked_at=now,
        until=now + rule.at_most,  # by the wall: the customer's time, not ours
    )
    if is_first:
        pause_clocks(case, kinds=rule.pauses, now=now)
    _look_soon(case, now=now)
    about = {"until": wait.until.isoformat(), "number": number}
    log_on_case(case, "case.wait", actor=actor, now=now, data=about)
    return wait


def wait_for_customer(case: Case, *, by: User, now: datetime) -> CustomerWait:
    """A person says that our answer was a question; raises NotAllowed and NotPossible."""
    refuse_unless(may_draft(by, case.workspace), _("wait for the customer"))
    if not may_move(case, to=CaseStatus.WAITING_FOR_CUSTOMER):
        raise NotPossible(_("One can wait for the customer once our question was sent."))
    return begin_wait(case, actor=actor_of(by), now=now)


def take_up_again(case: Case, *, by: User, now: datetime) -> None:
    """Stop waiting, to write again (a reminder, or more); the clocks run from here."""
    refuse_unless(may_draft(by, case.workspace), _("take the case up again"))
    if case.status != CaseStatus.WAITING_FOR_CUSTOMER:
        raise NotPossible(_("This case does not wait for the customer."))
    move_case(case, to=CaseStatus.TRIAGED, actor=actor_of(by), now=now)
    end_wait(case, how="taken_up", now=now)


def end_wait(case: Case, *, how: str, now: datetime) -> None:
    """End the wait, if there is one, and let the clocks run again from `now`."""
    _end(case, how=how, now=now)
    resume_clocks(case, now=now)
    _look_soon(case, now=now)


def settle_wait(case: Case, *, now: datetime) -> None:
    """End a wait of a case that has moved on, whoever moved it."""
    if case.status == CaseStatus.WAITING_FOR_CUSTOMER:
        return
    is_paused = CaseClock.objects.filter(case=case, paused_at__isnull=False).exists()
    if is_paused or open_wait(case) is not None:
        end_wait(case, how="taken_up", now=now)


def look_at_wait(case: Case, *, now: datetime) -> None:
    """When its time is over: ask for the reminder, or close after it; in the caller's transaction."""
    wait = open_wait(case)
    if wait is None or case.status != CaseStatus.WAITING_FOR_CUSTOMER or now < wait.until:
        return
    rule = clarify_rule(case)
    closes = wait.number == REMINDER and rule.then is PauseEnd.CLOSE_NO_ANSWER
    # A case that went private is not closed by the clock: somebody owes the public a closing note.
    if closes and not case.needs_closing_note:
        _close_unanswered(case, watch=rule.watch, now=now)
        return
    CustomerWait.objects.filter(pk=wait.pk).update(reminded_at=now)
    # From the moment at which the wait was over, also when the desk slept.
    end_wait(case, how="reminded", now=wait.until)
    told = tell_people(
        case,
        people=[case.assignee] if case.assignee else leads_of(case),
        kind=NotificationKind.WARNING,
        key=f"remind:{case.pk}:{wait.pk}",
        facts={"clock": "customer", "percent": 100, "due": wait.until.isoformat()},
        now=now,
    )
    log_on_case(case, "case.remind", actor=CLOCK, now=now, data={"told": told})


def _close_unanswered(case: Case, *, watch: timedelta | None, now: datetime) -> None:
    """Nothing is closed silently: the reason says why, and a new word opens the case again."""
    _end(case, how="closed", now=now)
    code = DispositionCode.NO_ANSWER
    move_case(
        case, to=CaseStatus.RESOLVED, actor=CLOCK, now=now, reason=NO_ANSWER, disposition=code
    )
    Disposition.objects.create(
        workspace_id=case.workspace_id, case=case, code=code, reason=NO_ANSWER, closed_at=now
    )
    about = {"watched_until": (now + watch).isoformat()} if watch else {}
    log_on_case(case, "case.no_answer", actor=CLOCK, now=now, data=about)


def _waits_since_their_word(case: Case) -> QuerySet[CustomerWait]:
    waits = _waits(case)
    if case.clock_started_at is not None:
        waits = waits.filter(asked_at__gte=case.clock_started_at)
    return waits


def _look_soon(case: Case, *, now: datetime) -> None:
    """Let the worker find the next moment; a decision that waits goes before it."""
    Case.objects.filter(pk=case.pk).exclude(next_step="decide_again").update(
        next_step="watch_clock", due_at=now
    )


def _end(case: Case, *, how: str, now: datetime) -> None:
    _waits(case).filter(ended_at__isnull=True).update(ended_at=now, ended_how=how)


def _waits(case: Case) -> QuerySet[CustomerWait]:
    return CustomerWait.objects.filter(case=case).order_by("-pk")
