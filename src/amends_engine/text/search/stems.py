"""The stem of a folded word in one of our languages, by snowballstemmer.

Words come folded, so that both spellings of Turkish have one stem. Its stemmer goes by vowel harmony, which
folding takes away: the vowels are put back by what the word itself shows, and folded again afterwards.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import snowballstemmer

from amends_engine.text.search.tokens import fold_word

ALGORITHMS = MappingProxyType(
    {"en": "english", "tr": "turkish", "id": "indonesian", "ru": "russian", "nl": "dutch"}
)
LATIN = ("en", "tr", "id", "nl")
SHORTEST = 3  # what is shorter has no ending to lose


# What the stemmers get wrong most: "mağazası", "pesanan", "pakketje". Each rule adds a stem beside theirs:
# too many stems find a little too much, too few find nothing.
_ALSO = MappingProxyType(
    {
        "tr": re.compile(r"(?<=[aeiou])s[iu](?:[mn]?(?:iz|uz)?|n[aeiu]n?|nd[ae]n?)$"),
        "id": re.compile(r"(?:kan|an|i)?(?:nya|ku|mu|lah|kah)?$"),
        "nl": re.compile(r"jes?$"),
    }
)


def stems_of(word: str, *, language: str = "") -> tuple[str, ...]:
    """The stems of a folded word, the word itself left out; of every language where it is not known."""
    if len(word) <= SHORTEST or not word.isalpha():
        return ()
    code = language.partition("-")[0].lower()
    if code in ALGORITHMS:
        codes: tuple[str, ...] = (code,)
    else:
        codes = LATIN if word.isascii() else ("ru",)
    found = [one for code in codes for one in _stems_in(word, code)]
    return tuple(dict.fromkeys(one for one in found if one != word))


@lru_cache(maxsize=200_000)
def _stems_in(word: str, code: str) -> tuple[str, ...]:
    found = (stem_word(word, code),)
    if code not in _ALSO:
        return found
    other = _ALSO[code].sub("", word, count=1)
    return (*found, other) if len(other) > SHORTEST and other != found[0] else found


def stem_word(word: str, code: str) -> str:
    """The stem of a folded word in a language that we know; the word where nothing is left of it."""
    shown = _with_harmony(word) if code == "tr" else word
    return fold_word(_stemmer(code).stemWord(shown)) or word


@cache
def _stemmer(code: str) -> Any:
    return snowballstemmer.stemmer(ALGORITHMS[code])


_BACK = MappingProxyType({"i": "ı", "o": "o", "u": "u"})
_FRONT = MappingProxyType({"i": "i", "o": "ö", "u": "ü"})


def _with_harmony(word: str) -> str:
    """Turkish vowels as harmony has them: i, o and u are front or back as the next a or e, else the last."""
    vowels: list[bool | None] = [
        True if letter == "e" else False if letter == "a" else None for letter in word
    ]
    following: bool | None = None
    for place in range(len(word) - 1, -1, -1):
        following = vowels[place] if vowels[place] is not None else following
        if word[place] in _BACK and following is not None:
            vowels[place] = following
    leading: bool | None = None
    letters = []
    for place, letter in enumerate(word):
        leading = vowels[place] if vowels[place] is not None else leading
        is_front = leading is True or (leading is None and letter == "i")
        letters.append((_FRONT if is_front else _BACK).get(letter, letter))
    return "".join(letters)
