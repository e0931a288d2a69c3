"""What stops a run over a file before or while it is read."""

from __future__ import annotations


class UnusableInput(Exception):
    """Raised for wrong use or unusable input; one line: what, where, what to do."""


class EngineStopped(Exception):
    """Raised when judging broke off for no fault of the input; one line, as above."""
