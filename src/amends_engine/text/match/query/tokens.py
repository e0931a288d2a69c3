"""Cut a query into words, marks and fields; linear, no backtracking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from amends_engine.text.match.query.errors import QueryError
from amends_engine.text.match.query.tree import Field

MAX_CHARS = 2_000
MAX_DISTANCE = 50

_OPENING = '"“„«”'
_CLOSING = '"“”»'
_NEAR = re.compile(r"near(?:/(.*))?", re.IGNORECASE)
_FIELD = re.compile(r"([A-Za-z]{2,20}):(?!//)")


class Kind(Enum):
    """What a token is."""

    AND = auto()
    OR = auto()
    NOT = auto()
    NEAR = auto()
    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    PHRASE = auto()
    FIELD = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token: `text` as it stands, `value` what it says, `column` from 1."""

    kind: Kind
    text: str
    column: int
    value: str = ""
    field: Field | None = None
    distance: int = 0
    is_quoted: bool = False


def cut(text: str) -> Iterator[Token]:
    """The tokens of a query; raises QueryError where one cannot be read."""
    if len(text) > MAX_CHARS:
        raise QueryError("too_long", column=MAX_CHARS + 1, found=str(len(text)), limit=MAX_CHARS)
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in "()":
            yield Token(Kind.OPEN if char == "(" else Kind.CLOSE, char, at + 1)
            at += 1
        elif char in _OPENING:
            value, end = _quoted(text, at)
            yield Token(Kind.PHRASE, text[at:end], at + 1, value)
            at = end
        elif char in "-−" and at + 1 < len(text) and not text[at + 1].isspace():
            yield Token(Kind.NOT, char, at + 1)
            at += 1
        else:
            token, at = _word(text, at)
            yield token


def _word(text: str, at: int) -> tuple[Token, int]:
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in "()" + _OPENING:
        end += 1
    word, column = text[at:end], at + 1
    if word in {"AND", "OR", "NOT"}:
        return Token(Kind[word], word, column), end
    near = _NEAR.fullmatch(word)
    if near and (near[1] is not None or word == "NEAR"):
        return Token(Kind.NEAR, word, column, distance=_distance(near[1], word, column)), end
    field = _FIELD.match(word)
    if field:
        return _field(text, at, end, name=field[1])
    return Token(Kind.WORD, word, column, word), end


def _field(text: str, at: int, end: int, *, name: str) -> tuple[Token, int]:
    column = at + 1
    try:
        field = Field(name.lower())
    except ValueError:
        known = ", ".join(f"{one}:" for one in Field)
        raise QueryError("unknown_field", column=column, found=f"{name}:", known=known) from None
    value, is_quoted = text[at + len(name) + 1 : end], False
    if not value and end < len(text) and text[end] in _OPENING:
        value, end = _quoted(text, end)
        is_quoted = True
    if not value.strip():
        raise QueryError("missing_value", column=column, found=f"{name}:")
    token = Token(Kind.FIELD, text[at:end], column, value.strip(), field=field, is_quoted=is_quoted)
    return token, end


def _quoted(text: str, at: int) -> tuple[str, int]:
    for end in range(at + 1, len(text)):
        if text[end] in _CLOSING:
            return text[at + 1 : end], end + 1
    raise QueryError("unclosed_quote", column=at + 1, found=text[at])


def _distance(raw: str | None, word: str, column: int) -> int:
    if raw and raw.isascii() and raw.isdigit() and len(raw) < 4 and 1 <= int(raw) <= MAX_DISTANCE:
        return int(raw)
    raise QueryError("bad_distance", column=column, found=word, limit=MAX_DISTANCE)
