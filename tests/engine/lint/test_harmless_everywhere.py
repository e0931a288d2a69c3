"""Harmless sentences of all five languages that hold a word of a fault: each once stopped a good reply."""

from __future__ import annotations

import pytest

from tests.engine.lint.desk import checks, lint
from tests.engine.lint.test_harmless_sentences import HEEDED

CASES = (
    ("en", "Both amounts go back to your card on Monday."),
    ("nl", "Het bedrag staat uiterlijk woensdag weer op je rekening."),
    ("nl", "Zo praat je niet tegen een klant die om hulp vraagt."),
    ("nl", "Als je vrouw liever belt, ben ik vanmiddag bereikbaar."),
    ("id", "Jika sesak napas, segera hubungi ambulans."),
    ("tr", "Yaşlı yolcularımız için o yokuş gerçekten zor."),
    ("ru", "Если ваша сестра не против, я хотела бы извиниться перед ней лично."),
)


@pytest.mark.parametrize(("lang", "sentence"), CASES)
def test_a_harmless_sentence_is_no_fault(lang: str, sentence: str) -> None:
    result = lint(sentence, lang=lang, severity="high", address="je" if lang == "nl" else None)
    assert not checks(result, "block", "warn") & HEEDED
