"""Phrases are found whatever the case, marks and elongation, and bad ones are refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends_engine.text.normalise import normalise_text
from amends_engine.text.phrases import PhraseBook, PhraseError, parse_phrase, split_words


def find_spans(phrase: str, text: str) -> list[str]:
    words = split_words(normalise_text(text))
    hits = PhraseBook({0: [phrase]}).find(words)
    return [text[words.spans[hit.first][0] : words.spans[hit.last][1]] for hit in hits]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("sikayet*", "ŞİKAYETİMİ yazdım", ["ŞİKAYETİMİ"]),
        ("mahkemeye ver*", "sizi MAHKEMEYE vereceğim", ["MAHKEMEYE vereceğim"]),
        (
            "hakem ..2 basvur*",
            "hakem heyetine yarın başvuruyorum",
            ["hakem heyetine yarın başvuruyorum"],
        ),
        ("hakem ..2 basvur*", "hakem bir iki üç başvuru", []),
        ("подам|подал* ..1 суд", "Подам в суд!", ["Подам в суд"]),
        ("dont", "I don't know", ["don't"]),
        ("sue", "the issue is sueded", []),
        ("bonus", "grab your b0nus", ["b0nus"]),
        ("barang rusak", "barang2 rusak semua", ["barang2 rusak"]),
        ("barangnya", "barang2nya", ["barang2nya"]),
        ("casino bonus", "C A S I N O bonus", ["C A S I N O bonus"]),
        ("gacor", "g.a.c.o.r", ["g.a.c.o.r"]),
        ("casino", "c a-s i.n o", []),
        ("slot88", "slot88", ["slot88"]),
        ("i ..2 ombudsman", "i say i call the ombudsman", ["i call the ombudsman"]),
        ("i|we ..2 court", "we see court, i court", ["we see court", "i court"]),
        ("the ..1 ombudsman", "the ombudsman of the ombudsman", ["the ombudsman", "the ombudsman"]),
        ("^is there", "is there tea", ["is there"]),
        ("^is there", "Hi, is there tea", ["is there"]),
        ("^is there", "so is there tea", ["is there"]),
        ("^is there", "all that is there", []),
    ],
)
def test_phrase_is_found_where_it_stands(phrase: str, text: str, found: list[str]) -> None:
    assert find_spans(phrase, text) == found


@pytest.mark.parametrize(
    "phrase", ["", "..2", "a ..9 b", "a ..2", "..1 a", "a*b", "!", "a |", "^", "a ^b"]
)
def test_bad_phrase_is_refused_with_its_words(phrase: str) -> None:
    with pytest.raises(PhraseError):
        parse_phrase(phrase)


@given(st.text(alphabet=st.characters(), max_size=120))
def test_words_point_into_the_text_as_given(text: str) -> None:
    words = split_words(normalise_text(text))
    assert all(0 <= start < end <= len(text) for start, end in words.spans)
    assert len(words.keys) == len(words.spans)
