"""Sleep: by the wall of the person and the hours of the brand, and never longer than a clock allows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from amends.accounts.models import Brand, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.close import close_case
from amends.cases.models import Case, CaseClock
from amends.cases.snooze import end_snooze, limit_of, snooze_case, snooze_choices
from amends.cases.transitions import NotPossible
from amends.cases.wake import wake_due
from amends.cases.working_views import in_view
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.models import ActionLog
from tests.support.clocks import live_until

MakeCase = Callable[..., Case]


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def calm(make_case: MakeCase) -> Case:
    """A case without a clock, so that only the time of the sleep counts."""
    case = make_case()
    CaseClock.objects.filter(case=case).delete()
    Case.objects.filter(pk=case.pk).update(
        first_reply_due_at=None, progress_due_at=None, resolution_due_at=None
    )
    return fresh(case)


def test_the_choices_go_by_the_wall_of_the_person_and_the_hours_of_the_brand(
    brand: Brand, agent: User, set_hours: Callable[..., object], now: datetime
) -> None:
    agent.time_zone = "Europe/Istanbul"
    always = {one.code: one.until for one in snooze_choices(brand.pk, person=agent, now=now)}
    assert always == {
        "later": datetime(2026, 3, 10, 15, tzinfo=UTC),
        "tomorrow": datetime(2026, 3, 11, 6, tzinfo=UTC),  # 9:00 in Istanbul
        "monday": datetime(2026, 3, 16, 6, tzinfo=UTC),
    }
    set_hours()  # Monday to Friday, 9 to 17 in Amsterdam
    open_hours = {one.code: one.until for one in snooze_choices(brand.pk, person=agent, now=now)}
    assert open_hours["tomorrow"] == datetime(2026, 3, 11, 8, tzinfo=UTC)
    assert open_hours["later"] == datetime(2026, 3, 10, 15, tzinfo=UTC)
    friday = datetime(2026, 3, 13, 15, tzinfo=UTC)
    late = {one.code: one.until for one in snooze_choices(brand.pk, person=agent, now=friday)}
    assert "later" not in late  # in three hours nobody works any more
    assert late["tomorrow"] == late["monday"] == datetime(2026, 3, 16, 8, tzinfo=UTC)


def test_a_case_that_sleeps_is_out_of_the_working_views_until_its_time(
    calm: Case, workspace: Workspace, agent: User, clock: ScriptedClock
) -> None:
    until = clock.now() + timedelta(hours=4)
    snooze_case(calm, until=until, by=agent, now=clock.now())
    cases = Case.objects.filter(workspace=workspace)

    def shown(view: str) -> bool:
        return in_view(cases, view, user=agent, now=clock.now()).exists()

    assert not shown("unassigned")
    assert shown("all")
    clock.move_to(until)
    assert shown("unassigned")  # also while the job of the clock is late
    assert wake_due(now=clock.now()) == 1
    assert wake_due(now=clock.now()) == 0
    assert (fresh(calm).woken_because, fresh(calm).snoozed_until) == ("time", None)
    assert [one.data["because"] for one in ActionLog.objects.filter(action="case.wake")] == ["time"]


def test_it_wakes_at_once_when_the_customer_writes(
    calm: Case, make_comment: Callable[..., Comment], desk: Desk, agent: User, clock: ScriptedClock
) -> None:
    snooze_case(calm, until=clock.now() + timedelta(days=1), by=agent, now=clock.now())
    clock.advance(timedelta(minutes=10))
    make_comment("Hâlâ bekliyorum!", at=clock.now(), external_id="c-77")
    run_until_idle(desk)
    case = fresh(calm)
    assert (case.snoozed_until, case.woken_because) == (None, "customer")


def test_a_sleep_that_would_outlast_a_clock_ends_before_it_and_says_so(
    make_case: MakeCase, desk: Desk, agent: User, clock: ScriptedClock
) -> None:
    case = make_case()
    run_until_idle(desk)
    limit = limit_of(fresh(case))
    assert limit is not None
    sleep = snooze_case(case, until=clock.now() + timedelta(days=3), by=agent, now=clock.now())
    assert sleep.until == limit.latest < limit.due_at == sleep.clock_due_at
    assert fresh(case).snoozed_until == limit.latest
    live_until(desk, clock, until=limit.latest, step=timedelta(minutes=5))
    case = fresh(case)
    assert (case.snoozed_until, case.woken_because) == (None, "clock")
    with pytest.raises(NotPossible, match="nearly over"):
        snooze_case(case, until=clock.now() + timedelta(days=1), by=agent, now=clock.now())


def test_the_clocks_of_a_case_that_sleeps_run_on(
    make_case: MakeCase, agent: User, clock: ScriptedClock
) -> None:
    case = make_case()
    before = (case.first_reply_due_at, list(case.clocks.values_list("due_at", flat=True)))
    snooze_case(case, until=clock.now() + timedelta(minutes=20), by=agent, now=clock.now())
    case = fresh(case)
    after = (case.first_reply_due_at, list(case.clocks.values_list("due_at", flat=True)))
    assert before == after


def test_a_person_wakes_it_and_closing_ends_the_sleep(
    calm: Case, agent: User, clock: ScriptedClock
) -> None:
    until = clock.now() + timedelta(hours=4)
    snooze_case(calm, until=until, by=agent, now=clock.now())
    end_snooze(calm, by=agent, now=clock.now())
    with pytest.raises(NotPossible):
        end_snooze(calm, by=agent, now=clock.now())
    snooze_case(calm, until=until, by=agent, now=clock.now())
    close_case(calm, disposition="not_ours", reason="another shop", by=agent, now=clock.now())
    assert fresh(calm).snoozed_until is None
    with pytest.raises(NotPossible, match="closed"):
        snooze_case(calm, until=until, by=agent, now=clock.now())


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=-1), timedelta(days=91)])
def test_a_moment_that_is_none_is_refused(
    ahead: timedelta, calm: Case, agent: User, now: datetime
) -> None:
    with pytest.raises(NotPossible):
        snooze_case(calm, until=now + ahead, by=agent, now=now)


def test_a_viewer_and_a_stranger_put_nothing_to_sleep(
    calm: Case, viewer: User, stranger: User, now: datetime
) -> None:
    for person in (viewer, stranger):
        with pytest.raises(NotAllowed):
            snooze_case(calm, until=now + timedelta(hours=1), by=person, now=now)
