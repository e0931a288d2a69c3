"""The clocks of a case: when first reply, progress and resolution are due, and when to warn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from amends.core.clock import require_aware
from amends.core.playbook.calendars import AroundTheClock, Calendar
from amends.core.playbook.rules import ClockTargets, Span
from amends.core.playbook.terms import ClockKind, Hours
from amends.core.vocabulary import Priority

WARNING_LEVELS = (50, 80, 100)  # percent of the time promised


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a comment was published and when we had it; history starts no clocks."""

    published_at: datetime
    observed_at: datetime
    is_history: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "published_at", require_aware(self.published_at))
        object.__setattr__(self, "observed_at", require_aware(self.observed_at))

    @property
    def starts_at(self) -> datetime:
        """Publication, for that is when the author began to wait.

        A channel whose clock runs ahead names a moment after we had the comment; then ours counts,
        else a wrong clock would buy us time.
        """
        return min(self.published_at, self.observed_at)

    @property
    def ingestion_delay(self) -> timedelta:
        """How long it stood there before we had it; shown apart, never taken off a clock."""
        return self.observed_at - self.starts_at


@dataclass(frozen=True, slots=True)
class Countdown:
    """One running clock.

    `warn_at` holds the moments of 50 and 80 percent of the working time; without it (a countdown
    rebuilt from start and due time) the time is taken to run without pauses.
    """

    kind: ClockKind
    starts_at: datetime
    due_at: datetime
    warn_at: tuple[datetime, datetime] | None = None

    @property
    def milestones(self) -> tuple[tuple[int, datetime], ...]:
        """The moments at which 50, 80 and 100 percent are used up."""
        whole = self.due_at - self.starts_at
        half, most = self.warn_at or (self.starts_at + whole / 2, self.starts_at + whole * 4 / 5)
        return tuple(zip(WARNING_LEVELS, (half, most, self.due_at), strict=True))

    def warning_level(self, now: datetime) -> int:
        """Return 0, 50, 80 or 100: how much of the time is used up, in steps of the warnings."""
        return max((level for level, moment in self.milestones if now >= moment), default=0)

    def next_warning_at(self, now: datetime) -> datetime | None:
        """Return when the next warning is due; None once the clock has run out."""
        return next((moment for _, moment in self.milestones if now < moment), None)

    def remaining(self, now: datetime) -> timedelta:
        """Return the time until it is due by the wall clock; negative when it is late."""
        return self.due_at - now

    def is_late(self, now: datetime) -> bool:
        return now >= self.due_at


@dataclass(frozen=True, slots=True)
class ClockPlan:
    """The clocks that a priority sets running for a comment."""

    priority: Priority
    arrival: Arrival
    countdowns: tuple[Countdown, ...]  # first reply, progress, resolution; absent ones do not run

    @property
    def ingestion_delay(self) -> timedelta:
        return self.arrival.ingestion_delay

    @property
    def first_reply(self) -> Countdown:
        return self.countdowns[0]

    @property
    def progress(self) -> Countdown | None:
        return self._find(ClockKind.PROGRESS)

    @property
    def resolution(self) -> Countdown | None:
        return self._find(ClockKind.RESOLUTION)

    def _find(self, kind: ClockKind) -> Countdown | None:
        return next((one for one in self.countdowns if one.kind is kind), None)


def plan_clocks(
    priority: Priority,
    *,
    clocks: Mapping[Priority, ClockTargets],
    arrival: Arrival,
    calendar: Calendar | None = None,
) -> ClockPlan | None:
    """Return the clocks that run for a comment, counted from its publication; None for history.

    `calendar` counts working time and defaults to around the clock; a priority whose hours are
    "always" never asks it.
    """
    if arrival.is_history:
        return None
    promised = clocks[priority]
    counting: Calendar = AroundTheClock()
    if calendar is not None and promised.hours is Hours.WORKING:
        counting = calendar
    countdowns = tuple(
        start_clock(
            kind, span=promised.targets[kind], starts_at=arrival.starts_at, calendar=counting
        )
        for kind in ClockKind
        if kind in promised.targets
    )
    return ClockPlan(priority, arrival, countdowns)


def start_clock(
    kind: ClockKind, *, span: Span, starts_at: datetime, calendar: Calendar
) -> Countdown:
    """Return one clock that begins to run at `starts_at`, with the moments at which it warns."""
    if span.days:
        due_at = calendar.add_days(starts_at, days=span.days)
    else:
        due_at = calendar.add(starts_at, working=timedelta(minutes=span.minutes))
    working = calendar.elapsed(starts_at, until=due_at)
    half, most = (
        calendar.add(starts_at, working=working * level / 100) for level in WARNING_LEVELS[:2]
    )
    return Countdown(kind, starts_at, due_at, (half, most))


def resume_clock(
    countdown: Countdown, *, paused_at: datetime, now: datetime, calendar: Calendar
) -> Countdown:
    """Return the clock after a pause: what was left at `paused_at` is left from `now` on.

    Marks that had passed before the pause stay where they were. Never earlier than before.
    """
    half, most, due_at = (
        moment
        if moment <= paused_at
        else max(moment, calendar.add(now, working=calendar.elapsed(paused_at, until=moment)))
        for _level, moment in countdown.milestones
    )
    return Countdown(countdown.kind, countdown.starts_at, due_at, (half, most))


def sooner_of(new: Countdown, *, old: Countdown) -> Countdown:
    """Return what is due first, mark by mark: a case that became more urgent is never due later."""
    half, most, due_at = (
        min(ours, theirs)
        for (_level, ours), (_same, theirs) in zip(new.milestones, old.milestones, strict=True)
    )
    return Countdown(new.kind, min(new.starts_at, old.starts_at), due_at, (half, most))
