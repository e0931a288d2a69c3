"""Business calendars: breaks, holidays, own days, and the days on which clocks are put forward or back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.playbook.calendars import BusinessCalendar, Period
from amends.core.playbook.hours import (
    Hours,
    HoursRefused,
    OwnDays,
    calendar_of,
    check_hours,
    hours_from_json,
    read_periods,
)

HOUR = timedelta(hours=1)
ZONES = ("Europe/Amsterdam", "Europe/Istanbul", "Asia/Jakarta", "Europe/Moscow", "America/Havana")
OFFICE = read_periods("9-17")
NEVER_CLOSED = (Period(0, 24 * 60),)


def office(zone: str = "Europe/Amsterdam", **changes: object) -> BusinessCalendar:
    """Monday to Friday, nine to five."""
    week = {"week": (OFFICE,) * 5 + ((), ())} | changes
    return BusinessCalendar(zone=zone, **week)  # type: ignore[arg-type]


def at(text: str, zone: str = "Europe/Amsterdam", fold: int = 0) -> datetime:
    """A time on the wall of a zone, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_friday_half_past_four_with_one_hour_is_due_on_monday_at_half_past_nine(zone: str) -> None:
    due_at = office(zone).add(at("2026-11-20T16:30", zone), working=HOUR)
    assert due_at == at("2026-11-23T09:30", zone)


def test_lunch_breaks_are_not_counted() -> None:
    """Fault of another desk: chatwoot#14009."""
    calendar = office(week=(read_periods("9-12:30, 13:30-17"),) * 5 + ((), ()))
    assert calendar.add(at("2026-11-23T12:00"), working=HOUR) == at("2026-11-23T14:00")
    assert calendar.elapsed(at("2026-11-23T12:00"), until=at("2026-11-23T14:00")) == HOUR
    assert calendar.add(at("2026-11-23T12:45"), working=HOUR) == at("2026-11-23T14:30")


def test_working_time_is_counted_and_not_the_wall_clock() -> None:
    """Fault of another desk: chatwoot PR#13392."""
    calendar = office()
    assert calendar.elapsed(at("2026-11-20T16:30"), until=at("2026-11-23T09:30")) == HOUR
    assert calendar.elapsed(at("2026-11-21T10:00"), until=at("2026-11-22T10:00")) == timedelta(0)


def test_time_that_ends_with_the_day_is_due_at_closing() -> None:
    assert office().add(at("2026-11-20T16:00"), working=HOUR) == at("2026-11-20T17:00")


def test_holidays_of_the_country_are_closed_and_own_days_go_before_them() -> None:
    hours = Hours(is_always=False, zone="Europe/Istanbul", week=(OFFICE,) * 7, country="TR")
    calendar = calendar_of(hours)
    eve = at("2026-10-28T16:30", "Europe/Istanbul")
    assert calendar.add(eve, working=HOUR) == at("2026-10-30T09:30", "Europe/Istanbul")
    republic = date(2026, 10, 29)
    opened = Hours(
        is_always=False,
        zone="Europe/Istanbul",
        week=(OFFICE,) * 7,
        country="TR",
        own_days=(OwnDays(republic, republic, read_periods("10-12"), "hotline"),),
    )
    assert calendar_of(opened).add(eve, working=HOUR) == at("2026-10-29T10:30", "Europe/Istanbul")


def test_a_region_has_holidays_of_its_own() -> None:
    assumption = at("2025-08-15T10:00", "Europe/Berlin")
    for region, is_open in (("BY", True), ("HE", True), ("SL", False)):
        hours = Hours(
            is_always=False,
            zone="Europe/Berlin",
            week=(OFFICE,) * 7,
            country="DE",
            region=region,
        )
        check_hours(hours)
        calendar = calendar_of(hours)
        assert isinstance(calendar, BusinessCalendar)
        assert calendar.is_open(assumption) is is_open, region


def test_own_days_can_close_for_a_while() -> None:
    first, last = date(2026, 12, 24), date(2027, 1, 1)
    days = (OwnDays(first, last, (), "stocktaking"),)
    hours = Hours(
        is_always=False,
        zone="Asia/Jakarta",
        week=(OFFICE,) * 5 + ((), ()),
        own_days=days,
    )
    due_at = calendar_of(hours).add(at("2026-12-23T16:30", "Asia/Jakarta"), working=HOUR)
    assert due_at == at("2027-01-04T09:30", "Asia/Jakarta")


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)],
)
def test_a_day_of_changed_clocks_in_amsterdam_has_the_hours_that_pass(day: str, hours: int) -> None:
    calendar = office(week=(NEVER_CLOSED,) * 7)
    begin = at(f"{day}T00:00")
    end = at((date.fromisoformat(day) + timedelta(days=1)).isoformat() + "T00:00")
    assert calendar.elapsed(begin, until=end) == hours * HOUR
    assert calendar.add(begin, working=hours * HOUR) == end


@pytest.mark.parametrize("zone", ["Europe/Istanbul", "Asia/Jakarta", "Europe/Moscow"])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_zones_without_summer_time_have_24_hours_every_day(zone: str, day: str) -> None:
    calendar = office(zone, week=(NEVER_CLOSED,) * 7)
    begin = at(f"{day}T00:00", zone)
    assert calendar.elapsed(begin, until=begin + 24 * HOUR) == 24 * HOUR


def test_an_hour_that_does_not_exist_is_not_worked_and_one_that_comes_twice_is_worked_twice() -> (
    None
):
    nights = office(week=(read_periods("1-4"),) * 7)
    spring, autumn = at("2026-03-29T00:00"), at("2026-10-25T00:00")
    assert nights.elapsed(spring, until=spring + 12 * HOUR) == 2 * HOUR
    assert nights.elapsed(autumn, until=autumn + 12 * HOUR) == 4 * HOUR
    gap = office(week=(read_periods("2:15-2:45, 3-4"),) * 7)
    assert gap.elapsed(spring, until=spring + 12 * HOUR) == HOUR
    assert gap.add(spring, working=HOUR / 2) == at("2026-03-29T03:30")


def test_the_office_day_after_a_changed_clock_is_an_ordinary_one() -> None:
    assert office().add(at("2026-03-27T16:30"), working=HOUR) == at("2026-03-30T09:30")
    assert office().add(at("2026-10-23T16:30"), working=HOUR) == at("2026-10-26T09:30")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-20T16:30", 1, "2026-11-23T16:30"),  # Friday to Monday
        ("2026-11-18T11:00", 3, "2026-11-23T11:00"),
        ("2026-11-21T12:00", 1, "2026-11-24T09:00"),  # Saturday counts as Monday morning
        ("2026-11-19T20:00", 1, "2026-11-23T09:00"),  # the evening counts as the next morning
        ("2026-11-19T11:00", 0, "2026-11-19T11:00"),
    ],
)
def test_working_days_keep_the_time_of_day(start: str, days: int, due: str) -> None:
    assert office().add_days(at(start), days=days) == at(due)


def test_a_time_of_day_that_is_a_break_on_the_last_day_moves_into_its_hours() -> None:
    week = (OFFICE, read_periods("9-12, 15-16"), OFFICE, OFFICE, OFFICE, (), ())
    calendar = office(week=week)
    assert calendar.add_days(at("2026-11-23T13:00"), days=1) == at("2026-11-24T15:00")
    assert calendar.add_days(at("2026-11-23T16:45"), days=1) == at("2026-11-24T16:00")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nine to five", "unreadable"),
        ("9-25", "unreadable"),
        ("9:75-17", "unreadable"),
        ("17-9", "order"),
        ("9-9", "order"),
        ("9-13, 12-17", "overlap"),
    ],
)
def test_hours_that_cannot_be_counted_by_say_why(text: str, code: str) -> None:
    with pytest.raises(HoursRefused) as refused:
        read_periods(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"zone": "../etc"}, "zone"),
        ({"country": "XX"}, "country"),
        ({"country": "NL", "region": "BY"}, "region"),
        ({"is_always": False}, "never_open"),
        ({"own_days": (OwnDays(date(2026, 2, 2), date(2026, 1, 1)),)}, "days_order"),
        ({"own_days": (OwnDays(date(2026, 2, 2), date(2036, 1, 1)),)}, "days_long"),
    ],
)
def test_impossible_hours_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(HoursRefused) as refused:
        check_hours(Hours(**changes))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_what_was_written_down_is_read_back() -> None:
    hours = Hours(
        is_always=False,
        zone="Asia/Jakarta",
        week=(read_periods("8:30–12; 13–24"),) * 7,
        country="ID",
        own_days=(OwnDays(date(2026, 1, 2), date(2026, 1, 3), (), "tutup"),),
    )
    assert hours_from_json(hours.to_json()) == hours
    assert hours_from_json(hours.to_json()).digest == hours.digest


PERIODS = st.lists(st.integers(0, 24 * 4), min_size=2, max_size=6, unique=True).map(
    lambda marks: tuple(
        Period(first * 15, second * 15)
        for first, second in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False)
    )
)
WEEKS = st.tuples(*[PERIODS | st.just(())] * 7).filter(any)
CALENDARS = st.builds(
    lambda zone, week, closed: BusinessCalendar(
        zone=zone, week=week, days=tuple((day, ()) for day in sorted(closed))
    ),
    st.sampled_from(ZONES),
    WEEKS,
    st.sets(st.dates(date(2026, 3, 25), date(2026, 4, 2)), max_size=3),
)
# Around both changes of 2026, minutes and seconds as people write them.
STARTS = st.datetimes(datetime(2026, 3, 27), datetime(2026, 3, 31)) | st.datetimes(  # noqa: DTZ001
    datetime(2026, 10, 23),  # noqa: DTZ001
    datetime(2026, 11, 2),  # noqa: DTZ001
)
WORK = st.timedeltas(timedelta(seconds=1), timedelta(hours=40))


@given(calendar=CALENDARS, start=STARTS, working=WORK)
def test_what_was_added_has_elapsed_and_is_never_due_in_a_closed_period(
    calendar: BusinessCalendar, start: datetime, working: timedelta
) -> None:
    begin = start.replace(tzinfo=UTC)
    due_at = calendar.add(begin, working=working)
    assert due_at > begin
    assert calendar.elapsed(begin, until=due_at) == working
    assert calendar.elapsed(due_at, until=begin) == -working
    assert calendar.is_open(due_at - timedelta(microseconds=1))  # open up to the moment itself


@given(
    calendar=CALENDARS,
    start=STARTS,
    later=st.timedeltas(timedelta(0), timedelta(days=3)),
    working=WORK,
    days=st.integers(0, 6),
)
def test_who_comes_later_is_never_due_earlier(
    calendar: BusinessCalendar,
    start: datetime,
    later: timedelta,
    working: timedelta,
    days: int,
) -> None:
    first = start.replace(tzinfo=UTC)
    second = first + later
    assert calendar.add(first, working=working) <= calendar.add(second, working=working)
    assert calendar.add_days(first, days=days) <= calendar.add_days(second, days=days)
    assert calendar.add_days(first, days=days) >= first
    assert calendar.elapsed(first, until=second) <= later


@given(calendar=CALENDARS, start=STARTS, parts=st.lists(WORK, min_size=1, max_size=4))
def test_time_added_in_parts_is_time_added_at_once(
    calendar: BusinessCalendar, start: datetime, parts: list[timedelta]
) -> None:
    moment = begin = start.replace(tzinfo=UTC)
    for part in parts:
        moment = calendar.add(moment, working=part)
    assert moment == calendar.add(begin, working=sum(parts, timedelta(0)))
