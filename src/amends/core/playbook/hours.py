"""Business hours as a lead writes them down: reading, checking, and the calendar that follows from them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from amends.core.digest import canonical_json
from amends.core.national_holidays import NationalHolidays, countries, regions_of
from amends.core.playbook.calendars import (
    MINUTES_A_DAY,
    AroundTheClock,
    BusinessCalendar,
    Calendar,
    NoHolidays,
    Period,
    Periods,
)

MAX_SPAN_DAYS = 366
MAX_OWN_DAYS = 1000  # all rows together
_PERIOD = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")


class HoursRefused(ValueError):
    """These hours cannot be counted by; `code` says why, `field` and `row` where."""

    def __init__(self, code: str, *, field: str = "", row: int = -1) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.row = row


@dataclass(frozen=True, slots=True)
class OwnDays:
    """Days from `first` to `last` that are not like others: open at other hours, or closed (no periods)."""

    first: date
    last: date
    periods: Periods = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a brand works. `is_always`: around the clock, and the rest does not count."""

    is_always: bool = True
    zone: str = "UTC"
    week: tuple[Periods, ...] = ((),) * 7  # from Monday
    country: str = ""
    region: str = ""
    own_days: tuple[OwnDays, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; `hours_from_json` gives the same back."""
        return {
            "is_always": self.is_always,
            "zone": self.zone,
            "week": [[write_period(one) for one in periods] for periods in self.week],
            "country": self.country,
            "region": self.region,
            "own_days": [
                {
                    "first": one.first.isoformat(),
                    "last": one.last.isoformat(),
                    "periods": [write_period(period) for period in one.periods],
                    "name": one.name,
                }
                for one in self.own_days
            ],
        }

    @property
    def digest(self) -> str:
        """The SHA-256 of what they say, in hex."""
        return hashlib.sha256(canonical_json(self.to_json())).hexdigest()


def hours_from_json(said: Mapping[str, Any]) -> Hours:
    """Read what `to_json` wrote; raises HoursRefused for anything else."""
    try:
        return Hours(
            is_always=bool(said["is_always"]),
            zone=str(said["zone"]),
            week=tuple(read_periods(", ".join(day)) for day in said["week"]),
            country=str(said["country"]),
            region=str(said["region"]),
            own_days=tuple(
                OwnDays(
                    date.fromisoformat(one["first"]),
                    date.fromisoformat(one["last"]),
                    read_periods(", ".join(one["periods"])),
                    str(one["name"]),
                )
                for one in said["own_days"]
            ),
        )
    except (KeyError, TypeError) as error:
        raise HoursRefused("unreadable") from error


def check_hours(hours: Hours) -> None:
    """Raise HoursRefused for hours by which nothing could be counted."""
    try:
        ZoneInfo(hours.zone)
    except (ValueError, OSError, KeyError) as error:
        raise HoursRefused("zone", field="time_zone") from error
    if hours.country and hours.country not in countries():
        raise HoursRefused("country", field="country")
    if hours.region and hours.region not in regions_of(hours.country):
        raise HoursRefused("region", field="region")
    if not hours.is_always and (len(hours.week) != 7 or not any(hours.week)):
        raise HoursRefused("never_open", field="week")
    _check_own_days(hours.own_days)


def calendar_of(hours: Hours | None) -> Calendar:
    """The calendar that counts by them; without any, around the clock."""
    return AroundTheClock() if hours is None or hours.is_always else _business_calendar(hours)


@lru_cache(maxsize=64)
def _business_calendar(hours: Hours) -> BusinessCalendar:
    # A later row of the own days wins over an earlier one.
    days = {
        one.first + timedelta(days=count): one.periods
        for one in hours.own_days
        for count in range((one.last - one.first).days + 1)
    }
    week = hours.week
    return BusinessCalendar(
        zone=hours.zone,
        week=(week[0], week[1], week[2], week[3], week[4], week[5], week[6]),
        days=tuple(sorted(days.items())),
        holidays=NationalHolidays(hours.country, hours.region) if hours.country else NoHolidays(),
    )


def read_periods(text: str) -> Periods:
    """Read "9-12:30, 13:30-17"; empty means closed. Raises HoursRefused."""
    if not text.strip():
        return ()
    periods = [_read_period(part.strip()) for part in re.split(r"[,;]", text) if part.strip()]
    periods.sort()
    for first, second in pairwise(periods):
        if second.opens < first.closes:
            raise HoursRefused("overlap")
    return tuple(periods)


def write_period(period: Period) -> str:
    return f"{_write_minutes(period.opens)}-{_write_minutes(period.closes)}"


def write_periods(periods: Sequence[Period]) -> str:
    """As `read_periods` reads it."""
    return ", ".join(write_period(one) for one in periods)


def _read_period(text: str) -> Period:
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise HoursRefused("unreadable")
    hours = [int(found[1]), int(found[3])]
    minutes = [int(found[2] or 0), int(found[4] or 0)]
    opens, closes = (hour * 60 + minute for hour, minute in zip(hours, minutes, strict=True))
    if max(minutes) > 59 or closes > MINUTES_A_DAY:
        raise HoursRefused("unreadable")
    if opens >= closes:
        raise HoursRefused("order")
    return Period(opens, closes)


def _check_own_days(own_days: Sequence[OwnDays]) -> None:
    total = 0
    for row, one in enumerate(own_days):
        if one.last < one.first:
            raise HoursRefused("days_order", field="last", row=row)
        total += (one.last - one.first).days + 1
        if (one.last - one.first).days >= MAX_SPAN_DAYS or total > MAX_OWN_DAYS:
            raise HoursRefused("days_long", field="last", row=row)


def _write_minutes(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
