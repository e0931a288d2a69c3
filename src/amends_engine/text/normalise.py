"""Bring a text into the form that weights and rules read, without losing the original offsets.

Case is folded so that the language need not be known first: İ, I, ı and i become one letter,
ё becomes е. Fancy letters and lookalikes become the letter that a reader sees; marks that compose
with nothing (stacked "zalgo", the dot that lower-casing İ leaves) are dropped. URLs and handles
become one placeholder each, so that no name is ever learned. Emoji stay: they are signals.
Cost is linear: only the first `MAX_CHARS` code points are read, and runs of combining marks are
cut into pieces of bounded length before composition (sorting them is quadratic in CPython).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from amends_engine.text.lookalikes import fancy_letters, unmask_lookalikes

MAX_CHARS = 20_000
MAX_MARKS = 30
"""As the Stream-Safe Text Format of Unicode UAX #15."""

URL_MARK = "⟨url⟩"
HANDLE_MARK = "⟨@⟩"

_BLANKS = r"\x00-\x20\x7f-\xa0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_UNSEEN = (
    r"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e01ef"
)
"""Zero width, direction (overrides among them), variation and tag characters."""

_LOOSE = (
    r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc\u20e5-\u20f0\ufe20-\ufe2f"
)
"""Marks that stand alone after composition: in living spelling of our languages there are none."""

_EDIT = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s]{1,2000})"
    r"|(?P<handle>(?<![\w.])@\w{1,100})"
    rf"|(?P<unseen>[{_UNSEEN}{_LOOSE}]+)"
    rf"|(?P<blank>[^\S ][{_BLANKS}]*|[\x00-\x1f\x7f-\x9f][{_BLANKS}]*|\x20[{_BLANKS}]+)"
    r"|(?P<run>([^\d\s])\6{2,})"
)
_MARKED = re.compile(r"[^\u0300-\u036f]?[\u0300-\u036f]{1,30}|.", re.DOTALL)
_FOLD = str.maketrans(
    {"İ": "i", "I": "i", "ı": "i", "Ё": "е", "ё": "е", "’": "'", "‘": "'", "`": "'"}
)
_FOLD |= {code: plain.translate(_FOLD) for code, plain in fancy_letters().items()}


@dataclass(frozen=True, slots=True)
class Normalised:
    """The folded text; `starts[i]` and `ends[i]` bound character i in the text as given."""

    text: str
    starts: tuple[int, ...] | range
    ends: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original for the non-empty span [start, end) of `text`."""
        return self.starts[start], self.ends[end - 1]


def normalise_text(text: str) -> Normalised:
    """Fold case, disguise, elongation, blanks, URLs and handles; keep where each character stood."""
    text = text[:MAX_CHARS]
    composed, starts, ends = _compose(text)
    folded = _fold_case(composed)
    if not _EDIT.search(folded):
        return Normalised(folded, starts, ends)
    return _edit(folded, starts, ends)


def fold_diacritics(text: str) -> str:
    """Drop marks from Latin letters (ş → s), length kept, so that ASCII spelling matches too."""
    return text.translate(_PLAIN)


def _compose(text: str) -> tuple[str, tuple[int, ...] | range, tuple[int, ...] | range]:
    if text.isascii() or unicodedata.is_normalized("NFC", _bounded_marks(text)):
        return text, range(len(text)), range(1, len(text) + 1)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _MARKED.finditer(text):
        composed = unicodedata.normalize("NFC", match[0])
        pieces.append(composed)
        starts += [match.start()] * len(composed)
        ends += [match.end()] * len(composed)
    return "".join(pieces), tuple(starts), tuple(ends)


def _bounded_marks(text: str) -> str:
    # A long run of marks is never normalised as a whole; a decomposed sample sends it the slow way.
    return "e\u0301" if _LONG_MARKS.search(text) else text


_LONG_MARKS = re.compile(r"[\u0300-\u036f]{31}")


def _fold_case(text: str) -> str:
    if text.isascii():
        return text.lower().replace("`", "'")
    shown = unmask_lookalikes(text.translate(_FOLD))
    folded = shown.lower()
    if len(folded) == len(text):
        return folded
    return "".join(char.lower()[:1] for char in shown)


def _edit(text: str, starts: tuple[int, ...] | range, ends: tuple[int, ...] | range) -> Normalised:
    pieces: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    position = 0
    for match in _EDIT.finditer(text):
        pieces.append(text[position : match.start()])
        new_starts += starts[position : match.start()]
        new_ends += ends[position : match.start()]
        replacement = _replacement(match)
        pieces.append(replacement)
        new_starts += [starts[match.start()]] * len(replacement)
        new_ends += [ends[match.end() - 1]] * len(replacement)
        position = match.end()
    pieces.append(text[position:])
    new_starts += starts[position:]
    new_ends += ends[position:]
    return Normalised("".join(pieces), tuple(new_starts), tuple(new_ends))


def _replacement(match: re.Match[str]) -> str:
    if match["url"]:
        return URL_MARK
    if match["handle"]:
        return HANDLE_MARK
    if match["unseen"]:
        return ""
    if match["blank"]:
        return " "
    return match[0][:2]


def _plain_letters() -> dict[int, str]:
    plain = {}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            plain[code] = base
    return plain


_PLAIN = _plain_letters()
