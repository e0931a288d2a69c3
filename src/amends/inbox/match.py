"""Recognises a brand in words that nobody addressed to it, and keeps by what it was recognised."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import structlog

from amends.connectors.kit.events import InboundComment
from amends.inbox.models import Mention, MentionQuery, Version
from amends.inbox.queries import mention_query_in_force
from amends_engine.text.match.matcher import Match, Matcher
from amends_engine.text.match.ordinary import languages_of
from amends_engine.text.match.query.errors import QueryError
from amends_engine.text.match.query.evaluate import Part, Post, Query, Span
from amends_engine.text.match.terms import Term, TermError, TermKind, words_of

log = structlog.get_logger(__name__)
KEPT_PLACES = 20
Explanation = Part  # what the pages walk through; they do not know the engine


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text names a term and how; [start, end) in code points of the text."""

    start: int
    end: int
    term: str  # the name as people write it
    term_kind: str
    kind: str  # exact | inflected | hashtag | transliterated | misspelt | word
    spelling: str = ""
    distance: int = 0
    tag: str = ""


class RuleUnusable(Exception):
    """A stored version cannot be used any more, as after a change of the engine; says why."""


class Rule:
    """Terms and query of a brand, compiled; asked for every text that comes in."""

    def __init__(self, terms: Sequence[Term], *, query: str) -> None:
        """Raises TermError or QueryError of the engine where one of them cannot be used."""
        self.matcher = Matcher(terms)
        self._query = Query(query, matcher=self.matcher)

    @property
    def is_on(self) -> bool:
        return bool(self.matcher.terms)

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling that is looked for, for channels that search by words."""
        return tuple(dict.fromkeys(one for term in self.matcher.terms for one in term.spellings))

    def explain(self, post: Post) -> Explanation:
        return self._query.explain(post)


def rule_in_force(brand_id: int) -> tuple[MentionQuery, Rule] | None:
    """What counts as a mention of the brand now; None where nobody has said so, or it is off."""
    row = mention_query_in_force(brand_id)
    if row is None or not row.terms:
        return None
    try:
        return row, rule_of(row)
    except RuleUnusable as error:  # what is said to us must come in all the same
        log.error("mentions.unusable", brand=brand_id, version=row.version, why=str(error))
        return None


def rule_of(row: MentionQuery) -> Rule:
    """The rule of a version, compiled once in a process; raises RuleUnusable."""
    try:
        return _compile(json.dumps(row.terms, ensure_ascii=False, sort_keys=True), row.query)
    except (TermError, QueryError) as error:
        raise RuleUnusable(str(error)) from error


def note_mention(version: Version, *, found: InboundComment, now: datetime) -> Mention | None:
    """Keep by what a version that was just captured is recognised, if it is."""
    in_force = rule_in_force(version.comment.brand_id)
    mention = in_force and _recognise(version, found=found, in_force=in_force, now=now)
    if not mention:
        return None
    kept, _is_new = Mention.objects.get_or_create(
        version=version,
        mention_query=mention.mention_query,
        defaults={
            "workspace_id": mention.workspace_id,
            "places": mention.places,
            "found_at": now,
        },
    )
    return kept


def note_mentions(
    captured: Sequence[tuple[Version, InboundComment]], *, brand_id: int, now: datetime
) -> None:
    """The same for many versions of one brand's comments, in one statement."""
    in_force = rule_in_force(brand_id)
    if in_force is None:
        return
    found = (
        _recognise(version, found=comment, in_force=in_force, now=now)
        for version, comment in captured
    )
    Mention.objects.bulk_create([one for one in found if one], ignore_conflicts=True)


def _recognise(
    version: Version, *, found: InboundComment, in_force: tuple[MentionQuery, Rule], now: datetime
) -> Mention | None:
    row, rule = in_force
    explanation = rule.explain(post_of(found, channel=version.comment.kind))
    if not explanation.is_met:
        return None
    return Mention(
        workspace_id=version.workspace_id,
        version=version,
        mention_query=row,
        places=[asdict(one) for one in places_of(explanation)[:KEPT_PLACES]],
        found_at=now,
    )


def post_of(found: InboundComment, *, channel: str) -> Post:
    """A comment as queries ask about it."""
    return typed_post(
        found.text, language=found.language, author=found.author.handle, channel=channel
    )


def typed_post(text: str, *, language: str = "", author: str = "", channel: str = "") -> Post:
    """A text that nobody posted, to try a rule on."""
    return Post(text=text, language=language, author=author, channel=channel)


def places_of(explanation: Explanation) -> list[Place]:
    """The places on which a match rests, in the order of the text."""
    return [_place(span) for span in explanation.evidence]


def places_from_json(plain: Sequence[Mapping[str, Any]]) -> list[Place]:
    """The places that a Mention keeps."""
    return [Place(**one) for one in plain]


def terms_from_json(plain: Sequence[Mapping[str, Any]]) -> tuple[Term, ...]:
    """The terms that a MentionQuery keeps; raises RuleUnusable."""
    try:
        return tuple(
            Term(
                key=one["key"],
                kind=TermKind(one["kind"]),
                name=one["name"],
                variants=tuple(one["variants"]),
                languages=tuple(one["languages"]),
                exclusions=tuple(one["exclusions"]),
            )
            for one in plain
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleUnusable(f"a stored name cannot be read: {error}") from error


def terms_to_json(terms: Sequence[Term]) -> list[dict[str, Any]]:
    """Terms as a MentionQuery keeps them."""
    return [
        {
            "key": term.key,
            "kind": term.kind.value,
            "name": term.name,
            "variants": list(term.variants),
            "languages": list(term.languages),
            "exclusions": list(term.exclusions),
        }
        for term in terms
    ]


def ordinary_languages(term: Term) -> tuple[str, ...]:
    """The languages in which a spelling of one word is an ordinary word, so that much will match."""
    single = [words[0] for one in term.spellings if len(words := words_of(one)) == 1]
    return tuple(dict.fromkeys(code for word in single for code in languages_of(word)))


@functools.lru_cache(maxsize=64)
def _compile(terms: str, query: str) -> Rule:
    return Rule(terms_from_json(json.loads(terms)), query=query)


def _place(span: Span) -> Place:
    match: Match | None = span.match
    if match is None:
        return Place(span.start, span.end, term="", term_kind="", kind="word")
    return Place(
        start=span.start,
        end=span.end,
        term=match.term.name,
        term_kind=match.term.kind.value,
        kind=match.kind.value,
        spelling=match.spelling,
        distance=match.distance,
        tag=match.tag,
    )
