"""Waiting for the customer: our question stops and pauses clocks, for a while, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import TextKind, User
from amends.accounts.permissions import NotAllowed
from amends.accounts.texts import publish_text
from amends.cases.models import Case, CaseClock, CustomerWait
from amends.cases.transitions import NotPossible
from amends.cases.wait import take_up_again, wait_for_customer
from amends.cases.watch_clock import running_clock, running_rows
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.support.clocks import ANSWER, QUESTION, breaches, live_until, told
from tests.support.desk import FORM, Colleagues, ToldClassifier
from tests.support.playbooks import another

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
Say = Callable[..., Case]


@pytest.fixture
def vague(make_comment: Callable[..., Comment], desk: Desk, classifier: ToldClassifier) -> Case:
    """A comment of which nobody knows what it means: the playbook says to ask first."""
    classifier.category = "vague"
    make_comment("Olmadı.")
    run_until_idle(desk)
    return Case.objects.get()


@pytest.fixture
def asked(vague: Case, say: Say, clock: ScriptedClock, colleagues: Colleagues) -> Case:
    """The same, once our question was sent ten minutes later."""
    clock.advance(HOUR / 6)
    colleagues.triage(vague, replace(FORM, category="vague"))
    return say(vague, QUESTION)


def due_of(kind: str) -> datetime:
    return CaseClock.objects.get(kind=kind).due_at


def test_reply_and_pending_in_one_step_meets_the_first_reply_zammad_3551(
    asked: Case, clock: ScriptedClock
) -> None:
    assert asked.status == "waiting_for_customer"
    assert asked.first_replied_at == clock.now()
    assert asked.first_reply_due_at is not None
    assert asked.first_replied_at <= asked.first_reply_due_at


def test_our_question_lets_progress_and_resolution_stand_still(asked: Case) -> None:
    assert (asked.progress_due_at, asked.resolution_due_at) == (None, None)
    assert running_clock(asked) is None
    assert running_rows(asked) == []


def test_an_answer_that_asks_nothing_does_not_wait(
    make_comment: Callable[..., Comment], desk: Desk, say: Say
) -> None:
    make_comment()
    run_until_idle(desk)
    case = say(Case.objects.get(), ANSWER)
    assert case.status == "answered"
    assert case.resolution_due_at is not None


def test_the_clocks_run_on_with_what_was_left_once_they_answer(
    asked: Case,
    make_comment: Callable[..., Comment],
    desk: Desk,
    clock: ScriptedClock,
) -> None:
    before = due_of("resolution")
    clock.advance(5 * HOUR)
    make_comment("L-88213", at=clock.now(), thread_external_id=asked.comment.external_id)
    run_until_idle(desk)
    case = Case.objects.get()
    assert (case.status, case.clock_started_at) == ("new", clock.now())
    assert case.resolution_due_at == before + 5 * HOUR
    assert case.first_reply_due_at == clock.now() + HOUR
    wait = CustomerWait.objects.get()
    assert (wait.ended_how, wait.ended_at) == ("answered", clock.now())


def test_after_two_days_a_person_is_asked_to_remind_and_the_clocks_run_again(
    asked: Case, desk: Desk, clock: ScriptedClock, lead: User
) -> None:
    before, begun = due_of("resolution"), clock.now()
    live_until(desk, clock, until=begun + 48 * HOUR, step=6 * HOUR)
    case = Case.objects.get()
    assert case.status == "waiting_for_customer"
    assert case.resolution_due_at == before + 48 * HOUR
    assert told(lead) == ["warning"]
    assert ActionLog.objects.filter(action="case.remind").count() == 1


def test_a_desk_that_slept_takes_no_more_than_two_days_off(
    asked: Case, desk: Desk, clock: ScriptedClock
) -> None:
    before = due_of("resolution")
    clock.advance(100 * HOUR)
    run_until_idle(desk)
    assert Case.objects.get().resolution_due_at == before + 48 * HOUR


def test_a_reminder_without_an_answer_closes_the_case_with_its_reason(
    asked: Case, desk: Desk, clock: ScriptedClock, agent: User, say: Say
) -> None:
    live_until(desk, clock, until=clock.now() + 49 * HOUR, step=7 * HOUR)
    take_up_again(Case.objects.get(), by=agent, now=clock.now())
    reminded = say(Case.objects.get(), "Hangi sipariş, bakabildiniz mi? Elif")
    assert reminded.status == "waiting_for_customer"
    assert reminded.resolution_due_at is not None  # asking buys time once
    live_until(desk, clock, until=clock.now() + 48 * HOUR, step=6 * HOUR)
    case = Case.objects.get()
    assert (case.status, case.next_step) == ("resolved", "")
    assert "did not answer" in case.reason
    assert "watched_until" in ActionLog.objects.get(action="case.no_answer").data
    assert CustomerWait.objects.filter(ended_at__isnull=True).count() == 0


def test_without_a_reminder_nothing_is_closed_and_the_clock_runs_out(
    asked: Case, desk: Desk, clock: ScriptedClock
) -> None:
    live_until(desk, clock, until=clock.now() + timedelta(days=9), step=6 * HOUR)
    assert Case.objects.get().status == "waiting_for_customer"
    assert "resolution" in breaches()


def test_a_word_after_the_closing_opens_it_again_with_clocks_of_its_own(
    asked: Case,
    desk: Desk,
    clock: ScriptedClock,
    agent: User,
    say: Say,
    make_comment: Callable[..., Comment],
) -> None:
    live_until(desk, clock, until=clock.now() + 49 * HOUR, step=7 * HOUR)
    take_up_again(Case.objects.get(), by=agent, now=clock.now())
    say(Case.objects.get(), "Hangi sipariş? Elif")
    live_until(desk, clock, until=clock.now() + 48 * HOUR, step=6 * HOUR)
    make_comment("L-88213", at=clock.now(), thread_external_id=asked.comment.external_id)
    run_until_idle(desk)
    case = Case.objects.get()
    assert (case.status, case.reopened) == ("new", 1)
    assert case.resolution_due_at is not None
    assert case.resolution_due_at >= clock.now() + timedelta(days=2)


def test_a_person_may_say_that_an_answer_was_a_question(
    make_comment: Callable[..., Comment],
    desk: Desk,
    say: Say,
    agent: User,
    viewer: User,
    clock: ScriptedClock,
) -> None:
    make_comment()
    run_until_idle(desk)
    with pytest.raises(NotPossible, match="once our question was sent"):
        wait_for_customer(Case.objects.get(), by=agent, now=clock.now())
    case = say(Case.objects.get())
    with pytest.raises(NotAllowed):
        wait_for_customer(case, by=viewer, now=clock.now())
    wait_for_customer(case, by=agent, now=clock.now())
    assert Case.objects.get().status == "waiting_for_customer"
    assert CustomerWait.objects.get().until == clock.now() + 48 * HOUR


def test_asking_again_and_again_buys_time_once(
    asked: Case, desk: Desk, clock: ScriptedClock, agent: User, say: Say
) -> None:
    clock.advance(HOUR)
    take_up_again(Case.objects.get(), by=agent, now=clock.now())
    assert Case.objects.get().resolution_due_at is not None
    again = say(Case.objects.get(), QUESTION)
    assert again.status == "waiting_for_customer"
    assert again.resolution_due_at is not None


def test_only_a_case_that_waits_is_taken_up(vague: Case, agent: User, now: datetime) -> None:
    with pytest.raises(NotPossible, match="does not wait"):
        take_up_again(vague, by=agent, now=now)


def publish_waiting(case: Case, *, by: User, now: datetime, **words: str) -> None:
    """Put a playbook in force that says something else of waiting."""
    changed = {f"{old}: {before}": f"{old}: {words[old]}" for old, before in WAITING.items()}
    text = another(words={old: new for old, new in changed.items() if old != new})
    publish_text(case.workspace, kind=TextKind.PLAYBOOK, text=text, after=0, by=by, now=now)


WAITING = {"at_most": "48h", "then": "close_no_answer"}


def test_how_long_one_waits_says_the_playbook_in_force(
    vague: Case, say: Say, clock: ScriptedClock, colleagues: Colleagues, owner: User
) -> None:
    publish_waiting(vague, by=owner, now=clock.now(), at_most="6h", then="close_no_answer")
    colleagues.triage(vague, replace(FORM, category="vague"))
    say(vague, QUESTION)
    assert CustomerWait.objects.get().until == clock.now() + 6 * HOUR


def test_a_playbook_may_ask_a_person_instead_of_closing(
    asked: Case,
    say: Say,
    desk: Desk,
    clock: ScriptedClock,
    colleagues: Colleagues,
    owner: User,
) -> None:
    """`then: ask_a_person`: after the reminder nothing is closed, the reminder of a person comes again."""
    publish_waiting(asked, by=owner, now=clock.now(), at_most="48h", then="ask_a_person")
    clock.advance(48 * HOUR)
    run_until_idle(desk)
    case = Case.objects.get()
    take_up_again(case, by=colleagues.writer, now=clock.now())
    say(Case.objects.get(), QUESTION)
    clock.advance(49 * HOUR)
    run_until_idle(desk)
    case = Case.objects.get()
    assert case.is_open
    assert ActionLog.objects.filter(action="case.remind").count() == 2
    assert not ActionLog.objects.filter(action="case.no_answer").exists()
