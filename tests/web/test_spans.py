"""Words on which a judgement rests: overlaps share their words, and wrong offsets mark nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amends.web.spans import Segment, cut_text, quote_fields
from amends.web.templatetags.desk import highlight

TEXT = "Kargom 6 gündür yok, arıyorum açan yok"


def span(field: str, start: int, end: int) -> dict[str, Any]:
    return {"field": field, "start": start, "end": end}


def test_words_that_speak_for_two_fields_are_marked_for_both() -> None:
    found = cut_text(TEXT, [span("severity", 7, 19), span("complaint", 0, 19)])
    assert found == [
        Segment("Kargom ", ("complaint",)),
        Segment("6 gündür yok", ("severity", "complaint")),
        Segment(", arıyorum açan yok", ()),
    ]


def test_offsets_outside_the_text_mark_nothing() -> None:
    wrong = [span("severity", 5, 5), span("severity", -1, 3), span("severity", 30, 99), {}]
    assert cut_text(TEXT, wrong) == [Segment(TEXT, ())]
    assert quote_fields(TEXT, wrong) == {}


def test_quotes_are_taken_from_the_text_once_each() -> None:
    reasons = [span("severity", 16, 19), span("severity", 35, 38), span("complaint", 0, 6)]
    assert quote_fields(TEXT, reasons) == {"severity": ("yok",), "complaint": ("Kargom",)}


def test_a_mark_says_what_it_speaks_for_and_escapes_what_people_write() -> None:
    shown = str(highlight("<b>dava</b> ederim", [span("legal_threat", 3, 7)]))
    assert '&lt;b&gt;<mark title="legal threat">' in shown
    assert '<mark title="legal threat">dava</mark>' in shown


@given(
    st.text(max_size=30),
    st.lists(
        st.tuples(st.integers(-3, 35), st.integers(-3, 35)).map(lambda at: span("severity", *at)),
        max_size=6,
    ),
)
def test_the_stretches_together_are_the_text(text: str, reasons: list[dict[str, Any]]) -> None:
    assert "".join(one.text for one in cut_text(text, reasons)) == text
