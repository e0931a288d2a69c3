"""What a check reports: which rule, how grave, where, and which text explains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["block", "warn", "hint"]
LEVELS: tuple[Level, ...] = ("block", "warn", "hint")
"""From grave to light."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check found, before it has words.

    `start` and `end` bound code points of the reply as given, or both are None where nothing can
    be pointed at. `reason` names the entry of the language file that explains it: the check
    itself, or the check with a variant (`Q06.bare`).
    """

    reason: str
    level: Level
    start: int | None = None
    end: int | None = None

    @property
    def check(self) -> str:
        return self.reason.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark with its message and suggestion in the language of the reply, and its sources."""

    check: str
    level: Level
    start: int | None
    end: int | None
    message: str
    suggestion: str
    reason: str
    source: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the object that `amends lint` writes."""
        return {
            "check": self.check,
            "level": self.level,
            "start": self.start,
            "end": self.end,
            "message": self.message,
            "suggestion": self.suggestion,
            "reason": self.reason,
            "source": list(self.source),
        }
