"""Finds the words that a brand does not want to use; they stand in its profile (K40)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from amends_engine.text.normalise import normalise_text

SHORT = 3
"""Letters up to which a word is meant as it stands; of a longer one every ending is found as well."""


def find_avoided(text: str, *, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places (code points, end exclusive) of words of the list, in order, none twice.

    Case, and how a letter is composed, make no difference; a word is found where one begins.
    """
    normalised = normalise_text(text)
    found: set[tuple[int, int]] = set()
    for word in words:
        plain = normalise_text(word.strip()).text
        if not plain:
            continue
        ending = r"(?!\w)" if len(plain) <= SHORT else r"\w*"
        for match in re.finditer(rf"(?<!\w){re.escape(plain)}{ending}", normalised.text):
            found.add(normalised.span(*match.span()))
    yield from sorted(found)
