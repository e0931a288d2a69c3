"""Each family of rules meets what it is for in each language, and leaves alone what resembles it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from amends_engine.text.normalise import normalise_text
from amends_engine.triage.find import RULE_LANGUAGES, find_in_text
from amends_engine.triage.findings import Findings

FAMILIES: dict[str, tuple[tuple[str, str | None], ...]] = {
    "legal_threat": (("legal_threat", None),),
    "safety": (("safety", None),),
    "threat": (("policy_ground", "threat"),),
    "hate": (("policy_ground", "hate"),),
    "doxxing": (("policy_ground", "doxxing"),),
    "unwanted": (("policy_ground", "spam"), ("policy_ground", "scam")),
    "employee": (("category", "employee"),),
    "boycott": (("boycott", None),),
    "minor": (("minor", None),),
    "self_harm": (("self_harm", None),),
    "question": (("asks", None),),
}


@cache
def read_cases(code: str) -> dict[str, Any]:
    path = Path(__file__).parent / "cases" / f"rules_{code}.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def list_cases(side: str) -> list[tuple[str, str, str]]:
    return [
        (code, family, text)
        for code in RULE_LANGUAGES
        for family in FAMILIES
        for text in read_cases(code)[family][side]
    ]


def find(text: str, code: str) -> Findings:
    return find_in_text(text, normalised=normalise_text(text), language=code)


def is_met(findings: Findings, family: str) -> bool:
    return any(findings.has(field, label) for field, label in FAMILIES[family])


@pytest.mark.parametrize(("code", "family", "text"), list_cases("met"))
def test_family_meets_what_it_is_for(code: str, family: str, text: str) -> None:
    findings = find(text, code)
    assert is_met(findings, family)
    assert all(0 <= match.start < match.end <= len(text) for match in findings.matches)


@pytest.mark.parametrize(("code", "family", "text"), list_cases("not"))
def test_family_leaves_alone_what_resembles_it(code: str, family: str, text: str) -> None:
    findings = find(text, code)
    met = [(match.rule.id, text[match.start : match.end]) for match in findings.matches]
    assert not is_met(findings, family), met


@pytest.mark.parametrize("code", RULE_LANGUAGES)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_shown_by_enough_examples(code: str, family: str) -> None:
    cases = read_cases(code)[family]
    assert len(set(cases["met"])) >= 8
    assert len(set(cases["not"])) >= 8
