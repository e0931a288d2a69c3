"""Clocks run from publication, warn at 50, 80 and 100 per cent once each, and stop for an answer only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import User
from amends.cases.close import close_case, reopen_case
from amends.cases.models import Case
from amends.cases.watch_clock import running_clock
from amends.connectors.kit.events import SentReply
from amends.core.clock import ScriptedClock
from amends.core.playbook.clocks import Arrival
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.log import WORKER
from amends.record.models import ActionLog
from amends.replies.send import record_sent
from tests.support.desk import FORM, Colleagues

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
Make = Callable[..., Comment]


def warnings() -> list[tuple[int, str, datetime]]:
    entries = ActionLog.objects.filter(action="case.clock").order_by("pk")
    return [(one.data["percent"], one.data["clock"], one.at) for one in entries]


def live(desk: Desk, clock: ScriptedClock, *, minutes: int, step: int = 1) -> None:
    """Let the desk run while the time goes by."""
    for _ in range(0, minutes, step):
        run_until_idle(desk)
        clock.advance(MINUTE * step)
    run_until_idle(desk)


def test_the_first_reply_is_due_from_publication_and_the_delay_of_arrival_is_shown_apart(
    make_comment: Make, desk: Desk, now: datetime
) -> None:
    make_comment(published_at=now - 20 * MINUTE)
    run_until_idle(desk)
    case = Case.objects.get()
    assert case.priority == "P3"
    assert case.clock_started_at == now - 20 * MINUTE
    assert case.first_reply_due_at == now + 40 * MINUTE  # 60 minutes from publication
    arrival = Arrival(case.comment.published_at, case.comment.observed_at)
    assert arrival.ingestion_delay == 20 * MINUTE


def test_a_channel_whose_clock_runs_ahead_buys_no_time(
    make_comment: Make, desk: Desk, now: datetime
) -> None:
    make_comment(published_at=now + timedelta(hours=3))
    run_until_idle(desk)
    assert Case.objects.get().first_reply_due_at == now + 60 * MINUTE


def test_each_mark_is_warned_of_once_and_in_its_minute(
    make_comment: Make, desk: Desk, clock: ScriptedClock, now: datetime
) -> None:
    make_comment()
    live(desk, clock, minutes=180)
    assert warnings() == [
        (50, "first_reply", now + 30 * MINUTE),
        (80, "first_reply", now + 48 * MINUTE),
        (100, "first_reply", now + 60 * MINUTE),
    ]
    assert Case.objects.get().warned == 100


def test_a_desk_that_slept_warns_once_of_the_highest_mark(
    make_comment: Make, desk: Desk, clock: ScriptedClock
) -> None:
    make_comment()
    run_until_idle(desk)
    clock.advance(50 * MINUTE)
    run_until_idle(desk)
    run_until_idle(desk)
    assert [percent for percent, *_ in warnings()] == [80]


def test_a_comment_that_arrives_late_is_warned_of_at_once(
    make_comment: Make, desk: Desk, now: datetime
) -> None:
    make_comment(published_at=now - timedelta(hours=2))
    run_until_idle(desk)
    assert warnings() == [(100, "first_reply", now)]


def test_a_graver_triage_shortens_the_clock_that_runs(
    make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock, now: datetime
) -> None:
    make_comment()
    run_until_idle(desk)
    clock.advance(10 * MINUTE)
    colleagues.triage(Case.objects.get(), replace(FORM, severity="critical"))
    case = Case.objects.get()
    assert (case.priority, case.first_reply_due_at) == ("P1", now + 15 * MINUTE)
    live(desk, clock, minutes=10)
    assert [percent for percent, *_ in warnings()] == [50, 80, 100]


def test_the_answer_stops_the_first_clock_and_the_next_one_runs(
    make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock, now: datetime
) -> None:
    make_comment()
    run_until_idle(desk)
    clock.advance(40 * MINUTE)
    run_until_idle(desk)
    delivery = colleagues.approve(Case.objects.get())
    record_sent(delivery, sent=SentReply("r-1", ""), actor=WORKER, is_verified=True, clock=clock)
    case = Case.objects.get()
    assert (case.status, case.first_replied_at, case.warned) == ("answered", clock.now(), 0)
    running = running_clock(case)
    assert running is not None
    assert running.due_at == case.resolution_due_at == now + timedelta(days=3)
    live(desk, clock, minutes=4 * 24 * 60, step=60)
    assert [(percent, kind) for percent, kind, _ in warnings()] == [
        (50, "first_reply"),
        (50, "resolution"),
        (80, "resolution"),
        (100, "resolution"),
    ]


def test_a_closed_case_has_no_clock_and_a_reopened_one_has_it_back(
    make_comment: Make, desk: Desk, clock: ScriptedClock, agent: User, now: datetime
) -> None:
    make_comment()
    run_until_idle(desk)
    close_case(Case.objects.get(), disposition="not_ours", reason="a joke", by=agent, now=now)
    live(desk, clock, minutes=120, step=10)
    assert not warnings()
    assert running_clock(Case.objects.get()) is None
    reopen_case(Case.objects.get(), by=agent, now=clock.now())
    run_until_idle(desk)
    case = Case.objects.get()
    assert (case.status, case.reopened) == ("new", 1)
    assert [percent for percent, *_ in warnings()] == [100]
