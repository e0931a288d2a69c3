"""Cut a text into words and fold them, so that a word is found however it was typed.

Case, accents and Turkish letters are folded on both sides (İ, I, ı, i are one; ş is s; ё is е): who
searches "siparis" finds "SİPARİŞ". Cyrillic keeps its й, since и is another letter there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MAX_CHARS = 20_000  # of one text; what stands behind is not found
MAX_WORD = 60

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_SINGLE = str.maketrans(
    {
        "İ": "i",
        "I": "i",
        "ı": "i",
        "Ё": "е",
        "ё": "е",
        "Й": "й",
        "ß": "ss",
        "ẞ": "ss",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "ø": "o",
        "Ø": "o",
        "đ": "d",
        "Đ": "d",
        "ł": "l",
        "Ł": "l",
        "þ": "th",
        "Þ": "th",
    }
)


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word and where it stood, in code points of the text as given."""

    word: str
    start: int
    end: int


def tokens_of(text: str) -> Iterator[Token]:
    """The words of a text in order; letters and digits only, whatever stood between them."""
    for found in _WORD.finditer(text[:MAX_CHARS]):
        word = fold_word(found[0])
        if word:
            yield Token(word, found.start(), found.end())


def fold_word(word: str) -> str:
    """One word, folded; only letters and digits are left of it."""
    if word.isascii():
        return word.lower()[:MAX_WORD]
    composed = unicodedata.normalize("NFKC", word).translate(_SINGLE).lower()
    if any("\u0400" <= one <= "\u04ff" for one in composed):
        bare = "".join(one for one in composed if one.isalnum())
    else:
        apart = unicodedata.normalize("NFKD", composed)
        bare = "".join(one for one in apart.translate(_SINGLE) if one.isalnum())
    return bare[:MAX_WORD]
