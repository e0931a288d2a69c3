"""Names are found however they are written, ordinary words are not, and the reason is told."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amends_engine.text.match.matcher import MAX_MATCHES, Match, Matcher, MatchKind
from amends_engine.text.match.terms import Term, TermError, TermKind, make_key

TERMS = (
    Term("acme", TermKind.BRAND, "Acme", exclusions=("acme street", "varnish")),
    Term("lumbara", TermKind.BRAND, "Lumbara"),
    Term("trendik", TermKind.BRAND, "Trendik"),
    Term("kitovel", TermKind.BRAND, "Китовел"),
    Term("express", TermKind.PRODUCT, "Lumbara Express", variants=("LEX",)),
    Term("selin", TermKind.PERSON, "Selin Ortaç"),
)
MATCHER = Matcher(TERMS)


def found(text: str) -> list[tuple[str, str, str]]:
    """Key, words and kind of every match."""
    return [(m.term.key, text[m.start : m.end], m.kind.value) for m in MATCHER.find(text)]


@pytest.mark.parametrize(
    ("text", "key", "words", "kind"),
    [
        ("Acmee kargo rezalet", "acme", "Acmee", "misspelt"),
        ("sordum ACME cevap vermedi", "acme", "ACME", "exact"),
        ("İade için acme'ye yazdım", "acme", "acme'ye", "inflected"),
        ("ACME’NİN sözü", "acme", "ACME’NİN", "inflected"),
        ("acmeden aldım", "acme", "acmeden", "inflected"),
        ("Acmeliler'den biri", "acme", "Acmeliler'den", "inflected"),
        ("trendiği sildim", "trendik", "trendiği", "inflected"),
        ("trendige guvenme", "trendik", "trendige", "inflected"),
        ("lumbaranınki", "lumbara", "lumbaranınki", "inflected"),
        ("#AcmeRezalet", "acme", "Acme", "hashtag"),
        ("#acmerezalet", "acme", "acme", "hashtag"),
        ("hey @lumbara_destek bak", "lumbara", "lumbara", "hashtag"),
        ("acmenya lemot", "acme", "acmenya", "inflected"),
        ("udah diacmein", "acme", "diacmein", "inflected"),
        ("nge-acme terus", "acme", "nge-acme", "inflected"),
        ("Acme's app", "acme", "Acme's", "inflected"),
        ("mijn acmepakket", "acme", "acmepakket", "inflected"),
        ("een acmetje", "acme", "acmetje", "inflected"),
        ("в Акме сказали", "acme", "Акме", "transliterated"),
        ("акмэ молчит", "acme", "акмэ", "transliterated"),
        ("Лумбарой доволен", "lumbara", "Лумбарой", "transliterated"),
        ("купил лумбару", "lumbara", "лумбару", "transliterated"),
        ("с китовелом", "kitovel", "китовелом", "inflected"),
        ("kitovel is late", "kitovel", "kitovel", "transliterated"),
        ("асmе is late", "acme", "асmе", "transliterated"),  # three letters of it are Cyrillic
        ("Lumbarra'dan", "lumbara", "Lumbarra'dan", "misspelt"),
        ("lubmara", "lumbara", "lubmara", "misspelt"),
        ("lumbra", "lumbara", "lumbra", "misspelt"),
        ("lum bara kargo", "lumbara", "lum bara", "misspelt"),
        ("Lum-bara'dan", "lumbara", "Lum-bara'dan", "misspelt"),
        ("#LumbarraRezalet", "lumbara", "Lumbarra", "misspelt"),
        ("#acmee", "acme", "acmee", "misspelt"),
        ("#acmeye", "acme", "acmeye", "hashtag"),
        ("Selin Otraç dedi", "selin", "Selin Otraç", "misspelt"),
        ("Lumbarra Express", "express", "Lumbarra Express", "misspelt"),
        ("LEXten", "express", "LEXten", "inflected"),
        ("lumbara  express'e", "express", "lumbara  express'e", "inflected"),
        ("lumbaraexpress", "express", "lumbaraexpress", "exact"),
        ("Selin Ortaç'tan", "selin", "Selin Ortaç'tan", "inflected"),
        ("Селину Ортачу", "selin", "Селину Ортачу", "transliterated"),
        ("l\u200bumbara", "lumbara", "l\u200bumbara", "exact"),
        ("ａｃｍｅ", "acme", "ａｃｍｅ", "exact"),
    ],
)
def test_a_name_is_found_as_people_write_it(text: str, key: str, words: str, kind: str) -> None:
    assert (key, words, kind) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "the acne cream",
        "acemi ekip",
        "lambada all night",
        "lumber and lumbar support",
        "kumbaraya para attım",
        "trend değil",
        "академия",
        "лампа",
        "румбы",
        "barang macet",
        "pacmeter",
        "selin hanım ortağı",
        "acmeology",  # too long for an ending, and no compound
        "acm",
    ],
)
def test_an_ordinary_word_is_no_name(text: str) -> None:
    assert found(text) == []


def test_an_exclusion_that_holds_the_name_drops_only_the_match_in_it() -> None:
    assert found("Acme Street is closed") == []
    assert found("Acme Street is closed, says Acme") == [("acme", "Acme", "exact")]


def test_an_exclusion_without_the_name_drops_every_match_of_the_term() -> None:
    assert found("acme varnish for boats, and acme paint") == []
    assert found("acme varnish from lumbara") == [("lumbara", "lumbara", "exact")]


def test_short_names_are_not_found_misspelt_but_for_a_letter_written_twice() -> None:
    assert found("acma") == []
    assert found("acne") == []
    assert found("aacme") != []


def test_a_name_in_the_other_script_that_is_a_word_there_is_not_seen_unless_it_is_written_down() -> (
    None
):
    guessed = Matcher([Term("takoi", TermKind.BRAND, "Takoi")])
    assert not guessed.find("такое бывает")
    written = Matcher([Term("takoi", TermKind.BRAND, "Takoi", variants=("такой",))])
    assert written.find("такой бывает")


def test_a_short_name_written_wrong_takes_endings_only_after_a_sign() -> None:
    matcher = Matcher([Term("bemli", TermKind.BRAND, "Bemli")])
    assert not matcher.find("beeline")
    assert not matcher.find("bemlyne")
    assert matcher.find("bemly'den")
    assert matcher.find("bemllinin")


def test_the_other_words_of_a_name_tell_a_wrong_one_but_not_of_a_person() -> None:
    bakery = Matcher([Term("holt", TermKind.BRAND, "Bakerij Holt")])
    assert bakery.find("bij bakkerij holt gekocht")
    assert not bakery.find("een bakkerij in Holte")
    person = Matcher([Term("selin", TermKind.PERSON, "Selin Ortaç")])
    assert not person.find("Selim Ortaç aradı")


def test_two_words_that_are_said_of_other_things_are_no_name_in_two() -> None:
    matcher = Matcher([Term("hizligel", TermKind.BRAND, "Hızlıgel")])
    assert not matcher.find("hızlı geldi kargo")
    assert matcher.find("hızlıgel'den")


def test_vowel_harmony_tells_an_ending_from_another_word() -> None:
    matcher = Matcher([Term("dorbuk", TermKind.BRAND, "Dorbuk", languages=("tr",))])
    assert [one.kind for one in matcher.find("dorbukta kaldı")] == [MatchKind.INFLECTED]
    assert matcher.find("dorbukteler")[0:1] == ()


def test_endings_are_those_of_the_languages_of_the_term() -> None:
    dutch = Matcher([Term("acme", TermKind.BRAND, "Acme", languages=("nl",))])
    assert dutch.find("acmetje")
    assert not dutch.find("acmenya")
    assert not dutch.find("акме")


def test_two_terms_may_stand_at_one_place() -> None:
    assert found("Lumbara Express") == [
        ("lumbara", "Lumbara", "exact"),
        ("express", "Lumbara Express", "exact"),
    ]


def test_the_reason_tells_ending_and_distance() -> None:
    (inflected,) = MATCHER.find("acme'den")
    assert (inflected.ending, inflected.language, inflected.distance) == ("den", "tr", 0)
    (misspelt,) = MATCHER.find("lumbarra")
    assert (misspelt.distance, misspelt.spelling) == (1, "Lumbara")
    assert inflected.score > misspelt.score


@given(st.text(max_size=300))
def test_any_text_gives_matches_whose_spans_lie_inside(text: str) -> None:
    for match in MATCHER.find(text):
        assert 0 <= match.start < match.end <= len(text)
        assert 0 < match.score <= 1


@given(
    st.text(max_size=60).filter(lambda text: not text[-1:].isalnum() and text[-1:] not in "-'#@_"),
    st.sampled_from(["Lumbara", "LUMBARA", "lumbara"]),
    st.text(max_size=60).filter(
        lambda text: not text[:1].isalnum() and text[:1] not in "-'_’‘`´ʼ′"
    ),
)
def test_a_name_that_stands_alone_is_always_found(before: str, name: str, after: str) -> None:
    text = f"{before} {name} {after}"
    start = len(before) + 1
    matches = [one for one in MATCHER.find(text) if one.term.key == "lumbara"]
    assert any(m.start <= start and start + len(name) <= m.end for m in matches)


@given(
    st.text("aBcçİıö7Лум &'.-+", min_size=1, max_size=14).filter(
        lambda name: not re.search(r"\W{4}", name)
    ),
    st.sampled_from(["{}", "bak: {} !", "({})", "“{}”", "{}, sonra"]),
)
@example("Lay's", "{}")
@example("R&T", "{}")
@example("Nova Bank", "{}")
@example("L'Olum", "{}")
def test_any_name_is_found_where_it_stands_as_it_is_written(name: str, place: str) -> None:
    key = make_key(name)
    try:
        term = Term(key, TermKind.BRAND, name)
    except TermError:
        return  # no name
    assert Matcher([term]).find(place.format(name)), place.format(name)


@pytest.mark.parametrize(
    "text",
    [
        "Lumbarra’nın " * 100_000,
        "a" * 1_000_000,
        "acme" * 200_000,
        "#" * 200_000,
        "e\u0301" * 300_000,
        "acme'" * 100_000,
        "асmе " * 100_000,
    ],
    ids=["words", "one token", "a name for ever", "signs", "marks", "apostrophes", "two scripts"],
)
def test_hostile_text_costs_bounded_time_and_gives_a_bounded_answer(text: str) -> None:
    started = time.process_time()
    matches = MATCHER.find(text)
    assert len(matches) <= MAX_MATCHES
    assert time.process_time() - started < 5  # the slowest takes a tenth of that


def test_matches_of_one_term_never_overlap() -> None:
    def spans(matches: tuple[Match, ...]) -> list[tuple[int, int]]:
        return [(m.start, m.end) for m in matches if m.term.key == "acme"]

    places = spans(MATCHER.find("acme acme'ye #AcmeAcme Акме acmee"))
    assert len(places) >= 5
    assert all(one[1] <= other[0] for one, other in pairwise(places))
