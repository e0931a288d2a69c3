"""Language files are complete, sound, and their mistakes are told with the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from amends_engine.lint.checks.steps import CHECKS
from amends_engine.lint.language import FOLDER, languages, load_language, read_language
from amends_engine.lint.patterns import PatternBook
from amends_engine.lint.reading import read_text
from amends_engine.lint.schema import REASONS, LanguageFileError
from amends_engine.text.phrases import PhraseError


def test_there_are_five_languages() -> None:
    assert languages() == ("en", "id", "nl", "ru", "tr")


@pytest.mark.parametrize("code", languages())
def test_every_reason_has_words_in_every_language(code: str) -> None:
    language = load_language(code)
    assert set(language.messages) == set(REASONS)
    assert {reason.partition(".")[0] for reason in REASONS} == {check.id for check in CHECKS}


@pytest.mark.parametrize("code", languages())
def test_no_message_is_that_of_another_language(code: str) -> None:
    own = load_language(code).messages
    for other in languages():
        if other != code:
            theirs = load_language(other).messages
            assert not [
                reason
                for reason in REASONS
                if own[reason][1] == theirs[reason][1] and len(own[reason][1]) > 12
            ]


@pytest.mark.parametrize(
    ("old", "new", "line_with", "says"),
    [
        ("  apology: [sorry", "  apologies: [sorry", "apologies:", "is not known here"),
        ("apostrophe: contract", "apostrophe: maybe", "apostrophe:", "may be one of"),
        ('"pardon us"', '"pardon ..99 us"', "apology:", "a gap is"),
        ('"pardon us"', '"pardon <nobody>"', "apology:", "there is no class 'nobody'"),
        ("stemmer: english", "stemmer: klingon", "stemmer:", "may be one of"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line_with: str, says: str
) -> None:
    source = (FOLDER / "en.yaml").read_text(encoding="utf-8")
    assert old in source
    path = tmp_path / "en.yaml"
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    wanted = next(
        number for number, line in enumerate(path.read_text().splitlines(), 1) if line_with in line
    )
    with pytest.raises(LanguageFileError) as refused:
        read_language(path)
    assert any(
        problem.line == wanted and says in problem.message for problem in refused.value.problems
    )


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"a: [1", b"a: &x 1\nb: *x\n", b"x" * 400_000])
def test_what_is_no_language_file_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "xx.yaml"
    path.write_bytes(raw)
    with pytest.raises(LanguageFileError):
        read_language(path)


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        ("sorry ..2 if", "Sorry, really, if it hurt", True),
        ("sorry ..2 if", "Sorry. If it hurt", False),
        ("<we> will", "We'll write", True),
        ("within # hours", "within 24 hours", True),
        ("within # hours", "within two hours", True),
        ("^ must have", "It must have been", False),
        ("^ must have", "Fine. Must have been", True),
        ("not_in|late", "you were not in", True),
        ("very? late", "late", True),
        ("*ing", "we are checking", True),
        ("sorry & but", "But we are so very much and truly sorry", True),
        ("sorry & but", "Sorry. But not here", False),
        ("sorry & ! but", "Sorry, really", True),
        ("sorry & ! but", "Sorry, but no", False),
        ("sorry & late ..1 parcel & ! but", "A late parcel, sorry", True),
    ],
)
def test_a_phrase_is_found_where_it_stands(line: str, text: str, found: bool) -> None:
    book = PatternBook({0: [line]}, classes={"we": ["we"]})
    words = read_text(text, language=load_language("en")).words
    assert bool(book.find(words)) is found


@pytest.mark.parametrize(
    "line", ["", "a ..0 b", "a ..9 b", "..2 a", "a ..2", "a |", "*a*", "<none>", "! a", "a & ..2 b"]
)
def test_a_bad_phrase_is_refused(line: str) -> None:
    with pytest.raises(PhraseError):
        PatternBook({0: [line]}, classes={})


@pytest.mark.parametrize("code", languages())
def test_no_list_of_a_language_is_empty(code: str) -> None:
    empty = [name for name, one in load_language(code).lexicons.items() if not one.phrases]
    assert empty == []
