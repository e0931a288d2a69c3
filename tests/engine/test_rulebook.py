"""Rules are read from versioned files; a mistake in one is named with file and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from amends_engine.text.normalise import normalise_text
from amends_engine.text.phrases import split_words
from amends_engine.triage.find import RULE_LANGUAGES
from amends_engine.triage.rulebook import RuleError, load_rulebook, read_rulebook

NEEDED = {
    "legal_threat", "safety", "severity", "self_harm", "minor", "policy_ground", "insult",
    "offensive", "you", "category", "asks", "anger", "issue", "trouble",
}  # fmt: skip


@pytest.mark.parametrize("code", RULE_LANGUAGES)
def test_every_language_has_every_kind_of_rule(code: str) -> None:
    book = load_rulebook(code)
    assert {rule.field for rule in book.rules} >= NEEDED
    assert {rule.label for rule in book.rules if rule.field == "policy_ground"} >= {
        "threat", "hate", "doxxing", "spam", "scam", "illegal"
    }  # fmt: skip
    assert all(rule.id.startswith(f"{code}-") for rule in book.rules)
    assert book.version


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- a", "needs 'version'"),
        ("rules: [", "not valid YAML"),
        ("rules: [{field: safety}]", "with an 'id'"),
        ("rules: [{id: a, field: mood, phrases: [x]}]", "a: 'mood' is no field"),
        ("rules: [{id: a, field: severity, label: huge, phrases: [x]}]", "'huge' is no label"),
        ("rules: [{id: a, field: safety}]", "a: has no phrases"),
        ("rules: [{id: a, field: safety, phrases: [x], score: 7}]", "score must be"),
        ("rules: [{id: a, field: safety, phrases: ['..2']}]", "a gap is"),
        ("rules: [{id: a, field: safety, phrases: [x]}, {id: a, field: safety, phrases: [y]}]",
         "used twice"),
        ("x: &a [1]\nrules: *a", "aliases"),
        ("rules: []\nguards: {}", "'guards' must be a list"),
        ("rules: []\nguards: [{fields: [safety]}]", "each guard is a mapping with an 'id'"),
        ("rules: []\nguards: [{id: g, phrases: [x]}]", "g: needs a list 'fields'"),
        ("rules: []\nguards: [{id: g, fields: [mood], phrases: [x]}]", "'mood' is no field"),
        ("rules: []\nguards: [{id: g, fields: ['severity:huge'], phrases: [x]}]", "is no field"),
        ("rules: []\nguards: [{id: g, fields: [safety], before: 99, phrases: [x]}]", "0 to 10"),
        ("rules: []\nguards: [{id: g, fields: [safety]}]", "g: has no phrases"),
        ("rules: []\nguards: [{id: g, fields: [safety], phrases: ['..2']}]", "a gap is"),
    ],
)  # fmt: skip
def test_mistake_in_a_rule_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RuleError, match=message) as caught:
        read_rulebook(path)
    assert "xx.yaml" in str(caught.value)


BOOK = """
version: 1
rules:
  - {id: sue, field: legal_threat, phrases: ["sue"], unless: ["peggy"]}
  - {id: hot, field: safety, phrases: ["fire"]}
guards:
  - {id: not, fields: [legal_threat], before: 2, after: 1, phrases: ["wont", "joke"]}
  - {id: far, fields: [legal_threat], after: 6, across: true, phrases: ["lol"]}
"""


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("i will sue", ["sue"]),
        ("i wont sue", []),
        ("i wont ever sue", []),
        ("i wont ever ever sue", ["sue"]),
        ("i wont wait, i sue", ["sue"]),
        ("sue joke", []),
        ("sue. joke", ["sue"]),
        ("sue you! and then lol", []),
        ("wont fire", ["hot"]),
        ("i wont sue today but tomorrow i sue", ["sue"]),
        ("i sue, signed peggy", []),
    ],
)
def test_guard_silences_only_what_stands_near_it(tmp_path: Path, text: str, met: list[str]) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text(BOOK, encoding="utf-8")
    words = split_words(normalise_text(text))
    assert [match.rule.id for match in read_rulebook(path).find_matches(words)] == met
