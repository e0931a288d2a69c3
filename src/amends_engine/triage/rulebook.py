"""Read the rules of a language from versioned YAML, and find which of them a text meets.

A rule names a field, a label where the field has several, a score, and phrases
(`amends_engine.text.phrases`); `unless` phrases anywhere in the text silence it, and the guards of
its file (`amends_engine.triage.guards`) silence single hits near which they stand, unless it says
`unguarded: true` (its own words hold the negation: "you won't live to see it").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from amends_engine.classifier import FLAGS, LABELS
from amends_engine.text.phrases import PhraseBook, PhraseError, Words
from amends_engine.triage.guards import Guard, GuardBook

RULES = Path(__file__).parent / "rules"
MAX_BYTES = 200_000
MAX_REACH = 10
"""Words over which a guard may reach."""

CUES = (
    "issue", "trouble", "praise", "asks", "insult", "you", "contact", "anger", "money", "boycott",
)  # fmt: skip
"""What a text may contain that says something only together with other findings."""


class RuleError(ValueError):
    """Raised for a rule file that cannot be used; names file, rule and what is wrong."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it speaks for, how strongly, and what cancels it."""

    id: str
    field: str
    label: str
    score: float
    phrases: tuple[str, ...]
    unless: tuple[str, ...]
    unguarded: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that a text meets, and the span of the text as given where it does."""

    rule: Rule
    start: int
    end: int


class Rulebook:
    """The rules of one file, compiled."""

    def __init__(
        self, *, version: str, rules: Sequence[Rule], guards: Sequence[Guard] = ()
    ) -> None:
        """Compile; raise PhraseError for a phrase that cannot be understood."""
        self.version = version
        self.rules = tuple(rules)
        self.guards = GuardBook(guards)
        self._phrases = PhraseBook({at: rule.phrases for at, rule in enumerate(rules)})
        self._cancels = PhraseBook({at: rule.unless for at, rule in enumerate(rules)})
        self._guarded = tuple(
            frozenset[int]() if rule.unguarded else self.guards.silences(rule.field, rule.label)
            for rule in rules
        )

    def find_matches(self, words: Words) -> list[Match]:
        """Return the rules that the text meets, each at its first span, in the order of the text."""
        hits = self._phrases.find(words)
        if not hits:
            return []
        silenced = {hit.owner for hit in self._cancels.find(words)}
        guards = self.guards.find(words) if any(self._guarded[hit.owner] for hit in hits) else []
        matches = []
        for hit in hits:
            if hit.owner in silenced:
                continue
            by = self._guarded[hit.owner]
            if by and guards and self.guards.is_silenced(hit, by=by, guards=guards, words=words):
                continue
            silenced.add(hit.owner)  # Once is enough.
            start, end = words.span(hit.first, hit.last)
            matches.append(Match(self.rules[hit.owner], start, end))
        return matches


@cache
def load_rulebook(code: str) -> Rulebook:
    """Return the shipped rules of a language."""
    return read_rulebook(RULES / f"{code}.yaml")


def read_rulebook(path: Path) -> Rulebook:
    """Return the rules in a file; raise RuleError if it cannot be read or breaks the schema."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RuleError(f"{path}: cannot be read ({error})") from error
    if len(raw) > MAX_BYTES:
        raise RuleError(f"{path}: larger than {MAX_BYTES} bytes")
    try:
        content = yaml.load(raw, Loader=_NoAliases)  # noqa: S506 - derives from SafeLoader
    except yaml.YAMLError as error:
        raise RuleError(f"{path}: not valid YAML ({error})") from error
    if not isinstance(content, dict) or not isinstance(content.get("rules"), list):
        raise RuleError(f"{path}: needs 'version' and a list 'rules'")
    rules = [_read_rule(item, path=path) for item in content["rules"]]
    guards = read_guards(content, path=path)
    ids = [rule.id for rule in rules] + [guard.id for guard in guards]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise RuleError(f"{path}: the id {doubled[0]} is used twice")
    try:
        return Rulebook(version=str(content.get("version", "")), rules=rules, guards=guards)
    except PhraseError as error:
        raise RuleError(f"{path}: {error}") from error


class _NoAliases(yaml.SafeLoader):
    """A safe loader that refuses aliases, since they can blow up a small file."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)


def read_guards(content: Mapping[str, Any], *, path: Path) -> list[Guard]:
    """Return the guards of a file's content; raise RuleError for one that breaks the schema."""
    items = content.get("guards", [])
    if not isinstance(items, list):
        raise RuleError(f"{path}: 'guards' must be a list")
    return [_read_guard(item, path=path) for item in items]


def _read_guard(item: Any, *, path: Path) -> Guard:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise RuleError(f"{path}: each guard is a mapping with an 'id'")
    name, fields = item["id"], item.get("fields")
    if not isinstance(fields, list) or not fields:
        raise RuleError(f"{path}: {name}: needs a list 'fields'")
    for field in fields:
        first, _, label = str(field).partition(":")
        is_known = first in FLAGS or first in CUES or first in LABELS
        if not is_known or (label and label not in LABELS.get(first, ())):
            raise RuleError(f"{path}: {name}: '{field}' is no field, flag or cue")
    reach = [item.get(key, 0) for key in ("before", "after")]
    if not all(type(words) is int and 0 <= words <= MAX_REACH for words in reach):
        raise RuleError(f"{path}: {name}: 'before' and 'after' are 0 to {MAX_REACH} words")
    return Guard(
        id=name,
        fields=tuple(map(str, fields)),
        phrases=_phrases(item, "phrases", path=path),
        before=reach[0],
        after=reach[1],
        across=item.get("across") is True,
    )


def _read_rule(item: Any, *, path: Path) -> Rule:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise RuleError(f"{path}: each rule is a mapping with an 'id'")
    name, field = item["id"], item.get("field")
    label = str(item.get("label", ""))
    if field in LABELS:
        if label not in LABELS[str(field)]:
            raise RuleError(f"{path}: {name}: '{label}' is no label of {field}")
    elif field not in FLAGS and field not in CUES:
        raise RuleError(f"{path}: {name}: '{field}' is no field, flag or cue")
    score = item.get("score", 0.6)
    if not isinstance(score, int | float) or not 0 < score <= 1:
        raise RuleError(f"{path}: {name}: score must be above 0 and at most 1")
    return Rule(
        id=name,
        field=str(field),
        label=label,
        score=float(score),
        phrases=_phrases(item, "phrases", path=path),
        unless=_phrases(item, "unless", path=path),
        unguarded=item.get("unguarded") is True,
    )


def _phrases(item: Mapping[str, Any], key: str, *, path: Path) -> tuple[str, ...]:
    lines = item.get(key, [])
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise RuleError(f"{path}: {item['id']}: '{key}' must be a list of texts in quotes")
    if key == "phrases" and not lines:
        raise RuleError(f"{path}: {item['id']}: has no phrases")
    return tuple(lines)
