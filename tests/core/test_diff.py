"""The difference between two texts: readable, exact on both sides, and quick for long ones."""

from __future__ import annotations

import itertools
import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.diff import Change, Piece, diff_words

WORDS = st.lists(
    st.sampled_from(
        ["Kargom", "gelmedi", "не", "работает", " ", "\n", "!", "👍🏽", "🇹🇷", "й", "i̇"]
    ),
    max_size=60,
).map("".join)


def read_old(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces if piece.change is not Change.ADDED)


def read_new(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED)


def show(old: str, new: str) -> str:
    signs = {Change.SAME: "{}", Change.REMOVED: "[-{}]", Change.ADDED: "[+{}]"}
    return "".join(signs[one.change].format(one.text) for one in diff_words(old, new=new))


@given(st.text() | WORDS, st.text() | WORDS)
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = diff_words(old, new=new)
    assert read_old(pieces) == old
    assert read_new(pieces) == new


@given(st.text() | WORDS, st.text() | WORDS)
def test_pieces_are_never_empty_and_removed_stands_before_added(old: str, new: str) -> None:
    pieces = diff_words(old, new=new)
    assert all(piece.text for piece in pieces)
    for one, two in itertools.pairwise(pieces):
        assert (one.change, two.change) not in {
            (Change.ADDED, Change.REMOVED),
            (Change.SAME, Change.SAME),
            (Change.REMOVED, Change.REMOVED),
            (Change.ADDED, Change.ADDED),
        }


@given(st.text() | WORDS)
def test_equal_texts_have_one_piece(text: str) -> None:
    assert diff_words(text, new=text) == ((Piece(Change.SAME, text),) if text else ())


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Kargom 6 gündür yok", "Kargom 8 gündür yok", "Kargom [-6][+8] gündür yok"),
        ("İade istiyorum", "iade istiyorum", "[-İade][+iade] istiyorum"),
        ("Acme'nin kargosu", "Acme'den kargo", "[-Acme'nin kargosu][+Acme'den kargo]"),
        ("Не работает уже день", "Не работает уже неделю", "Не работает уже [-день][+неделю]"),
        ("Мой заказ", "Мои\u0306 заказ", "[-Мой][+Мои\u0306] заказ"),
        ("ok 👍🏽", "ok 👍🏿", "ok [-👍🏽][+👍🏿]"),
        (
            "👩\u200d👩\u200d👧!",
            "👩\u200d👩\u200d👦!",
            "[-👩\u200d👩\u200d👧][+👩\u200d👩\u200d👦]!",
        ),
        ("🇹🇷🇳🇱", "🇹🇷🇮🇩", "🇹🇷[-🇳🇱][+🇮🇩]"),
        ("", "yeni", "[+yeni]"),
        ("eski", "", "[-eski]"),
        ("one two three", "uno dos three", "[-one two][+uno dos] three"),
        ("wait", "wait, please", "wait[+, please]"),
    ],
)
def test_changes_are_shown_by_whole_words_and_signs(old: str, new: str, shown: str) -> None:
    assert show(old, new) == shown


def make_long_text(kind: str) -> str:
    random = Random(7)
    if kind == "ordinary":
        words = [f"kelime{number}" for number in range(300)]
        return " ".join(random.choice(words) for _ in range(11_000))
    if kind == "repetitive":
        return "ha " * 33_000
    if kind == "two_words":
        return " ".join(random.choice("ab") for _ in range(50_000))
    return "!" * 100_000 if kind == "signs" else "a" * 100_000


@pytest.mark.parametrize("kind", ["ordinary", "repetitive", "two_words", "signs", "one_word"])
def test_a_hundred_kilobytes_are_quick_and_exact(kind: str) -> None:
    old = make_long_text(kind)
    random = Random(3)
    words = old.split(" ")
    for _ in range(200):
        words[random.randrange(len(words))] = random.choice(["x", "ha", "b", ""])
    new = " ".join(words)
    started = time.process_time()
    pieces = diff_words(old, new=new)
    assert time.process_time() - started < 5  # measured: under 0.8 s on two cores
    assert read_old(pieces) == old
    assert read_new(pieces) == new


@pytest.mark.parametrize("kind", ["ordinary", "two_words"])
def test_a_few_changes_in_a_long_text_leave_the_rest_alone(kind: str) -> None:
    old = make_long_text(kind)
    new = old[:20_000] + " HERE " + old[20_000:70_000] + " THERE " + old[70_000:]
    same = sum(len(one.text) for one in diff_words(old, new=new) if one.change is Change.SAME)
    assert same > 0.99 * len(old)


def test_paragraphs_that_changed_places_keep_what_kept_its_order() -> None:
    one, two, three = (
        " ".join(f"{name}{number}" for number in range(400)) for name in ("a", "b", "c")
    )
    old, new = f"{one}\n{two}\n{three}", f"{three}\n{one}\n{two}"
    pieces = diff_words(old, new=new)
    assert read_old(pieces) == old
    assert read_new(pieces) == new
    assert Piece(Change.SAME, f"{one}\n{two}") in pieces
