"""Read a query into its tree, by descent of bounded depth.

any    := all (OR all)*
all    := part (AND? part)*
part   := (NOT | -) part | exclude:value | near
near   := atom (near/N atom)*
atom   := ( any ) | word | word* | "phrase" | field:value
"""

from __future__ import annotations

import re

from amends_engine.text.match.fold import fold_word
from amends_engine.text.match.query.errors import QueryError
from amends_engine.text.match.query.tokens import Kind, Token, cut
from amends_engine.text.match.query.tree import (
    FILTER_FIELDS,
    LEAVES,
    And,
    Field,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    TermRef,
    Word,
    join_all,
    join_any,
    print_query,
)
from amends_engine.text.match.terms import LANGUAGES, words_of

MAX_PARTS = 100
MAX_DEPTH = 20
_NO_NAME = re.compile(r"[^\w.@:/-]")  # what no handle, host or code has
_ENDS = frozenset({Kind.OR, Kind.CLOSE})


def parse_query(text: str) -> Node:
    """The tree of a query; raises QueryError with the column, what was found and what to do."""
    tokens = list(cut(text))
    if not tokens:
        raise QueryError("empty", column=1)
    reader = _Reader(tokens, end=len(text) + 1)
    tree = reader.read_any(0)
    left = reader.peek()
    if left is not None:
        raise QueryError("unopened_parenthesis", column=left.column, found=left.text)
    if not _demands_words(tree):
        raise QueryError("only_excludes", column=tree.column, found=print_query(tree))
    return tree


class _Reader:
    """Tokens with a place; every method reads one rule of the grammar above."""

    def __init__(self, tokens: list[Token], *, end: int) -> None:
        self._tokens = tokens
        self._at = 0
        self._end = end
        self._parts = 0

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def read_any(self, depth: int) -> Node:
        first = self._read_all(depth)
        parts = [first]
        while (token := self.peek()) is not None and token.kind is Kind.OR:
            self._at += 1
            self._demand_after(token)
            parts.append(self._read_all(depth))
        return join_any(parts, column=first.column)

    def _read_all(self, depth: int) -> Node:
        first = self._read_part(depth)
        parts = [first]
        while (token := self.peek()) is not None and token.kind not in _ENDS:
            if token.kind is Kind.AND:
                self._at += 1
                self._demand_after(token)
            parts.append(self._read_part(depth))
        return join_all(parts, column=first.column)

    def _read_part(self, depth: int) -> Node:
        token = self.peek()
        if token is not None and token.kind is Kind.NOT:
            self._at += 1
            self._demand_after(token)
            return Not(self._read_part(self._deeper(depth, token)), token.column)
        if token is not None and token.field is Field.EXCLUDE:
            self._at += 1
            return Not(self._read_text(token), token.column)
        left = self._read_atom(depth)
        while (token := self.peek()) is not None and token.kind is Kind.NEAR:
            self._at += 1
            self._demand_after(token)
            self._deeper(depth, token)
            right = self._read_atom(depth)
            for one in (left, right):
                if not _may_be_near(one):
                    raise QueryError("near_operands", column=one.column, found=print_query(one))
            left = Near(left, right, token.distance, left.column)
        return left

    def _read_atom(self, depth: int) -> Node:
        token = self.peek()
        if token is None or token.kind in {Kind.AND, Kind.OR, Kind.NEAR, Kind.CLOSE, Kind.NOT}:
            column = token.column if token else self._end
            found = token.text if token else ""
            is_closing = token is not None and token.kind is Kind.CLOSE
            code = "unopened_parenthesis" if is_closing else "missing_before"
            raise QueryError(code if token else "empty", column=column, found=found)
        self._at += 1
        if token.kind is Kind.OPEN:
            return self._read_group(token, depth)
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise QueryError("too_many", column=token.column, found=token.text, limit=MAX_PARTS)
        if token.kind is Kind.FIELD and token.field is not Field.EXCLUDE:
            return _read_field(token)
        if token.kind is Kind.FIELD:
            raise QueryError("near_operands", column=token.column, found=token.text)
        return self._read_text(token)

    def _read_group(self, opening: Token, depth: int) -> Node:
        token = self.peek()
        if token is not None and token.kind is Kind.CLOSE:
            raise QueryError("empty_group", column=opening.column, found="()")
        if token is None:
            raise QueryError("unclosed_parenthesis", column=opening.column, found="(")
        inner = self.read_any(self._deeper(depth, opening))
        closing = self.peek()
        if closing is None:
            raise QueryError("unclosed_parenthesis", column=opening.column, found="(")
        self._at += 1
        return inner

    def _read_text(self, token: Token) -> Node:
        """A word, the beginning of one, or a phrase."""
        value, words = token.value, words_of(token.value)
        is_phrase = token.kind is Kind.PHRASE or token.is_quoted
        if "*" in value and not is_phrase:
            begin = words_of(value.rstrip("*"))
            if len(begin) != 1 or len(begin[0]) < 2 or "*" in value.rstrip("*"):
                raise QueryError("bad_prefix", column=token.column, found=value)
            return Prefix(begin[0], token.column)
        if not words:
            code = "empty_phrase" if is_phrase else "not_a_word"
            raise QueryError(code, column=token.column, found=token.text)
        if is_phrase or len(words) > 1:
            return Phrase(words, token.column)
        return Word(words[0], token.column)

    def _demand_after(self, operator: Token) -> None:
        token = self.peek()
        is_missing = token is None or token.kind in {Kind.AND, Kind.OR, Kind.NEAR, Kind.CLOSE}
        if is_missing:
            raise QueryError("missing_after", column=operator.column, found=operator.text)

    def _deeper(self, depth: int, token: Token) -> int:
        if depth >= MAX_DEPTH:
            raise QueryError("too_deep", column=token.column, found=token.text, limit=MAX_DEPTH)
        return depth + 1


def _read_field(token: Token) -> Node:
    field, value = token.field, token.value
    if field is None:
        raise QueryError("unknown_field", column=token.column, found=token.text)
    if field in FILTER_FIELDS:
        value = " ".join(_NO_NAME.sub(" ", fold_word(value)).split())
        value = value.lstrip("@ ") if field is Field.FROM else value
        if field is Field.LANG and value not in LANGUAGES:
            raise QueryError(
                "unknown_language",
                column=token.column,
                found=token.value,
                known=", ".join(LANGUAGES),
            )
        if not value:
            raise QueryError("missing_value", column=token.column, found=token.text)
        return Filter(field, value, token.column)
    name = " ".join(words_of(value))
    if not name:
        raise QueryError("missing_value", column=token.column, found=token.text)
    return TermRef(field, name, token.column)


def _may_be_near(node: Node) -> bool:
    if isinstance(node, Or):
        return all(isinstance(part, LEAVES) for part in node.parts)
    return isinstance(node, (*LEAVES, Near))


def _demands_words(node: Node) -> bool:
    """Whether a match needs something to be there; a query that does not would take in everything."""
    if isinstance(node, And):
        return any(_demands_words(part) for part in node.parts)
    if isinstance(node, Or):
        return all(_demands_words(part) for part in node.parts)
    if isinstance(node, Filter):
        return node.kind is Field.FROM
    return not isinstance(node, Not)
