"""What `amends doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    is_fine: bool
    is_needed: bool
    detail: str
    what_to_do: str = ""


def fine(name: str, detail: str) -> Finding:
    return Finding(name, is_fine=True, is_needed=True, detail=detail)


def missing(name: str, detail: str, *, what_to_do: str, is_needed: bool = True) -> Finding:
    return Finding(name, is_fine=False, is_needed=is_needed, detail=detail, what_to_do=what_to_do)
