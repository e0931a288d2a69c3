"""Public ids: the short names by which people speak of cases and incidents."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LETTERS = {"case": "C", "incident": "I"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_FORM = re.compile(r"([A-Za-z])-([1-9][0-9]{0,17})\Z")


class PublicIdError(ValueError):
    """A text is no public id; the message says what one looks like."""


@dataclass(frozen=True, slots=True)
class PublicId:
    """What a public id names: the kind of thing and its number in the workspace."""

    kind: str
    number: int

    def __str__(self) -> str:
        return public_id(self.kind, number=self.number)


def public_id(kind: str, *, number: int) -> str:
    """Return "C-12" for case 12, "I-3" for incident 3; raise ValueError for another kind."""
    if kind not in _LETTERS:
        raise ValueError(f"{kind} has no public ids; {' and '.join(_LETTERS)} have")
    if number < 1:
        raise ValueError(f"{kind} {number}: numbers of public ids count from 1")
    return f"{_LETTERS[kind]}-{number}"


def parse_public_id(text: str) -> PublicId:
    """Read "C-12" or "c-12", with spaces around; raise PublicIdError for anything else."""
    match = _FORM.match(text.strip())
    if match is None or match[1].upper() not in _KINDS:
        shown = text if len(text) <= 40 else f"{text[:39]}…"
        raise PublicIdError(
            f"{shown!r} is no public id; write C-12 for a case, I-3 for an incident"
        )
    return PublicId(_KINDS[match[1].upper()], int(match[2]))
