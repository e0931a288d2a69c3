"""Which hours count: the contract of a calendar, and the one that never closes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol


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
