"""The screen's numbers: of one text as of many, with the words behind them, in languages allowed."""

from __future__ import annotations

import numpy as np
import pytest

from amends_engine.artefacts.read import ArtefactError
from amends_engine.classifier import TextInput
from amends_engine.triage.layout import WIDTH
from amends_engine.triage.screen import Scored, load_screen

TEXTS = (
    "Kargom altı gündür yok, ARIYORUM açan yok!!",
    "Paketnya belum sampai juga, kecewaaaa 😡",
    "Третий день без интернета",
    "👍",
    "x" * 3000 + " " + "ş" * 3000,
    "\u20dd e\u0301",
)


def score(*texts: str) -> list[Scored]:
    return load_screen().score([TextInput(at, text) for at, text in enumerate(texts)])


def test_numbers_of_a_batch_are_those_of_its_texts() -> None:
    for text, one in zip(TEXTS, score(*TEXTS), strict=True):
        [alone] = score(text)
        assert one.logits.shape == (WIDTH,)
        assert (one.logits == alone.logits).all()
        assert one.language == alone.language
        assert one.group == alone.group


def test_words_add_up_to_the_score() -> None:
    without, text = score("", TEXTS[0])
    assert text.group == "tr"
    [silent] = load_screen().score([TextInput(1, "", lang="tr")])
    assert without.group == "xx"
    shares = text.word_shares()
    assert [TEXTS[0][start:end] for start, end in shares.spans[:3]] == ["Kargom", "altı", "gündür"]
    total = shares.values.sum(axis=0) + silent.logits
    assert np.allclose(total, text.logits, atol=1e-3)


def test_a_language_that_is_not_allowed_is_left_open() -> None:
    few = load_screen(allowed=("tr", "de"))
    answers = few.score(
        [
            TextInput(1, "My order still has not arrived"),
            TextInput(2, "Ich warte noch immer auf mein Paket"),
        ]
    )
    assert [one.language.code for one in answers] == ["und", "de"]
    assert [one.group for one in answers] == ["xx", "xx"]


def test_an_unknown_language_cannot_be_allowed() -> None:
    with pytest.raises(ArtefactError, match="tlh"):
        load_screen(allowed=("tlh",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kargom nerede kaldi hala gelmedi", "tr"),
        ("mantap kak, makasih", "id"),
        ("спасибо", "ru"),
        ("waar blijft het", "nl"),
        ("where is it", "en"),
    ],
)
def test_short_and_plain_spelling_is_known(text: str, code: str) -> None:
    assert score(text)[0].language.code == code
