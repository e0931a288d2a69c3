"""The clock that every part is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from amends.core.clock import ScriptedClock, SystemClock, require_aware

NINE = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def test_the_clock_of_the_machine_speaks_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_scripted_clock_moves_only_when_somebody_moves_it() -> None:
    clock = ScriptedClock(NINE)
    assert clock.now() == clock.now() == NINE
    clock.advance(timedelta(minutes=5))
    assert clock.now() == NINE + timedelta(minutes=5)
    clock.move_to(NINE.astimezone(timezone(timedelta(hours=3))))
    assert clock.now() == NINE
    assert clock.now().tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        require_aware(NINE.replace(tzinfo=None))
    with pytest.raises(ValueError, match="no time zone"):
        ScriptedClock(NINE.replace(tzinfo=None))
