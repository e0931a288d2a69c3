"""Rules are read from versioned files; a mistake in one is named with file and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    ],
)  # fmt: skip
def test_mistake_in_a_rule_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RuleError, match=message) as caught:
        read_rulebook(path)
    assert "xx.yaml" in str(caught.value)
