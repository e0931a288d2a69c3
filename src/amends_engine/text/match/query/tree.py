"""The parts of a query; a tree of frozen values, equal when they mean the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Field(StrEnum):
    """What may stand before a colon."""

    BRAND = "brand"
    PRODUCT = "product"
    PERSON = "person"
    TERM = "term"
    LANG = "lang"
    FROM = "from"
    CHANNEL = "channel"
    EXCLUDE = "exclude"


TERM_FIELDS = frozenset({Field.BRAND, Field.PRODUCT, Field.PERSON, Field.TERM})
FILTER_FIELDS = frozenset({Field.LANG, Field.FROM, Field.CHANNEL})
ANY = "any"
"""The value that stands for every term of a kind."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word with the endings that it may take."""

    text: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in quotation marks: exactly these, one after the other."""

    words: tuple[str, ...]
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """`karg*`: every word that begins so."""

    text: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class TermRef:
    """`brand:acme`: a term of the list, however it is written; `any` stands for all of the kind."""

    kind: Field
    name: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """`lang:tr`, `from:@handle`, `channel:sandbox`: something about the post, not in its words."""

    kind: Field
    value: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Two parts with at most `distance` words between them, in either order."""

    left: Node
    right: Node
    distance: int
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be there."""

    part: Node
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of these; at least two, none of them an And."""

    parts: tuple[Node, ...]
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these; at least two, none of them an Or."""

    parts: tuple[Node, ...]
    column: int = field(default=1, compare=False)


Node = Word | Phrase | Prefix | TermRef | Filter | Near | Not | And | Or
LEAVES = (Word, Phrase, Prefix, TermRef)


def join_all(parts: list[Node], *, column: int = 1) -> Node:
    """One And of the parts, flat; the part itself where there is one."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat), column)


def join_any(parts: list[Node], *, column: int = 1) -> Node:
    """One Or of the parts, flat; the part itself where there is one."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat), column)


def print_query(node: Node) -> str:
    """The query as text in its plainest form; parsing it gives the same tree."""
    match node:
        case Word(text):
            return text
        case Prefix(text):
            return f"{text}*"
        case Phrase(words):
            return '"' + " ".join(words) + '"'
        case TermRef(kind, name) | Filter(kind, name):
            return f"{kind}:{name}" if _is_plain(name) else f'{kind}:"{name}"'
        case Near(left, right, distance):
            return f"{_grouped(left, node)} near/{distance} {_grouped(right, node)}"
        case Not(part):
            return f"NOT {_grouped(part, node)}"
        case And(parts):
            return " AND ".join(_grouped(part, node) for part in parts)
        case Or(parts):
            return " OR ".join(_grouped(part, node) for part in parts)


def _grouped(part: Node, within: Node) -> str:
    """A part in parentheses where it would be read otherwise without."""
    text = print_query(part)
    binds = {Or: 0, And: 1, Not: 2, Near: 3}
    inner, outer = binds.get(type(part), 9), binds[type(within)]
    is_first = isinstance(within, Near) and within.left is part
    is_loose = inner < outer or (inner == outer and not (is_first and isinstance(part, Near)))
    return f"({text})" if is_loose else text


def _is_plain(value: str) -> bool:
    return all(char.isalnum() or char in "-_.@" for char in value)
