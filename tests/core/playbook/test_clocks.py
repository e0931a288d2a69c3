"""The clocks of a case: from publication, with warnings at 50, 80 and 100 percent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.playbook.calendars import AroundTheClock
from amends.core.playbook.clocks import Arrival, ClockPlan, Countdown, plan_clocks
from amends.core.playbook.schema import load_shipped_playbook
from amends.core.playbook.terms import ClockKind
from amends.core.vocabulary import Priority

CLOCKS = load_shipped_playbook("general").clocks
NINE = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def plan(priority: str, *, observed: datetime = NINE) -> ClockPlan:
    planned = plan_clocks(Priority(priority), clocks=CLOCKS, arrival=Arrival(NINE, observed))
    assert planned is not None
    return planned


def test_a_clock_counts_from_publication_and_shows_the_delay_of_ingestion_apart() -> None:
    planned = plan("P3", observed=NINE + timedelta(minutes=25))
    assert planned.first_reply.due_at == NINE + timedelta(hours=1)
    assert planned.ingestion_delay == timedelta(minutes=25)
    assert planned.first_reply.remaining(NINE + timedelta(minutes=25)) == timedelta(minutes=35)


def test_a_channel_whose_clock_runs_ahead_buys_no_time() -> None:
    arrival = Arrival(published_at=NINE + timedelta(hours=5), observed_at=NINE)
    planned = plan_clocks(Priority.P3, clocks=CLOCKS, arrival=arrival)
    assert planned is not None
    assert planned.first_reply.due_at == NINE + timedelta(hours=1)
    assert planned.ingestion_delay == timedelta(0)


def test_history_starts_no_clocks() -> None:
    arrival = Arrival(NINE, NINE + timedelta(days=90), is_history=True)
    assert plan_clocks(Priority.P1, clocks=CLOCKS, arrival=arrival) is None


@pytest.mark.parametrize(
    ("priority", "first", "progress", "resolution"),
    [
        ("P1", timedelta(minutes=15), timedelta(hours=1), timedelta(hours=24)),
        ("P2", timedelta(minutes=30), timedelta(hours=4), timedelta(days=1)),
        ("P3", timedelta(minutes=60), timedelta(hours=24), timedelta(days=3)),
        ("P4", timedelta(hours=4), None, timedelta(days=5)),
        ("P5", timedelta(hours=4), None, None),
    ],
)
def test_each_priority_has_its_clocks(
    priority: str, first: timedelta, progress: timedelta | None, resolution: timedelta | None
) -> None:
    planned = plan(priority)
    assert planned.first_reply.due_at == NINE + first
    found = [one and one.due_at - NINE for one in (planned.progress, planned.resolution)]
    assert found == [progress, resolution]


@pytest.mark.parametrize(
    ("minutes", "level", "next_at"),
    [
        (-5, 0, 30),
        (0, 0, 30),
        (29, 0, 30),
        (30, 50, 48),
        (47, 50, 48),
        (48, 80, 60),
        (59, 80, 60),
        (60, 100, None),
        (600, 100, None),
    ],
)
def test_warnings_come_at_fifty_eighty_and_a_hundred_percent(
    minutes: int, level: int, next_at: int | None
) -> None:
    clock = plan("P3").first_reply
    now = NINE + timedelta(minutes=minutes)
    assert clock.warning_level(now) == level
    expected = None if next_at is None else NINE + timedelta(minutes=next_at)
    assert clock.next_warning_at(now) == expected
    assert clock.is_late(now) is (level == 100)


@given(TIMES, st.timedeltas(timedelta(0), timedelta(days=40)), st.sampled_from(Priority))
def test_warnings_never_go_backwards_and_the_next_one_lies_ahead(
    start: datetime, later: timedelta, priority: Priority
) -> None:
    planned = plan_clocks(priority, clocks=CLOCKS, arrival=Arrival(start, start))
    assert planned is not None
    for clock in planned.countdowns:
        now = start + later
        assert clock.warning_level(now) >= clock.warning_level(start)
        ahead = clock.next_warning_at(now)
        assert (ahead is None) == (clock.warning_level(now) == 100)
        assert ahead is None or now < ahead <= clock.due_at
        if ahead is not None:
            assert clock.warning_level(ahead) > clock.warning_level(now)
            assert clock.warning_level(ahead - timedelta(microseconds=1)) < clock.warning_level(
                ahead
            )


def test_a_countdown_rebuilt_from_its_ends_warns_at_the_same_moments() -> None:
    planned = plan("P3").first_reply
    rebuilt = Countdown(ClockKind.FIRST_REPLY, planned.starts_at, planned.due_at)
    assert rebuilt.milestones == planned.milestones


def test_moments_without_a_time_zone_are_refused_and_zones_are_brought_to_utc() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Arrival(NINE.replace(tzinfo=None), NINE)
    istanbul = timezone(timedelta(hours=3))
    assert Arrival(NINE.astimezone(istanbul), NINE).published_at == NINE
    assert Arrival(NINE.astimezone(istanbul), NINE).published_at.tzinfo is UTC


class OfficeHours(AroundTheClock):
    """Counts every working hour twice as long, as a calendar with breaks would."""

    def add(self, start: datetime, *, working: timedelta) -> datetime:
        return start + 2 * working

    def add_days(self, start: datetime, *, days: int) -> datetime:
        return start + timedelta(days=2 * days)

    def elapsed(self, start: datetime, *, until: datetime) -> timedelta:
        return (until - start) / 2


def test_a_calendar_counts_for_every_priority_but_those_that_run_always() -> None:
    arrival = Arrival(NINE, NINE)
    urgent = plan_clocks(Priority.P1, clocks=CLOCKS, arrival=arrival, calendar=OfficeHours())
    calm = plan_clocks(Priority.P3, clocks=CLOCKS, arrival=arrival, calendar=OfficeHours())
    assert urgent is not None
    assert calm is not None
    assert calm.resolution is not None
    assert urgent.first_reply.due_at == NINE + timedelta(minutes=15)
    assert calm.first_reply.due_at == NINE + timedelta(hours=2)
    assert calm.first_reply.next_warning_at(NINE) == NINE + timedelta(hours=1)
    assert calm.resolution.due_at == NINE + timedelta(days=6)
