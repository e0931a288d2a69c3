"""The knowledge of one language: a versioned file, checked against one schema, compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

import snowballstemmer
import yaml

from amends_engine.lint.patterns import Classes, PatternBook, fold_word, parse_line, split_line
from amends_engine.lint.schema import (
    APOSTROPHES,
    CLASSES,
    LEXICONS,
    REASONS,
    TOPICS,
    LanguageFileError,
    Source,
    compose_tree,
)
from amends_engine.text.phrases import PhraseError

FOLDER = Path(__file__).parent / "languages"
FALLBACK = "en"
"""Speaks for replies in a language that has no file."""

_TOP = (
    "version", "language", "stemmer", "apostrophe", "negation", "slang", "number_words",
    "function_words", "generic", "faces", "topics", "classes", "lexicons", "address", "messages",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases of one kind; `unless` in the same sentence or a negation near by cancels a hit.

    `is_theirs` means that a hit does not stand where we are the ones who act ("I will send you").
    """

    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()
    is_negatable: bool = False
    is_theirs: bool = False


@dataclass(frozen=True)
class Language:
    """One language, ready to use. `owners[n]` says whose phrases owner n of `book` are."""

    code: str
    version: str
    apostrophe: str
    negations: frozenset[str]
    negation_stems: tuple[str, ...]
    negation_after: int
    ourselves: frozenset[str]
    slang: Mapping[str, tuple[str, ...]]
    number_words: frozenset[str]
    function_words: frozenset[str]
    generic: frozenset[str]
    generic_stems: tuple[str, ...]
    faces: tuple[str, ...]
    lexicons: Mapping[str, Lexicon]
    address: tuple[str, ...]
    messages: Mapping[str, tuple[str, str]]
    book: PatternBook
    owners: tuple[tuple[str, str], ...]
    stem: Callable[[str], str] = field(repr=False)

    def is_negation(self, key: str) -> bool:
        return key in self.negations or key.startswith(self.negation_stems)

    def is_generic(self, key: str) -> bool:
        """Return whether a word says nothing of the issue itself ("message", "sorry", "team")."""
        return (
            key in self.generic or key in self.function_words or key.startswith(self.generic_stems)
        )


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def load_language(code: str) -> Language:
    """Return a shipped language, or that of the fallback where there is none."""
    known = code if code in languages() else FALLBACK
    return read_language(FOLDER / f"{known}.yaml")


def read_language(path: Path) -> Language:
    """Return the language of a file; raise LanguageFileError with every mistake and its line."""
    root = compose_tree(path.read_bytes(), name=path.name)
    source = Source()
    top = source.mapping(root, "file", known=_TOP)
    source.require(top, "file", _TOP)
    classes = _read_classes(source, top.get("classes"))
    lexicons = _read_lexicons(source, top.get("lexicons"))
    for topic, phrases in _read_lists(source, top.get("topics"), "file.topics", TOPICS).items():
        lexicons[f"topic.{topic}"] = Lexicon(phrases)
    forms = _read_address(source, top.get("address"), lexicons)
    _check_phrases(source, lexicons, classes)
    language = None if source.problems else _compile(source, top, classes, lexicons, forms)
    if language is None or source.problems:
        raise LanguageFileError(path.name, source.problems)
    return language


def _compile(
    source: Source,
    top: Mapping[str, yaml.Node],
    classes: Classes,
    lexicons: Mapping[str, Lexicon],
    forms: tuple[str, ...],
) -> Language:
    owners = tuple((kind, name) for name in lexicons for kind in ("phrases", "unless"))
    lines = {at: getattr(lexicons[name], kind) for at, (kind, name) in enumerate(owners)}
    negation = source.mapping(top["negation"], "file.negation", known=("words", "after"))
    denies = source.texts(negation.get("words"), "file.negation.words")
    generic = source.texts(top["generic"], "file.generic")
    return Language(
        code=source.text(top["language"], "file.language"),
        version=source.text(top["version"], "file.version"),
        apostrophe=_read_choice(source, top["apostrophe"], "file.apostrophe", APOSTROPHES),
        negations=_exact(denies),
        negation_stems=_stems(denies),
        ourselves=_exact(tuple(word for word in classes["we"] if " " not in word)),
        negation_after=source.whole(negation.get("after"), "file.negation.after", highest=4),
        slang=_read_slang(source, top["slang"]),
        number_words=_exact(source.texts(top["number_words"], "file.number_words")),
        function_words=_exact(source.texts(top["function_words"], "file.function_words")),
        generic=_exact(generic),
        generic_stems=_stems(generic),
        faces=source.texts(top["faces"], "file.faces"),
        lexicons=lexicons,
        address=forms,
        messages=_read_messages(source, top["messages"]),
        book=PatternBook(lines, classes=classes),
        owners=owners,
        stem=_make_stemmer(source, top["stemmer"]),
    )


def _exact(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold_word(word) for word in words if not word.endswith("*"))


def _stems(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold_word(word[:-1]) for word in words if word.endswith("*"))


def _make_stemmer(source: Source, node: yaml.Node) -> Callable[[str], str]:
    known = tuple(snowballstemmer.algorithms())
    name = _read_choice(source, node, "file.stemmer", known)
    stemmer = snowballstemmer.stemmer(name if name in known else "english")
    return lru_cache(maxsize=20_000)(stemmer.stemWord)


def _read_choice(source: Source, node: yaml.Node, path: str, known: tuple[str, ...]) -> str:
    value = source.text(node, path)
    if value not in known:
        source.note(node, path, f"'{value}' may be one of {', '.join(known)}")
    return value


def _read_lists(
    source: Source, node: yaml.Node | None, path: str, known: tuple[str, ...] | None
) -> dict[str, tuple[str, ...]]:
    entries = source.mapping(node, path, known=known)
    return {name: source.texts(value, f"{path}.{name}") for name, value in entries.items()}


def _read_classes(source: Source, node: yaml.Node | None) -> dict[str, tuple[str, ...]]:
    classes = _read_lists(source, node, "file.classes", None)
    for name in CLASSES:
        if name not in classes:
            source.note_at("file.classes", f"'{name}' is missing")
    return classes


def _read_lexicons(source: Source, node: yaml.Node | None) -> dict[str, Lexicon]:
    entries = source.mapping(node, "file.lexicons", known=LEXICONS)
    source.require(entries, "file.lexicons", LEXICONS)
    return {
        name: _read_lexicon(source, value, f"file.lexicons.{name}")
        for name, value in entries.items()
    }


def _read_lexicon(source: Source, node: yaml.Node, path: str) -> Lexicon:
    """Read a list of phrases, or a mapping where there is more to say."""
    if isinstance(node, yaml.SequenceNode):
        return Lexicon(source.texts(node, f"{path}.phrases"))
    parts = source.mapping(node, path, known=("phrases", "unless", "negatable", "theirs"))
    return Lexicon(
        source.texts(parts.get("phrases"), f"{path}.phrases"),
        source.texts(parts.get("unless"), f"{path}.unless"),
        source.flag(parts.get("negatable"), f"{path}.negatable"),
        source.flag(parts.get("theirs"), f"{path}.theirs"),
    )


def _read_address(
    source: Source, node: yaml.Node | None, lexicons: dict[str, Lexicon]
) -> tuple[str, ...]:
    """Add a lexicon `address.<form>` for each form; return the forms."""
    entries = source.mapping(node, "file.address")
    for name, value in entries.items():
        lexicons[f"address.{name}"] = _read_lexicon(source, value, f"file.address.{name}")
    return tuple(entries)


def _read_slang(source: Source, node: yaml.Node) -> dict[str, tuple[str, ...]]:
    entries = source.mapping(node, "file.slang")
    return {
        fold_word(name): tuple(
            fold_word(word) for word in source.text(value, f"file.slang.{name}").split()
        )
        for name, value in entries.items()
    }


def _read_messages(source: Source, node: yaml.Node) -> dict[str, tuple[str, str]]:
    entries = source.mapping(node, "file.messages", known=REASONS)
    source.require(entries, "file.messages", REASONS)
    read = {}
    for name, value in entries.items():
        path = f"file.messages.{name}"
        parts = source.mapping(value, path, known=("message", "suggestion"))
        source.require(parts, path, ("message", "suggestion"))
        read[name] = (
            source.text(parts.get("message"), f"{path}.message"),
            source.text(parts.get("suggestion"), f"{path}.suggestion"),
        )
    return read


def _check_phrases(source: Source, lexicons: Mapping[str, Lexicon], classes: Classes) -> None:
    for name, lexicon in lexicons.items():
        where = f"file.{name.replace('topic.', 'topics.')}"
        if not name.startswith(("topic.", "address.")):
            where = f"file.lexicons.{name}"
        for kind in ("phrases", "unless"):
            for at, line in enumerate(getattr(lexicon, kind)):
                try:
                    for part in chain(*split_line(line)):
                        parse_line(part, classes=classes)
                except PhraseError as error:
                    path = (
                        f"{where}[{at}]"
                        if where.startswith("file.topics")
                        else (f"{where}.{kind}[{at}]")
                    )
                    source.note_at(path, str(error))
