"""Counts the length of a reply as its channel does."""

from __future__ import annotations

import regex


def count_length(text: str, *, unit: str) -> int:
    """The length in "codepoints" or in "graphemes" (what a reader takes for one)."""
    if unit == "graphemes":
        return len(regex.findall(r"\X", text))
    return len(text)
