"""What is looked for: a brand, a product or a person, with its spellings and what it must not be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from amends_engine.text.match.fold import fold_word

LANGUAGES = ("tr", "id", "ru", "nl", "en")
MAX_TERMS = 500
MAX_SPELLINGS = 40
MAX_ALL_SPELLINGS = 5_000
"""Spellings of all terms together; compiling them takes about a second and 100 MB."""
MAX_CHARS = 80
MAX_WORDS = 6
MIN_LETTERS = 2

_KEY = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")


class TermKind(StrEnum):
    """What a term names."""

    BRAND = "brand"
    PRODUCT = "product"
    PERSON = "person"


class TermError(ValueError):
    """A term cannot be used.

    `field` is the part at fault (key, name, variants, languages, exclusions, terms), `code` one of
    empty, too_long, too_short, too_many, unknown_language, repeated, bad_key; `found` what was
    there. The sentence is English; who shows it to people translates by the code.
    """

    def __init__(self, code: str, *, field: str, found: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.found = found


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for.

    `key` names it in queries (`brand:acme`); `variants` are further spellings, nicknames and
    abbreviations that count as the name; `languages` are those whose endings it takes (none: all);
    an exclusion that holds the name (`acme street`) drops the match in it, another one (`oven`)
    drops every match of a text that has it. Raises TermError.
    """

    key: str
    kind: TermKind
    name: str
    variants: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key) or len(self.key) > MAX_CHARS:
            raise TermError(
                "bad_key",
                field="key",
                found=self.key,
                message=f"{self.key!r} is no key: write letters, digits and single hyphens",
            )
        _check_spelling(self.name, field="name")
        for field in ("variants", "exclusions"):
            spellings: tuple[str, ...] = getattr(self, field)
            if len(spellings) > MAX_SPELLINGS:
                raise TermError(
                    "too_many",
                    field=field,
                    found=str(len(spellings)),
                    message=f"{self.key}: {len(spellings)} {field}, at most {MAX_SPELLINGS}",
                )
            for one in spellings:
                _check_spelling(one, field=field)
        for code in self.languages:
            if code not in LANGUAGES:
                raise TermError(
                    "unknown_language",
                    field="languages",
                    found=code,
                    message=f"{self.key}: {code!r} is none of {', '.join(LANGUAGES)}",
                )

    @property
    def spellings(self) -> tuple[str, ...]:
        """The name and its variants."""
        return (self.name, *self.variants)


def check_terms(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms, none named twice and not too many; raises TermError."""
    checked = tuple(terms)
    if len(checked) > MAX_TERMS:
        raise TermError(
            "too_many",
            field="terms",
            found=str(len(checked)),
            message=f"{len(checked)} terms, at most {MAX_TERMS}",
        )
    spellings = sum(len(term.spellings) for term in checked)
    if spellings > MAX_ALL_SPELLINGS:
        raise TermError(
            "too_many",
            field="variants",
            found=str(spellings),
            message=f"{spellings} spellings in all, at most {MAX_ALL_SPELLINGS}",
        )
    seen: set[str] = set()
    for term in checked:
        key = fold_word(term.key)
        if key in seen:
            raise TermError(
                "repeated",
                field="key",
                found=term.key,
                message=f"two terms have the key {term.key!r}: give one another name",
            )
        seen.add(key)
    return checked


def make_key(name: str) -> str:
    """A key for a name: its letters and digits in small, hyphens between; empty where it has none."""
    return "-".join(re.findall(r"[^\W_]+", fold_word(name)))[:MAX_CHARS].strip("-")


def words_of(spelling: str) -> tuple[str, ...]:
    """The folded words of a spelling: Acme-Kargo and acme kargo are the same two."""
    return tuple(re.findall(r"[^\W_]+", fold_word(spelling)))


def _check_spelling(spelling: str, *, field: str) -> None:
    words = words_of(spelling)
    letters = sum(map(len, words))
    faults = (
        (not spelling.strip(), "empty", "it is empty"),
        (len(spelling) > MAX_CHARS, "too_long", f"more than {MAX_CHARS} characters"),
        (len(words) > MAX_WORDS, "too_long", f"more than {MAX_WORDS} words"),
        (letters < MIN_LETTERS, "too_short", f"fewer than {MIN_LETTERS} letters"),
        (_has_control(spelling), "bad_character", "it has a character that cannot be searched"),
    )
    for is_wrong, code, why in faults:
        if is_wrong:
            raise TermError(
                code, field=field, found=spelling[:MAX_CHARS], message=f"{spelling[:20]!r}: {why}"
            )


def _has_control(text: str) -> bool:
    return any(unicodedata.category(char) in {"Cc", "Cs"} for char in text)
