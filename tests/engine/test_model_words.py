"""How a text is prepared for the model: masked, folded, and every word still knows its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends_engine.triage.model.pieces import PARENT_PIECES, TEXT_PIECES, WINDOW, join_pieces
from amends_engine.triage.model.words import BEGIN, END, prepare_text, prepare_words

FOLDED = {ord("ﬁ"): "fi", ord("…"): "...", 0x3000: " ", ord("Ａ"): "A"}


@pytest.mark.parametrize(
    ("given", "prepared"),
    [
        ("look at https://example.com/a?b=c now", "look at http now"),
        ("www.example.com", "http"),
        ("@shop_nl waar blijft het", "@user waar blijft het"),
        ("mail@example.com", "mail@example.com"),
        ("neeeeee!!!!!!", "neee!!!"),
        ("  two\n\nlines\t", "two lines"),
        ("ﬁne…", "fine..."),
        ("one\u3000two", "one two"),
        ("a▁b", "a b"),
    ],
)
def test_names_and_links_are_masked_and_characters_folded(given: str, prepared: str) -> None:
    assert prepare_text(given, FOLDED) == prepared


@given(st.text(max_size=300))
def test_every_word_stands_where_it_says(text: str) -> None:
    words = prepare_words(text, FOLDED)
    assert len(words.words) == len(words.spans)
    assert words.text.split() == list(words.words)
    last = 0
    for start, end in words.spans:
        assert last <= start < end <= len(text)
        assert not any(char.isspace() for char in text[start:end])
        last = start


def test_only_the_beginning_of_a_huge_text_is_read() -> None:
    assert len(prepare_text("ab " * 1_000_000, FOLDED)) < 2_100


def test_the_parent_follows_behind_a_second_end() -> None:
    assert join_pieces([7, 8], [9]) == [BEGIN, 7, 8, END, END, 9, END]
    assert join_pieces([7, 8]) == [BEGIN, 7, 8, END]


def test_no_text_and_parent_are_longer_than_the_window() -> None:
    joined = join_pieces(list(range(TEXT_PIECES * 2)), list(range(PARENT_PIECES * 2)))
    assert len(joined) == WINDOW
