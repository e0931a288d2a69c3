"""Which hours count: the contract of a calendar, one that never closes, and the one of business hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Protocol
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTES_A_DAY = 24 * 60
PATIENCE_DAYS = 3660  # a calendar that stays closed for ten years is a mistake


class Calendar(Protocol):
    """Counts working time; all moments are aware and in UTC, a business calendar knows its zone."""

    def add(self, start: datetime, *, working: timedelta) -> datetime:
        """Return the moment at which `working` time has passed since `start`."""
        ...

    def add_days(self, start: datetime, *, days: int) -> datetime:
        """Return the moment `days` working days after `start`."""
        ...

    def elapsed(self, start: datetime, *, until: datetime) -> timedelta:
        """Return how much working time lies between both moments."""
        ...


class AroundTheClock:
    """Every hour counts and a day has 24 of them; "the same day" is therefore within 24 hours."""

    def add(self, start: datetime, *, working: timedelta) -> datetime:
        return start + working

    def add_days(self, start: datetime, *, days: int) -> datetime:
        return start + timedelta(days=days)

    def elapsed(self, start: datetime, *, until: datetime) -> timedelta:
        return until - start


class Holidays(Protocol):
    """Which days of a year are holidays; pure, the same answer every time."""

    def of_year(self, year: int) -> dict[date, str]:
        """Return the days with their names."""
        ...


class NoHolidays:
    """Every day is like any other."""

    def of_year(self, year: int) -> dict[date, str]:
        return {}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Open hours within one day, in minutes since midnight by the clock on the wall; the end is not in it."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MINUTES_A_DAY:
            raise ValueError(f"{self.opens}–{self.closes} is no period of a day: 0–{MINUTES_A_DAY}")


Periods = tuple[Period, ...]
Span = tuple[datetime, datetime]  # in UTC


@dataclass(frozen=True)
class BusinessCalendar:
    """Working time of a brand: several periods a day by weekday, closed on holidays, days of its own.

    `week` begins on Monday. `days` says of single dates when they are open (an empty tuple: closed) and
    goes before holidays and weekdays. On the days on which clocks are put forward or back, time is
    counted as it really passes: an hour that does not exist is not worked, one that comes twice is
    worked twice. Raises ValueError for a week without hours, or periods of a day that overlap.
    """

    zone: str
    week: tuple[Periods, Periods, Periods, Periods, Periods, Periods, Periods]
    days: tuple[tuple[date, Periods], ...] = ()
    holidays: Holidays = field(default_factory=NoHolidays)

    def __post_init__(self) -> None:
        if not any(self.week):
            raise ValueError("a week without a single open hour: nothing would ever be due")
        for periods in (*self.week, *(periods for _day, periods in self.days)):
            for first, second in pairwise(periods):
                if second.opens < first.closes:
                    raise ValueError("periods of a day must follow each other without overlap")
        object.__setattr__(self, "_own", dict(self.days))
        object.__setattr__(self, "_tz", ZoneInfo(self.zone))
        object.__setattr__(self, "_open", lru_cache(maxsize=512)(self._spans_of))

    def add(self, start: datetime, *, working: timedelta) -> datetime:
        """Return the first moment at which `working` time has passed; for none, the next open moment."""
        left = working
        for opens, closes in self._open_from(start):
            here = max(opens, start)
            if left <= closes - here:
                return here + left
            left -= closes - here
        raise ValueError(f"closed for {PATIENCE_DAYS} days after {start.isoformat()}")

    def add_days(self, start: datetime, *, days: int) -> datetime:
        """Return the same time of day `days` working days later, moved into the hours of that day.

        A comment that comes while nobody works counts as if it came at the next opening.
        """
        begin = self.add(start, working=timedelta(0)).astimezone(self._tz)  # type: ignore[attr-defined]
        day = begin.date()
        for _count in range(days):
            day = self._next_working_day(day)
        return self._within(day, at=_time_of_day(begin, zone=self._tz))  # type: ignore[attr-defined]

    def elapsed(self, start: datetime, *, until: datetime) -> timedelta:
        """Return the working time between both; negative when `until` comes first."""
        if until < start:
            return -self.elapsed(until, until=start)
        total = timedelta(0)
        for opens, closes in self._open_from(start):
            if opens >= until:
                return total
            total += min(closes, until) - max(opens, start)
        return total

    def is_open(self, moment: datetime) -> bool:
        day = self._local_date(moment)
        return any(
            opens <= moment < closes
            for one in (day - DAY, day)
            for opens, closes in self._open(one)  # type: ignore[attr-defined]
        )

    def periods_of(self, day: date) -> Periods:
        """The open hours of a date, holidays and own days considered."""
        own: dict[date, Periods] = self._own  # type: ignore[attr-defined]
        if day in own:
            return own[day]
        if day in self.holidays.of_year(day.year):
            return ()
        return self.week[day.weekday()]

    def _open_from(self, start: datetime) -> Iterator[Span]:
        """The open spans that end after `start`, in order."""
        day = self._local_date(start) - DAY
        for _count in range(PATIENCE_DAYS):
            for opens, closes in self._open(day):  # type: ignore[attr-defined]
                if closes > start:
                    yield opens, closes
            day += DAY

    def _next_working_day(self, day: date) -> date:
        for _count in range(PATIENCE_DAYS):
            day += DAY
            if self._open(day):  # type: ignore[attr-defined]
                return day
        raise ValueError(f"closed for {PATIENCE_DAYS} days after {day.isoformat()}")

    def _within(self, day: date, *, at: timedelta) -> datetime:
        """The moment with that time of day; in a break the end of it, after hours the closing."""
        minutes, rest = divmod(at, timedelta(minutes=1))
        wanted = _moment(day, minutes=minutes, zone=self._tz, fold=0) + rest  # type: ignore[attr-defined]
        spans: tuple[Span, ...] = self._open(day)  # type: ignore[attr-defined]
        for opens, closes in spans:
            if wanted <= closes:
                return max(wanted, opens)
        return spans[-1][1]

    def _local_date(self, moment: datetime) -> date:
        return moment.astimezone(self._tz).date()  # type: ignore[attr-defined]

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        """The open hours of a date in UTC, merged where a clock that is put back makes them meet."""
        merged: list[Span] = []
        for period in self.periods_of(day):
            opens = _moment(day, minutes=period.opens, zone=self._tz, fold=0)  # type: ignore[attr-defined]
            # Midnight at the end is the first one, at which the next day begins.
            fold = 0 if period.closes == MINUTES_A_DAY else 1
            closes = _moment(day, minutes=period.closes, zone=self._tz, fold=fold)  # type: ignore[attr-defined]
            if closes <= opens:
                continue  # the whole period falls into the hour that does not exist
            if merged and opens <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
            else:
                merged.append((opens, closes))
        return tuple(merged)


def _moment(day: date, *, minutes: int, zone: ZoneInfo, fold: int) -> datetime:
    """A time on the wall in UTC; one that does not exist is the moment at which the clock jumps."""
    days, rest = divmod(minutes, MINUTES_A_DAY)
    at = time(rest // 60, rest % 60, fold=fold)
    wall = datetime.combine(day + days * DAY, at, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _jump(
        wall.replace(fold=1).astimezone(UTC), before=wall.replace(fold=0).astimezone(UTC), zone=zone
    )


def _time_of_day(local: datetime, *, zone: ZoneInfo) -> timedelta:
    """Since midnight by the wall; in an hour that comes again the end of it, so that later stays later."""
    midnight = datetime.combine(local.date(), time())
    first = local.replace(fold=0)
    if local.fold and first.utcoffset() != local.utcoffset():
        jump = _jump(first.astimezone(UTC), before=local.astimezone(UTC), zone=zone)
        wall = jump.replace(tzinfo=None) + (first.utcoffset() or timedelta(0))
        return min(wall - midnight, DAY)
    return local.replace(tzinfo=None) - midnight


def _jump(after: datetime, *, before: datetime, zone: ZoneInfo) -> datetime:
    """The moment between both at which the offset of the zone changes, to the second."""
    low, high = sorted((after, before))
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high
