"""How much a reply repeats another one: character 5-grams, as written and with names masked."""

from __future__ import annotations

import re

SIZE = 5
WARN_FROM = 0.80
BLOCK_FROM = 0.92

MAX_CHARS = 4000
"""Longer replies are compared by their begin, so that cost stays bounded."""

_BLANKS = re.compile(r"\s+")
_NUMBER = re.compile(r"#?\d[\d.,:/-]*")
_NAME = re.compile(r"\b[^\W\d_]+(?:['’][^\W\d_]+)?")
_NAMES = re.compile(r"N(?: N)+")


def similarity(one: str, other: str) -> float:
    """Return the larger Jaccard similarity of two replies: as written, or masked (0 to 1)."""
    plain = _jaccard(_grams(_flatten(one)), _grams(_flatten(other)))
    if plain >= BLOCK_FROM:
        return plain
    return max(plain, _jaccard(_grams(mask(one)), _grams(mask(other))))


def mask(text: str) -> str:
    """Return the text in small letters with each number as 0 and each capitalised word as N."""
    text = _NUMBER.sub("0", _BLANKS.sub(" ", text[:MAX_CHARS]).strip())
    masked = _NAME.sub(lambda found: "N" if found[0][0].isupper() else found[0].lower(), text)
    return _NAMES.sub("N", masked)


def _flatten(text: str) -> str:
    return _BLANKS.sub(" ", text[:MAX_CHARS]).strip().lower()


def _grams(text: str) -> set[str]:
    if len(text) <= SIZE:
        return {text} if text else set()
    return {text[at : at + SIZE] for at in range(len(text) - SIZE + 1)}


def _jaccard(one: set[str], other: set[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 0.0
