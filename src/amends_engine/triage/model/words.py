"""Prepare a text for the model's vocabulary; every prepared word knows where it stood.

The same function prepares texts in training and at run time: what the model never learned (names,
links) it never sees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

BEGIN, PADDING, END, UNKNOWN = 0, 1, 2, 3
BLANK = "▁"
"""The tokenizer's own sign for a blank; in a text it would cut words that we do not know of."""

LONGEST = 2_000
"""Code points of a text that are read; the model's window is far smaller."""

_CHUNK = re.compile(r"\S+")
_LINK = re.compile(r"(?:https?://|www\.)\S{1,300}", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w{1,60}")
_ELONGATED = re.compile(r"(\S)\1{3,}")
_HALF_PAIR = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair: no character, and nothing that a tokenizer takes."""


@dataclass(frozen=True, slots=True)
class Words:
    """The prepared words of a text, and where each began and ended in the text as given."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def text(self) -> str:
        """The words with single blanks between them, as the tokenizer takes them."""
        return " ".join(self.words)


def prepare_words(text: str, characters: Mapping[int, str]) -> Words:
    """Mask links and handles, shorten elongation, fold characters; offsets are code points.

    `characters` maps code points as the vocabulary was made with (NFKC and its own additions).
    """
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for chunk in _CHUNK.finditer(text[:LONGEST]):
        prepared = _HALF_PAIR.sub("\N{REPLACEMENT CHARACTER}", chunk.group())
        prepared = _LINK.sub("http", prepared)
        prepared = _HANDLE.sub("@user", prepared)
        prepared = _ELONGATED.sub(r"\1\1\1", prepared).translate(characters).replace(BLANK, " ")
        for word in prepared.split():
            words.append(word)
            spans.append(chunk.span())
    return Words(tuple(words), tuple(spans))


def prepare_text(text: str, characters: Mapping[int, str]) -> str:
    """Return what the vocabulary reads of a text."""
    return prepare_words(text, characters).text
