"""Read the rules of a language from versioned YAML, and find which of them a text meets.

A rule names a field, a label where the field has several, a score, and phrases
(`amends_engine.text.phrases`); `unless` phrases anywhere in the text silence it.
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

RULES = Path(__file__).parent / "rules"
MAX_BYTES = 200_000

CUES = ("issue", "trouble", "praise", "asks", "insult", "you", "contact", "anger", "money")
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


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that a text meets, and the span of the text as given where it does."""

    rule: Rule
    start: int
    end: int


class Rulebook:
    """The rules of one file, compiled."""

    def __init__(self, *, version: str, rules: Sequence[Rule]) -> None:
        """Compile; raise PhraseError for a phrase that cannot be understood."""
        self.version = version
        self.rules = tuple(rules)
        self._phrases = PhraseBook({at: rule.phrases for at, rule in enumerate(rules)})
        self._cancels = PhraseBook({at: rule.unless for at, rule in enumerate(rules)})

    def find_matches(self, words: Words) -> list[Match]:
        """Return the rules that the text meets, each at its first span, in the order of the text."""
        silenced = {hit.owner for hit in self._cancels.find(words)}
        seen: set[int] = set()
        matches = []
        for hit in self._phrases.find(words):
            if hit.owner in silenced or hit.owner in seen:
                continue
            seen.add(hit.owner)
            start, end = words.spans[hit.first][0], words.spans[hit.last][1]
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
    ids = [rule.id for rule in rules]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise RuleError(f"{path}: the id {doubled[0]} is used twice")
    try:
        return Rulebook(version=str(content.get("version", "")), rules=rules)
    except PhraseError as error:
        raise RuleError(f"{path}: {error}") from error


class _NoAliases(yaml.SafeLoader):
    """A safe loader that refuses aliases, since they can blow up a small file."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)


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
    )


def _phrases(item: Mapping[str, Any], key: str, *, path: Path) -> tuple[str, ...]:
    lines = item.get(key, [])
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise RuleError(f"{path}: {item['id']}: '{key}' must be a list of texts in quotes")
    if key == "phrases" and not lines:
        raise RuleError(f"{path}: {item['id']}: has no phrases")
    return tuple(lines)
