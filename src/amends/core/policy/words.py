"""Words that make a policy vague, or turn it against criticism; one data file a language.

A language without a file is not read for words; everything else of the lint holds for it as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from amends.core.yaml_reader import YamlReader
from amends.core.yaml_tree import parse_yaml

_FOLDER = files("amends.core.policy") / "words"
LANGUAGES = tuple(
    sorted(
        one.name.removesuffix(".yaml") for one in _FOLDER.iterdir() if one.name.endswith(".yaml")
    )
)
_KINDS = ("vague", "criticism", "protects", "forbids")
_SENTENCE = re.compile(r"[^.!?;\n]+")
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """Expressions of one language; `protects` says that something stays, `forbids` that it does not."""

    vague: re.Pattern[str]
    criticism: re.Pattern[str]
    protects: re.Pattern[str]
    forbids: re.Pattern[str]


def vague_words(text: str, *, language: str) -> tuple[str, ...]:
    """Return the vague words of `text`, each once; none in a sentence that protects criticism."""
    words = _words_of(language)
    if words is None:
        return ()
    return _unique(
        match[0]
        for sentence in _sentences(text)
        if not _protects(sentence, words)
        for match in words.vague.finditer(sentence)
    )


def criticism_words(text: str, *, language: str) -> tuple[str, ...]:
    """Return the words for criticism that `text` does not protect: as a rule they would remove it."""
    words = _words_of(language)
    if words is None:
        return ()
    return _unique(
        match[0]
        for sentence in _sentences(text)
        if not _protects(sentence, words)
        for match in words.criticism.finditer(sentence)
    )


def _protects(sentence: str, words: PolicyWords) -> bool:
    return bool(words.protects.search(sentence)) and not words.forbids.search(sentence)


def _sentences(text: str) -> list[str]:
    return _SENTENCE.findall(fold(text))


def fold(text: str) -> str:
    """Return `text` in small letters, the Turkish İ as i and the typographic apostrophe as a plain one."""
    return text.replace("İ", "i").replace("’", "'").casefold()


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _words_of(language: str) -> PolicyWords | None:
    base = language.partition("-")[0]
    return load_words(base) if base in LANGUAGES else None


@cache
def load_words(language: str) -> PolicyWords:
    """Read the file of a language; raises ValueError where it is not sound."""
    raw = (_FOLDER / f"{language}.yaml").read_bytes()
    root, problems = parse_yaml(raw)
    reader = YamlReader(problems)
    found = reader.mapping(root, path="", required=_KINDS) if root is not None else {}
    terms = {
        kind: [reader.text(item, path=kind, longest=80) for item in reader.items(node, path=kind)]
        for kind, node in found.items()
    }
    if reader.problems:
        raise ValueError(f"{language}.yaml: {reader.problems[0].message}")
    return PolicyWords(**{kind: _pattern(terms[kind]) for kind in _KINDS})


def _pattern(terms: list[str]) -> re.Pattern[str]:
    """Any of the terms as whole words; one that ends with * matches what begins so."""
    if not terms:
        return _NOTHING
    parts = sorted(
        (
            re.escape(fold(term.rstrip("*"))) + (r"\w{0,24}" if term.endswith("*") else "")
            for term in terms
        ),
        key=len,
        reverse=True,
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
