"""Cells for spreadsheets: what would be computed when somebody opens the file is made plain text."""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(value: object) -> object:
    """The value, a text that a spreadsheet would take for a formula with an apostrophe before it."""
    if isinstance(value, str) and value.startswith(_STARTS):
        return f"'{value}"
    return value
