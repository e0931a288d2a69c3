"""The parts of matching, each alone: folding, distance, spelling, endings, the automaton, terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends_engine.text.match.automaton import Automaton
from amends_engine.text.match.distance import NearWords, budget_of, distance, is_plausible
from amends_engine.text.match.fold import fold_text, fold_word, squeeze, unmask
from amends_engine.text.match.grammar import load_grammar
from amends_engine.text.match.ordinary import common_words, is_ordinary, languages_of
from amends_engine.text.match.spell import MAX_SPELLINGS, spell_in_other_script
from amends_engine.text.match.terms import (
    LANGUAGES,
    MAX_TERMS,
    Term,
    TermError,
    TermKind,
    check_terms,
    make_key,
)


@given(st.text(max_size=200))
def test_every_folded_letter_knows_its_place(text: str) -> None:
    folded = fold_text(text)
    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(set(folded.places))
    assert all(0 <= place < len(text) for place in folded.places)


@given(st.text(max_size=200))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    once = fold_word(text)
    assert fold_word(once) == once


@pytest.mark.parametrize("word", ["İLK", "ILK", "ılk", "ilk"])
def test_the_four_letters_i_of_turkish_are_one(word: str) -> None:
    assert fold_word(word) == "ilk"


def test_marks_and_yo_fall_away_and_scripts_of_others_stay() -> None:
    assert fold_word("Şölen Çağrı") == "solen cagri"
    assert fold_word("Ёлка Йод") == "елка иод"
    assert fold_word("한국") == "한국"


def test_look_alike_letters_are_read_as_latin_only_in_mixed_words() -> None:
    assert unmask("асmе") == "acme"
    assert unmask("мама acme") is None
    assert unmask("acme") is None


@given(st.text("abç", max_size=8), st.text("abç", max_size=8))
def test_distance_is_symmetric_and_zero_only_for_equal_words(one: str, other: str) -> None:
    far = distance(one, other, limit=9)
    assert far == distance(other, one, limit=9)
    assert (far == 0) == (one == other)
    assert distance(one, other, limit=1) == min(far, 2)


@pytest.mark.parametrize(
    ("word", "known", "is_likely"),
    [
        ("zumba", "zumoa", False),
        ("zumua", "zumoa", True),
        ("marko", "margo", True),
        ("marlo", "margo", False),
        ("magro", "margo", True),
        ("marrgo", "margo", True),
        ("lumbata", "lumbara", True),  # long enough for any letter
    ],
)
def test_in_a_short_name_one_letter_stands_only_for_one_like_it(
    word: str, known: str, is_likely: bool
) -> None:
    assert is_plausible(word, known) == is_likely


def test_a_swap_of_neighbours_is_one_mistake() -> None:
    assert distance("lubmara", "lumbara", limit=2) == 1


@given(st.text("abcdef", min_size=5, max_size=12), st.text("abcdef", min_size=4, max_size=13))
def test_the_index_finds_what_comparing_with_all_would_find(known: str, asked: str) -> None:
    limit = min(budget_of(known), budget_of(asked + "x"))
    is_near = 0 < distance(asked, known, limit=limit) <= limit and asked[:1] == known[:1]
    is_near = is_near and is_plausible(asked, known)
    found = [word for _far, word, _owner in NearWords([(known, "x")]).find(asked)]
    assert found == ([known] if is_near else [])


@given(st.lists(st.text("ab", min_size=1, max_size=5), max_size=8), st.text("abc", max_size=40))
def test_the_automaton_finds_every_occurrence(patterns: list[str], text: str) -> None:
    expected = {
        (end, pattern)
        for pattern in patterns
        for end in range(len(pattern), len(text) + 1)
        if text[:end].endswith(pattern)
    }
    assert set(Automaton(patterns).find(text)) == expected


def test_several_spellings_in_the_other_script_and_never_too_many() -> None:
    assert {"акме", "акмэ"} <= set(spell_in_other_script("acme"))
    assert {"velco", "velts"} & {one[:5] for one in spell_in_other_script("велцо")}
    assert len(spell_in_other_script("eueueueueueueueu")) <= MAX_SPELLINGS
    assert spell_in_other_script("a1") == ()


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=30))
def test_every_latin_word_has_a_spelling_in_cyrillic(word: str) -> None:
    assert spell_in_other_script(word)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_endings_with_a_version_and_common_words(language: str) -> None:
    grammar = load_grammar(language)
    assert grammar.language == language
    assert grammar.version
    assert grammar.classes
    assert len(common_words(language)) > 20_000


@pytest.mark.parametrize(
    ("language", "word", "ending", "fits"),
    [
        ("tr", "acme", "deki", True),
        ("tr", "acme", "lerimizden", True),
        ("tr", "acme", "xyz", False),
        ("id", "acme", "nyalah", True),
        ("nl", "acme", "tje", True),
        ("en", "acme", "s", True),
        ("ru", "озон", "ом", True),
        ("ru", "озон", "ость", False),
    ],
)
def test_an_ending_fits_or_does_not(language: str, word: str, ending: str, fits: bool) -> None:
    classes = [one for one in load_grammar(language).classes_for(word) if not one.drop]
    assert any(one.fits(ending) for one in classes) == fits


def test_turkish_puts_a_buffer_between_vowels() -> None:
    grammar = load_grammar("tr")
    raw = ("acme", "ye")
    assert grammar.accepts("acme", "ye", raw=raw, joiner="")
    assert not grammar.accepts("acme", "e", raw=("acme", "e"), joiner="")
    assert grammar.accepts("acme", "e", raw=("acme", "e"), joiner="'")
    assert not grammar.accepts("kargomat", "ya", raw=("kargomat", "ya"), joiner="")


def test_ordinary_words_are_known_with_their_endings() -> None:
    assert is_ordinary("kargolar")
    assert is_ordinary("kargolarimizdan")
    assert not is_ordinary("lumbarra")
    assert "tr" in languages_of("kafe")


def test_squeezing_writes_a_run_once() -> None:
    assert squeeze("aaccmmeee") == "acme"


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"name": ""}, "empty", "name"),
        ({"name": "x"}, "too_short", "name"),
        ({"name": "!!"}, "too_short", "name"),
        ({"name": "a" * 81}, "too_long", "name"),
        ({"name": "a b c d e f g"}, "too_long", "name"),
        ({"variants": ("ok", "?")}, "too_short", "variants"),
        ({"variants": tuple(f"name{n}" for n in range(41))}, "too_many", "variants"),
        ({"languages": ("xx",)}, "unknown_language", "languages"),
        ({"key": "a b"}, "bad_key", "key"),
        ({"name": "ac\x00me"}, "bad_character", "name"),
    ],
)
def test_a_term_that_cannot_be_used_names_its_field(
    values: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(TermError) as caught:
        Term(**{"key": "acme", "kind": TermKind.BRAND, "name": "Acme", **values})  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.field) == (code, field)


def test_terms_are_bounded_and_stand_once() -> None:
    one = Term("acme", TermKind.BRAND, "Acme")
    with pytest.raises(TermError, match="two terms"):
        check_terms([one, one])
    with pytest.raises(TermError, match="at most"):
        check_terms(Term(f"t{n}", TermKind.BRAND, "Acme") for n in range(MAX_TERMS + 1))
    many = tuple(f"acme{n}" for n in range(40))
    with pytest.raises(TermError, match="spellings in all"):
        check_terms(Term(f"t{n}", TermKind.BRAND, "Acme", variants=many) for n in range(130))


@given(st.text(max_size=200))
def test_a_key_made_of_a_name_is_a_key_or_nothing(name: str) -> None:
    key = make_key(name)
    if key:
        assert Term(key, TermKind.BRAND, "Acme").key == key
