"""Fold a text for matching: one letter for all its spellings, every place still known.

Each code point becomes one code point or nothing, so that offsets stay true and most texts need no
table of them. Case folds without knowing the language (İ, I, ı and i are one letter), marks fall
away (ş → s, ё → е), blanks become spaces. `normalise_text` is no choice here: it hides handles and
addresses, which is where a brand is often named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MAX_CHARS = 20_000
"""Code points of a text that are read; the rest is not searched."""

_ODD = {
    "İ": "i", "I": "i", "ı": "i", "ß": "s", "æ": "e", "œ": "e", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
    "đ": "d", "Đ": "d", "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'",
    "‐": "-", "‑": "-", "–": "-", "—": "-", "＃": "#", "＠": "@", "\n": " ", "\t": " ", "\r": " ",
}  # fmt: skip
_SAME_BLANK = re.compile(r"(?<= ) +")
_CYRILLIC = re.compile("[а-я]")
_LATIN = re.compile("[a-z]")
_WORD = re.compile(r"[^\W\d_]+")
# Letters of the two scripts that look alike; spam and jokes mix them.
_LOOKALIKE = str.maketrans("авеікмнорстухѕј", "abeikmhopctyxsj")


class _Table(dict[int, str | None]):
    """Code point → its folded form; filled when a code point is first met, never beyond Unicode."""

    def __missing__(self, code: int) -> str | None:
        folded = _fold_char(chr(code))
        self[code] = folded
        return folded


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded text; `places[i]` is where character i stands in the text as given.

    `length` counts the code points that were read.
    """

    text: str
    places: Sequence[int]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span [start, end) of the folded text as one of the original, with the marks on it."""
        last = self.places[end] if end < len(self.places) else self.length
        return self.places[start], last


def fold_text(text: str) -> Folded:
    """Fold the first `MAX_CHARS` code points of a text."""
    text = text[:MAX_CHARS]
    folded = text.translate(_TABLE)
    if len(folded) == len(text) and "  " not in folded:
        return Folded(folded, range(len(text)), len(text))
    kept = [place for place, char in enumerate(text) if _TABLE[ord(char)] is not None]
    if "  " not in folded:
        return Folded(folded, kept, len(text))
    blank = {at for match in _SAME_BLANK.finditer(folded) for at in range(*match.span())}
    places = [place for at, place in enumerate(kept) if at not in blank]
    shorter = "".join(char for at, char in enumerate(folded) if at not in blank)
    return Folded(shorter, places, len(text))


def fold_word(text: str) -> str:
    """Fold a term or a word of a query; blanks at both ends are cut."""
    return fold_text(text).text.strip()


def unmask(folded: str) -> str | None:
    """The text with words of mixed script read as Latin (асme → acme); None when there are none."""
    if not (_CYRILLIC.search(folded) and _LATIN.search(folded)):
        return None
    changed = _WORD.sub(_unmask_word, folded)
    return changed if changed != folded else None


def squeeze(word: str) -> str:
    """The word with every run of a letter written once: acmee → acme."""
    return "".join(char for at, char in enumerate(word) if not at or word[at - 1] != char)


def _unmask_word(match: re.Match[str]) -> str:
    word = match[0]
    if not (_CYRILLIC.search(word) and _LATIN.search(word)):
        return word
    read = word.translate(_LOOKALIKE)
    return word if _CYRILLIC.search(read) else read


def _fold_char(char: str) -> str | None:
    if char in _ODD:
        return _ODD[char]
    kind = unicodedata.category(char)
    if kind in {"Mn", "Me", "Cf"}:
        return None
    if kind[0] == "Z" or kind == "Cc":
        return " "
    plain = unicodedata.normalize("NFKD", char)[:1]
    if plain in _ODD:
        return _ODD[plain]
    if "\u1100" <= plain <= "\u11ff":  # a Korean syllable is no letter with marks
        return char
    low = plain.lower()[:1]
    low = _ODD.get(low, low)
    if unicodedata.category(low) in {"Mn", "Me", "Cf", "Zs"}:
        return char
    return low


_TABLE = _Table()
