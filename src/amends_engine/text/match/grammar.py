"""What may hang on a name in a language: endings, beginnings, compounds; read from versioned YAML.

A class of endings holds for names that end in certain letters; its slots follow each other and each
may be left out. They are compiled to expressions without repetition, so that they cannot run away.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from amends_engine.text.match.fold import fold_word
from amends_engine.text.match.terms import LANGUAGES

MAX_ENDING = 14
"""Letters of an ending that are looked at; longer ones belong to another word."""
_VOWELS = frozenset("aıioöuüeâîû")


@dataclass(frozen=True, slots=True)
class Harmony:
    """Vowel harmony by front and back; `neutral` endings stand outside of it."""

    back: frozenset[str]
    front: frozenset[str]
    neutral: tuple[str, ...]

    def agrees(self, stem: str, ending: str) -> bool:
        """Whether the vowels of an ending follow the stem's, in letters as they were written.

        A name may be spoken unlike it is written (a silent e, an English vowel), so either of its
        last two vowels may lead; but the ending must agree within itself.
        """
        ending = next((ending[: -len(one)] for one in self.neutral if ending.endswith(one)), ending)
        sides = [self._side(char) for char in ending if char in _VOWELS]
        if not sides:
            return True
        vowels = [char for char in stem if char in _VOWELS][-2:]
        leads = {self._side(char) for char in vowels} or {sides[0]}
        if not any(char in "ıöü" for char in stem + ending):
            # Typed without marks, i may be ı, o may be ö and u may be ü: only a and e tell.
            told = {self._side(char) for char in ending if char in "ae"}
            is_open = any(char in "iou" for char in vowels)
            return not told or (len(told) == 1 and (is_open or told <= leads))
        return len(set(sides)) == 1 and sides[0] in leads

    def _side(self, vowel: str) -> str:
        return "back" if vowel in self.back or vowel in "âû" else "front"


@dataclass(frozen=True, slots=True)
class EndingClass:
    """Endings for names that end in one of `ends` (none: any), which lose `drop` letters first."""

    language: str
    ends: tuple[str, ...]
    drop: int
    pattern: re.Pattern[str]
    needs_vowel: bool = False

    def applies_to(self, word: str) -> bool:
        return len(word) > self.drop + 1 and (not self.ends or word.endswith(self.ends))

    def fits(self, ending: str) -> bool:
        """Whether folded letters are an ending of this class; the empty one only where none fell."""
        if not ending:
            return not self.drop
        if len(ending) > MAX_ENDING or (self.needs_vowel and ending[0] not in "aeiou"):
            return False
        return self.pattern.fullmatch(ending) is not None


@dataclass(frozen=True, slots=True)
class Grammar:
    """The endings of one language."""

    language: str
    version: str
    joiners: tuple[str, ...]
    classes: tuple[EndingClass, ...]
    prefixes: frozenset[str]
    compounds: tuple[str, ...]
    softening: tuple[tuple[str, str], ...]
    harmony: Harmony | None
    has_buffers: bool

    def accepts(self, stem: str, ending: str, *, raw: tuple[str, str], joiner: str) -> bool:
        """Whether sounds fit: `stem` and `ending` folded, `raw` both as they were written, small."""
        if self.has_buffers and not _is_buffered(stem[-1:], ending, is_joined=bool(joiner)):
            return False
        return self.harmony is None or self.harmony.agrees(*raw)

    def classes_for(self, word: str) -> Iterator[EndingClass]:
        """The classes that hold for a folded word."""
        return (one for one in self.classes if one.applies_to(word))


@functools.cache
def load_grammar(language: str) -> Grammar:
    """The endings of a language that is shipped."""
    folder = resources.files("amends_engine.text.match") / "endings"
    plain = yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
    return _read(plain)


def load_grammars(languages: tuple[str, ...]) -> tuple[Grammar, ...]:
    """The grammars of these languages; all of them when none is named."""
    return tuple(load_grammar(code) for code in languages or LANGUAGES)


def _read(plain: dict[str, Any]) -> Grammar:
    harmony = plain.get("harmony")
    language = plain["language"]
    return Grammar(
        language=language,
        version=str(plain["version"]),
        joiners=tuple(plain["joiners"]),
        classes=tuple(_read_class(one, language=language) for one in plain["classes"]),
        prefixes=frozenset(plain.get("prefixes", ())),
        compounds=tuple(plain.get("compounds", ())),
        softening=tuple(plain.get("softening", {}).items()),
        harmony=Harmony(
            frozenset(harmony["back"]), frozenset(harmony["front"]), tuple(harmony["neutral"])
        )
        if harmony
        else None,
        has_buffers=bool(plain.get("buffers")),
    )


def _is_buffered(last: str, ending: str, *, is_joined: bool) -> bool:
    pairs = list(zip(last + ending, ending, strict=False))
    for one, other in pairs[1:] if is_joined else pairs:
        if one in "aeiou" and other in "aeiou":
            return False
        if other == "y" and one not in "aeiou":
            return False
    return True


def _read_class(plain: dict[str, Any], *, language: str) -> EndingClass:
    slots = [
        "(?:" + "|".join(re.escape(fold_word(one)) for one in sorted(slot, key=len)[::-1]) + ")?"
        for slot in plain["slots"]
    ]
    return EndingClass(
        language=language,
        ends=tuple(fold_word(one) for one in plain["ends"]),
        drop=plain.get("drop", 0),
        pattern=re.compile("".join(slots)),
    )
