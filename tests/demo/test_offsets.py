"""Spans of time are read as they are written, and nothing else is taken for one."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.demo.offsets import parse_offset, parse_span


@given(days=st.integers(0, 400), hours=st.integers(0, 99), minutes=st.integers(0, 999))
def test_every_span_comes_back(days: int, hours: int, minutes: int) -> None:
    expected = timedelta(days=days, hours=hours, minutes=minutes)
    assert parse_span(f"{days}d{hours}h{minutes}m") == expected
    assert parse_offset(f"-{days}d{hours}h{minutes}m") == -expected


@pytest.mark.parametrize("text", ["", "3", "h", "1m2h", "-1h", "1.5h", "1h ", "٣h", "1w"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no span of time"):
        parse_span(text)


@given(st.text())
def test_any_text_gives_a_span_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert parse_span(text) >= timedelta()


@pytest.mark.parametrize("text", ["3h", "+3h", "- 3h"])
def test_an_offset_lies_before_now(text: str) -> None:
    with pytest.raises(ValueError, match="write it like"):
        parse_offset(text)
