"""Whatever is written, rules answer in bounded time with spans that lie in the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends_engine.text.normalise import normalise_text
from amends_engine.triage.find import RULE_LANGUAGES, find_in_text
from amends_engine.triage.rulebook import load_rulebook

WORDS = sorted(
    {
        word.strip("*^")
        for code in RULE_LANGUAGES
        for rule in load_rulebook(code).rules
        for phrase in rule.phrases
        for part in phrase.split()
        if not part.startswith("..")
        for word in part.split("|")[:2]
    }
)
DISGUISES = st.sampled_from(
    ["", "\u200b", "\u0336", "\u202e", "😀", "!", ", ", " . ", "İ", "а", "2"]
)
SENTENCES = st.lists(
    st.tuples(st.sampled_from(WORDS), DISGUISES).map("".join), min_size=1, max_size=30
).map(" ".join)


@given(
    text=st.one_of(st.text(max_size=150), SENTENCES), code=st.sampled_from([*RULE_LANGUAGES, "und"])
)
@settings(max_examples=150, deadline=None)
def test_spans_lie_in_the_text(text: str, code: str) -> None:
    findings = find_in_text(text, normalised=normalise_text(text), language=code)
    assert all(0 <= match.start < match.end <= len(text) for match in findings.matches)
    assert all(0 <= datum.start < datum.end <= len(text) for datum in findings.personal_data)
    ids = [match.rule.id for match in findings.matches]
    assert len(ids) == len(set(ids))


@given(text=SENTENCES)
@settings(max_examples=60, deadline=None)
def test_a_language_is_judged_as_if_alone(text: str) -> None:
    normalised = normalise_text(text)
    together = find_in_text(text, normalised=normalised, language="und").matches
    alone = [
        match
        for code in RULE_LANGUAGES
        for match in find_in_text(text, normalised=normalised, language=code).matches
    ]
    assert list(together) == alone


@pytest.mark.parametrize(
    "piece",
    ["i ", "i will ", "sue ", "не ", "не подам ", "dava ", "mi ", "gak akan ", "ga niet ", "i wont sue ",
     "не подам в суд ", "dava açmam ", "dont it exploded ", "a b ",
     "s.l.o.t ", "i1i ", "0", "1 ", "@x ", "http://x ", "\u0301", "А", "aа", "ł"],
)  # fmt: skip
def test_cost_is_bounded_for_a_megabyte_of_anything(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.monotonic()
    find_in_text(text, normalised=normalise_text(text), language="und")
    assert time.monotonic() - began < 5
