"""What stops the reading of a table."""

from __future__ import annotations


class UnusableInput(Exception):
    """Raised for wrong use or unusable input; one line: what, where, what to do."""
