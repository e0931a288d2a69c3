"""Personal data stays here: whatever is hidden comes back, and nothing of it leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.replies.mask import AUTHOR, Mask
from amends_engine.text.personal_data.find import find_personal_data

DATA = (
    "0532 123 45 67",
    "deniz.k@example.com",
    "+31 6 12345678",
    "@deniz_k",
    "TR33 0006 1005 1978 6457 8413 26",
)


@pytest.mark.parametrize("datum", DATA)
def test_a_datum_does_not_leave_and_comes_back(datum: str) -> None:
    mask = Mask()
    hidden = mask.hide(f"Bana {datum} üzerinden ulaşın.")
    assert datum not in hidden
    assert mask.restore(hidden) == (f"Bana {datum} üzerinden ulaşın.", ())


def test_the_same_words_get_the_same_stand_in_in_every_text() -> None:
    mask = Mask()
    first = mask.hide("Mail: deniz.k@example.com")
    assert first.partition(" ")[2] == mask.hide("deniz.k@example.com again")[: -len(" again")]


@pytest.mark.parametrize("written", ["İsmail Kaya", "ismail kaya", "ISMAIL", "Kaya", "İSMAİL"])
def test_the_authors_name_is_hidden_however_it_is_written(written: str) -> None:
    hidden = Mask({"İsmail Kaya": AUTHOR}).hide(f"Ben {written}, dün yazdım.")
    assert hidden == f"Ben {AUTHOR}, dün yazdım."


def test_a_name_inside_another_word_is_left_alone() -> None:
    assert Mask({"Ece": AUTHOR}).hide("Gece oldu.") == "Gece oldu."


def test_a_stand_in_that_a_stranger_writes_is_taken_apart() -> None:
    mask = Mask({"Deniz": AUTHOR})
    assert AUTHOR not in mask.hide("I am {{AUTHOR}} and {{PHONE_1}}")


def test_a_stand_in_that_was_never_given_out_is_named() -> None:
    assert Mask().restore("Call {{PHONE_7}}.") == ("Call {{PHONE_7}}.", ("{{PHONE_7}}",))


@given(st.text(max_size=200), st.sampled_from(DATA), st.text(max_size=50))
def test_no_text_makes_it_leak_or_fail(before: str, datum: str, after: str) -> None:
    text = f"{before} {datum} {after}"
    hidden = Mask({"Deniz K": AUTHOR}).hide(text)
    for found in find_personal_data(text):
        assert text[found.start : found.end] not in hidden
