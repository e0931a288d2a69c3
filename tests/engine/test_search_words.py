"""How words are folded, stemmed and found again: the same word in whatever spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends_engine.text.search.marks import find_marks, make_snippet
from amends_engine.text.search.query import read_query
from amends_engine.text.search.stems import stems_of
from amends_engine.text.search.tokens import fold_word, tokens_of

ANY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from('iıİIşğéßёй"-* ')), max_size=60)


def forms(word: str, language: str) -> set[str]:
    folded = fold_word(word)
    return {folded, *stems_of(folded, language=language)}


def answers(words: str, text: str, *, language: str = "") -> bool:
    query = read_query(words)
    return find_marks(text, query, language=language)[1] == len(query.wanted) > 0


@pytest.mark.parametrize(
    ("language", "asked", "said"),
    [
        ("tr", "kargo", "Kargomuz nerede"),
        ("tr", "KARGOLAR", "kargoyu bekliyorum"),
        ("tr", "siparis", "SİPARİŞLERİM gelmedi"),
        ("tr", "sipariş", "siparislerim gelmedi"),
        ("tr", "müşteri", "müşterilere saygı yok"),
        ("tr", "mağaza", "mağazası kapalıydı"),
        ("tr", "ISPARTA", "ısparta şubesi"),
        ("ru", "посылка", "Где мои посылки?"),
        ("ru", "еще", "Ещё не пришло"),
        ("ru", "ЗАКАЗ", "о заказах молчат"),
        ("id", "pesan", "pesanan saya belum sampai"),
        ("id", "kirim", "kapan dikirim?"),
        ("id", "barang", "barangnya rusak"),
        ("nl", "pakket", "twee pakketten kwijt"),
        ("nl", "pakket", "mijn pakketje is weg"),
        ("nl", "bestelling", "drie bestellingen"),
        ("nl", "een", "dat is er één"),
        ("en", "delivery", "two deliveries missed"),
        ("en", "order", "I ordered it"),
    ],
)
def test_a_word_is_found_in_its_other_forms(language: str, asked: str, said: str) -> None:
    assert answers(f"{asked} ", said, language=language)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("kargo ", "karga uçtu"),
        ("мой ", "мои"),
        ('"kargom nerede"', "nerede kargom"),
        ("a b ", "a"),
    ],
)
def test_another_word_is_not_found(asked: str, said: str) -> None:
    assert not answers(asked, said, language="tr")


def test_the_last_word_is_a_beginning_until_a_blank_follows() -> None:
    assert answers("kargola", "kargolarımız", language="tr")
    assert not answers("kargola ", "kargolarımız", language="tr")
    assert not answers("ka", "kargo", language="tr")  # too short to say anything


def test_quotes_minus_and_numbers_with_a_hyphen_are_understood() -> None:
    query = read_query('"kargom nerede" -iade TR-48213 ')
    assert [term.phrase for term in query.wanted] == [("kargom", "nerede"), ("tr", "48213")]
    assert [term.phrase for term in query.unwanted] == [("iade",)]
    assert not read_query("-iade")  # everything but one word is no question


def test_a_snippet_begins_before_the_first_place_and_marks_the_words_as_they_stand() -> None:
    text = "Uzun bir giriş. " * 20 + "Sonunda KARGOM\n\n geldi, kargonuz kırık"
    snippet = make_snippet(text, read_query("kargo "), language="tr")
    assert snippet.parts[0] == ("…", False)
    assert [words for words, is_marked in snippet.parts if is_marked] == ["KARGOM", "kargonuz"]
    assert snippet.terms == 1


@given(ANY)
def test_whatever_is_typed_is_read_and_its_words_are_letters_and_digits(text: str) -> None:
    query = read_query(text)
    for term in (*query.wanted, *query.unwanted):
        assert all(form.isalnum() for form in (*term.phrase, *term.forms))
    make_snippet(text, query)


@given(ANY)
def test_tokens_stand_where_they_say_and_folding_twice_changes_nothing(text: str) -> None:
    end = 0
    for token in tokens_of(text):
        assert end <= token.start < token.end <= len(text)
        assert fold_word(text[token.start : token.end]) == token.word
        assert fold_word(token.word) == token.word
        end = token.end
