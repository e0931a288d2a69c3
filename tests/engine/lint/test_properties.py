"""Whatever is written: spans lie in the text, the answer is the same twice, and it comes in time."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends_engine.lint.finding import LEVELS
from amends_engine.lint.language import languages
from amends_engine.lint.run import lint_line
from tests.engine.lint.desk import lint

SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = st.sampled_from(
    ["sorry if", "özür dileriz ama", "мы вернём", "zo snel mogelijk", "maaf", "“", "\"", "«", "»", "'",
     "18.00", "😉", "!!", "?", ".", "\n", "\u0301", "\u200b", "I", "İ", "DM us", "you should have"]
)  # fmt: skip


@SOME
@given(reply=st.text(alphabet=st.characters(), max_size=200), lang=st.sampled_from(languages()))
def test_any_unicode_is_linted(reply: str, lang: str) -> None:
    for one in lint(reply, lang=lang).findings:
        assert one.level in LEVELS
        assert (one.start is None) == (one.end is None)
        if one.start is not None and one.end is not None:
            assert 0 <= one.start < one.end <= len(reply)
        assert one.message
        assert one.suggestion
        assert one.source[0] == one.check


@SOME
@given(pieces=st.lists(PIECES, max_size=30), lang=st.sampled_from(languages()))
def test_the_same_input_gives_the_same_findings(pieces: list[str], lang: str) -> None:
    reply = " ".join(pieces)
    first = lint(reply, lang=lang)
    assert first == lint(reply, lang=lang)
    assert all(one.end is None or one.end <= len(reply) for one in first.findings)


@SOME
@given(st.text(max_size=80))
def test_any_line_gives_a_row(line: str) -> None:
    assert lint_line(line, 1).to_json()


@pytest.mark.parametrize(
    "piece", ["sorry ", "(", '"a ', "a", "we will ", "\u0301", "1.", "😉", "ı̇", "не "]
)
def test_a_hundred_kilobytes_take_bounded_time(piece: str) -> None:
    reply = piece * (100_000 // len(piece))
    lint("warm up", lang="en")
    began = time.process_time()
    lint(reply, lang="en")
    assert time.process_time() - began < 20  # generous: a run-away takes minutes
