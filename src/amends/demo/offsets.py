"""Spans of time as the demonstration writes them: -3d4h12m before now, 41m after something."""

from __future__ import annotations

import re
from datetime import timedelta

_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?", re.ASCII)


def parse_span(text: str) -> timedelta:
    """Return the length of "1d2h30m"; raises ValueError for anything else, also for nothing."""
    found = _SPAN.fullmatch(text)
    if found is None or not any(found.groups()):
        raise ValueError(f"{text!r} is no span of time: write it like 1d2h30m")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def parse_offset(text: str) -> timedelta:
    """Return the negative span of "-3d4h12m", to be added to now; raises ValueError otherwise."""
    if not text.startswith("-"):
        raise ValueError(f"{text!r} is no time before now: write it like -3d4h12m")
    return -parse_span(text[1:])
