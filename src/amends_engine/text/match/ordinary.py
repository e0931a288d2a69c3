"""Which words are ordinary ones of our languages, so that no misspelt name is seen in them."""

from __future__ import annotations

import functools
import json
from importlib import resources

from amends_engine.text.match.grammar import load_grammar
from amends_engine.text.match.terms import LANGUAGES

MIN_STEM = 4
"""Shorter words are no stems: too many endings fit too many beginnings."""


@functools.cache
def common_words(language: str) -> frozenset[str]:
    """The most frequent words of a language, folded, three letters and more."""
    return _read_lists()[language]


@functools.lru_cache(maxsize=50_000)
def is_ordinary(word: str) -> bool:
    """Whether a folded word is a common one of any language, or one with an ending on it."""
    return any(_is_ordinary_in(language, word) for language in LANGUAGES)


def languages_of(word: str) -> tuple[str, ...]:
    """The languages in which a folded word is common as it stands."""
    return tuple(code for code in LANGUAGES if word in common_words(code))


def _is_ordinary_in(language: str, word: str) -> bool:
    common = common_words(language)
    if word in common:
        return True
    classes = load_grammar(language).classes
    for size in range(len(word) - 1, MIN_STEM - 1, -1):
        stem, ending = word[:size], word[size:]
        if stem in common and any(
            not one.drop and one.applies_to(stem) and one.fits(ending) for one in classes
        ):
            return True
    return False


@functools.cache
def _read_lists() -> dict[str, frozenset[str]]:
    folder = resources.files("amends_engine.artefacts") / "words"
    plain = json.loads((folder / "common.json").read_text(encoding="utf-8"))
    return {language: frozenset(words.split()) for language, words in plain["words"].items()}
