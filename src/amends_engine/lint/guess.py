"""Which language a reply is in: by its function words, by its letters, else by the screen."""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache

from amends_engine.classifier import TextInput, UnreadableText, require_readable
from amends_engine.lint.language import languages, load_language
from amends_engine.text.normalise import fold_diacritics, normalise_text
from amends_engine.text.phrases import split_words

UNSURE = ""
CLEAR_LEAD = 2
"""Function words by which the first language must lead the second to be believed."""

SCREEN_NEEDS = 0.9
MIN_LETTERS = 20
LONG_ENOUGH = 40
MAX_CHARS = 2000


@lru_cache(maxsize=2000)
def guess_language(text: str) -> str:
    """Return the code of the language, `und` for one of no file, or `UNSURE` for too short a text."""
    normalised = normalise_text(text[:MAX_CHARS])
    words = split_words(normalised).keys
    letters = [char for char in normalised.text if char.isalpha()]
    if len(letters) < 4:
        return UNSURE
    script = _script(letters)
    if script:
        return script
    counts = Counter(code for word in words for code in _codes_of_word().get(word, ()))
    ranked = counts.most_common(2)
    lead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0) if ranked else 0
    if lead >= CLEAR_LEAD or (lead == 1 and len(words) <= 8 and ranked[0][1] >= 1):
        return ranked[0][0]
    return _ask_screen(text[:MAX_CHARS]) if len(letters) >= MIN_LETTERS else UNSURE


def _script(letters: list[str]) -> str:
    """Return `ru` for Cyrillic, `und` for a script of none of our languages, else nothing."""
    cyrillic = sum("\u0400" <= char <= "\u04ff" for char in letters)
    latin = sum(fold_diacritics(char).isascii() for char in letters)
    if cyrillic > 0.5 * len(letters):
        return "ru"
    return "und" if latin < 0.3 * len(letters) else UNSURE


@cache
def _codes_of_word() -> dict[str, tuple[str, ...]]:
    """Return for each function word the languages that it speaks for."""
    codes: dict[str, list[str]] = {}
    for code in languages():
        for word in load_language(code).function_words:
            codes.setdefault(word, []).append(code)
    return {word: tuple(several) for word, several in codes.items() if len(several) == 1}


def _ask_screen(text: str) -> str:
    # Imported late: a run whose replies are all plain by their function words never loads weights.
    from amends_engine.triage.screen import load_screen

    try:
        require_readable(text)
    except UnreadableText:
        return UNSURE
    [scored] = load_screen().score([TextInput(id=1, text=text)])
    language = scored.language
    if language.code == "und":
        return "und" if language.score >= SCREEN_NEEDS and len(text) >= LONG_ENOUGH else UNSURE
    return language.code if language.score >= SCREEN_NEEDS else UNSURE
