"""Evaluate a query on a post and say of each part whether it holds, where, and why not."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from amends_engine.text.match.fold import fold_text, fold_word
from amends_engine.text.match.forms import stems_of
from amends_engine.text.match.grammar import load_grammars
from amends_engine.text.match.matcher import Match, Matcher
from amends_engine.text.match.query.errors import QueryError
from amends_engine.text.match.query.parse import parse_query
from amends_engine.text.match.query.tree import (
    ANY,
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
    print_query,
)
from amends_engine.text.match.terms import LANGUAGES, Term, words_of

MAX_SPANS = 100
"""Places that are kept for one part of a query."""
MIN_INFLECTED = 4
"""Letters of a word from which on its endings are looked for."""
_WORD = re.compile(r"[^\W_]+")


class Why(StrEnum):
    """Why a part holds or does not."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    ALL = "all"
    NOT_ALL = "not_all"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    ABSENT = "absent"  # of a NOT: it is not there, as wished
    PRESENT = "present"  # of a NOT: it is there
    NEAR = "near"
    TOO_FAR = "too_far"
    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"  # the post does not say its language: it is not kept out for that


@dataclass(frozen=True, slots=True)
class Post:
    """What a query is asked about; `language` is a code or empty, `author` a handle without @."""

    text: str
    language: str = ""
    author: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the text as given, in code points; `match` says how a term was found there."""

    start: int
    end: int
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the query, judged.

    `name` is the kind of the part in small letters, `query` its text; `gap` counts the words between
    two parts that are not near enough, -1 where one is missing.
    """

    name: str
    query: str
    is_met: bool
    why: Why
    spans: tuple[Span, ...] = ()
    parts: tuple[Part, ...] = ()
    gap: int = -1

    @property
    def evidence(self) -> tuple[Span, ...]:
        """The places on which the match rests; what must not be there is none."""
        if not self.is_met or self.name == "not":
            return ()
        below = [span for part in self.parts for span in part.evidence]
        spans = {(one.start, one.end): one for one in (*below, *self.spans)}
        return tuple(spans[place] for place in sorted(spans))


class Query:
    """A query over a list of terms, compiled; an empty one asks for any term.

    Raises QueryError for text that cannot be read and for terms that are not on the list.
    """

    def __init__(self, text: str, *, matcher: Matcher) -> None:
        self.tree: Node = parse_query(text) if text.strip() else TermRef(Field.TERM, ANY)
        self._matcher = matcher
        self._wanted: dict[TermRef, frozenset[str]] = {}
        _resolve(self.tree, terms=matcher.terms, wanted=self._wanted)

    def explain(self, post: Post) -> Part:
        """Every part of the query with whether it holds for the post, where and why."""
        return _Reading(post, self._matcher, self._wanted).judge(self.tree)


class _Reading:
    """One post, read once for all parts."""

    def __init__(self, post: Post, matcher: Matcher, wanted: dict[TermRef, frozenset[str]]) -> None:
        folded = fold_text(post.text)
        self._post = post
        self._matches = matcher.find(post.text)
        self._wanted = wanted
        self._words: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        for match in _WORD.finditer(folded.text):
            start, end = folded.span(*match.span())
            self._places[match[0]].append(len(self._words))
            self._words.append(match[0])
            self._starts.append(start)
            self._ends.append(end)
        self._sorted = sorted(self._places)

    def judge(self, node: Node) -> Part:
        match node:
            case And(parts):
                judged = tuple(self.judge(part) for part in parts)
                is_met = all(part.is_met for part in judged)
                return _part(node, is_met, (Why.ALL, Why.NOT_ALL), parts=judged)
            case Or(parts):
                judged = tuple(self.judge(part) for part in parts)
                is_met = any(part.is_met for part in judged)
                return _part(node, is_met, (Why.ONE_OF, Why.NONE_OF), parts=judged)
            case Not(part):
                inner = self.judge(part)
                whys = (Why.ABSENT, Why.PRESENT)
                return _part(node, not inner.is_met, whys, parts=(inner,))
            case Near():
                return self._judge_near(node)
            case Filter():
                return self._judge_filter(node)
        spans = tuple(self._find(node)[:MAX_SPANS])
        return _part(node, bool(spans), (Why.FOUND, Why.NOT_FOUND), spans=spans)

    def _find(self, node: Word | Phrase | Prefix | TermRef) -> list[Span]:
        match node:
            case TermRef():
                keys = self._wanted[node]
                return [Span(m.start, m.end, m) for m in self._matches if m.term.key in keys]
            case Word(text):
                return self._spans(self._inflected(text))
            case Prefix(text):
                return self._spans(self._beginning_with(text))
            case Phrase(words):
                return self._find_phrase(words)

    def _find_phrase(self, words: tuple[str, ...]) -> list[Span]:
        count = len(words)
        return [
            Span(self._starts[at], self._ends[at + count - 1])
            for at in self._places.get(words[0], ())
            if tuple(self._words[at : at + count]) == words
        ]

    def _inflected(self, word: str) -> list[str]:
        if len(word) < MIN_INFLECTED:
            return [word]
        return [
            one
            for stem in stems_of(word, load_grammars(()))
            for one in self._beginning_with(stem.text)
            if (one == stem.text and not stem.needs_ending)
            or any(c.fits(one[len(stem.text) :]) for c in stem.classes if one != stem.text)
        ]

    def _beginning_with(self, text: str) -> list[str]:
        first = bisect_left(self._sorted, text)
        last = bisect_right(self._sorted, text + "\U0010ffff")
        return self._sorted[first:last]

    def _spans(self, words: Sequence[str]) -> list[Span]:
        places = sorted(at for word in dict.fromkeys(words) for at in self._places.get(word, ()))
        return [Span(self._starts[at], self._ends[at]) for at in places]

    def _judge_near(self, node: Near) -> Part:
        left, right = self.judge(node.left), self.judge(node.right)
        pairs = _pairs(left, right, words=self._starts)
        gap = min((pair[0] for pair in pairs), default=-1)
        near = [pair for pair in pairs if pair[0] <= node.distance]
        spans = tuple(dict.fromkeys(span for pair in near for span in pair[1:]))[:MAX_SPANS]
        why = (Why.NEAR, Why.TOO_FAR if gap >= 0 else Why.NOT_FOUND)
        return _part(node, bool(near), why, spans=spans, parts=(left, right), gap=gap)

    def _judge_filter(self, node: Filter) -> Part:
        post = self._post
        given = {
            Field.LANG: post.language.partition("-")[0],
            Field.FROM: post.author.removeprefix("@"),
            Field.CHANNEL: post.channel,
        }[node.kind]
        if node.kind is Field.LANG and given.lower() not in LANGUAGES and not given.strip("und"):
            is_unsaid = True
            return _part(node, is_unsaid, (Why.UNKNOWN, Why.OTHER))
        is_same = fold_word(given) == node.value
        return _part(node, is_same, (Why.SAME, Why.OTHER))


def _part(
    node: Node,
    is_met: bool,  # noqa: FBT001 - the two reasons follow it in this order
    whys: tuple[Why, Why],
    *,
    spans: tuple[Span, ...] = (),
    parts: tuple[Part, ...] = (),
    gap: int = -1,
) -> Part:
    return Part(
        name=type(node).__name__.lower(),
        query=print_query(node),
        is_met=is_met,
        why=whys[0] if is_met else whys[1],
        spans=spans,
        parts=parts,
        gap=gap,
    )


def _pairs(left: Part, right: Part, *, words: list[int]) -> list[tuple[int, Span, Span]]:
    """Neighbours among the spans of two parts, with the words between them; bounded by MAX_SPANS."""
    marked = [(span, 0) for span in _all_spans(left)] + [(span, 1) for span in _all_spans(right)]
    marked.sort(key=lambda one: (one[0].start, one[0].end, one[1]))
    pairs = []
    for (one, side), (other, other_side) in pairwise(marked):
        if side != other_side:
            between = bisect_left(words, other.start) - bisect_left(words, one.end)
            pairs.append((max(between, 0), one, other))
    return pairs


def _all_spans(part: Part) -> tuple[Span, ...]:
    if part.name == "or":
        return tuple(span for one in part.parts for span in one.spans)
    return part.spans if part.is_met else ()


def _resolve(node: Node, *, terms: tuple[Term, ...], wanted: dict[TermRef, frozenset[str]]) -> None:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                _resolve(part, terms=terms, wanted=wanted)
        case Near(left, right):
            _resolve(left, terms=terms, wanted=wanted)
            _resolve(right, terms=terms, wanted=wanted)
        case Not(part):
            _resolve(part, terms=terms, wanted=wanted)
        case TermRef(kind, name, column):
            wanted[node] = _keys(kind, name, terms=terms, column=column)


def _keys(kind: Field, name: str, *, terms: tuple[Term, ...], column: int) -> frozenset[str]:
    of_kind = [one for one in terms if kind is Field.TERM or one.kind.value == kind.value]
    named = [
        one
        for one in of_kind
        if name == ANY or name in {" ".join(words_of(it)) for it in (one.key, *one.spellings)}
    ]
    if not named and name != ANY:
        known = ", ".join(f"{one.kind}:{one.key}" for one in terms[:12]) or "–"
        raise QueryError("unknown_term", column=column, found=f"{kind}:{name}", known=known)
    return frozenset(one.key for one in named)
