"""The clock that every part is given; nothing in the desk asks the operating system for the time itself.

Drills run the same code on a faster clock and tests on a frozen one, so `now` is always an argument.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The time of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ScriptedClock:
    """A clock that stands still until somebody moves it; for history, drills and tests."""

    def __init__(self, at: datetime) -> None:
        self._at = require_aware(at)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        self._at = require_aware(at)

    def advance(self, by: timedelta) -> None:
        self._at += by


def require_aware(moment: datetime) -> datetime:
    """Return `moment` in UTC; raise ValueError for a naive one, since it would mean a guess."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone: say which one is meant")
    return moment.astimezone(UTC)
