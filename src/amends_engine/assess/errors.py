"""What breaks a run over a file off."""

from __future__ import annotations


class EngineStopped(Exception):
    """Raised when judging broke off for no fault of the input; one line, as UnusableInput."""
