"""From shares of words to spans that a person can read."""

from __future__ import annotations

import numpy as np

from amends_engine.triage.layout import COLUMNS, WIDTH, column_of
from amends_engine.triage.reasons import explain_words
from amends_engine.triage.scores import WordShares

TEXT = "Kargom altı gündür yok, çok kötü!!"
SPANS = [(0, 6), (7, 11), (12, 18), (19, 23), (24, 27), (28, 34)]
NEGATIVE = column_of("sentiment", "negative")


def shares_of(*values: float) -> WordShares:
    table = np.zeros((len(SPANS), WIDTH), dtype=np.float32)
    table[:, NEGATIVE] = values
    return WordShares(SPANS, table)


def words_shown(shares: WordShares, **options: slice) -> list[str]:
    found = explain_words(
        TEXT, shares, field="sentiment", column=NEGATIVE, source="model", **options
    )
    return [one.text for one in found]


def test_the_strongest_words_are_shown_without_their_marks() -> None:
    assert words_shown(shares_of(0, 0, 0, 0.9, 0, 0.8)) == ["yok", "kötü"]


def test_neighbours_become_one_span() -> None:
    assert words_shown(shares_of(0, 0.7, 0.8, 0.9, 0, 0)) == ["altı gündür yok"]


def test_words_that_hardly_speak_are_not_shown() -> None:
    assert words_shown(shares_of(0.9, 0.1, 0.01, 0, 0, 0)) == ["Kargom"]
    assert words_shown(shares_of(0.01, 0, 0, 0, 0, 0)) == []


def test_what_speaks_for_every_label_is_no_reason() -> None:
    table = np.zeros((len(SPANS), WIDTH), dtype=np.float32)
    table[0, COLUMNS["sentiment"]] = 2.0
    table[5, NEGATIVE] = 0.5
    assert words_shown(WordShares(SPANS, table), against=COLUMNS["sentiment"]) == ["kötü"]


def test_a_text_without_words_has_no_reasons() -> None:
    empty = WordShares([], np.zeros((0, WIDTH), dtype=np.float32))
    assert words_shown(empty) == []
