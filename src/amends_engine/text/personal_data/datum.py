"""What the families of finders return."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """A span of the text as given that holds personal data, and of which kind."""

    kind: str
    start: int
    end: int
