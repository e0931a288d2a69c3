"""What the parts of the lint hand on: a level, a place, and a sentence with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """An error stops publication; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """`template` is a message id that `params` fill; `path` is like `clauses[2].texts.tr.rule`."""

    level: Level
    path: str
    template: str
    params: Mapping[str, str]


def error(path: str, template: str, **params: str) -> Problem:
    return Problem(Level.ERROR, path, template, params)


def warning(path: str, template: str, **params: str) -> Problem:
    return Problem(Level.WARNING, path, template, params)
