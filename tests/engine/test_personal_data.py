"""Personal data is found to the character; public numbers, orders and figures are left alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from amends_engine.text.normalise import MAX_CHARS
from amends_engine.text.personal_data import (
    find_personal_data,
    has_bsn_check,
    has_iban_check,
    has_inn_check,
    has_luhn_check,
    has_nik_structure,
    has_snils_check,
    has_tckn_check,
    is_card_number,
)

CASES = yaml.safe_load(
    (Path(__file__).parent / "cases" / "personal_data.yaml").read_text(encoding="utf-8")
)
DIGIT_TEXT = st.text(alphabet="0123456789 -+().", max_size=60)


def read_marked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text without its brackets, and where they stood."""
    text, spans = "", []
    for at, piece in enumerate(marked.replace("⟧", "⟦").split("⟦")):
        if at % 2:
            spans.append((len(text), len(text) + len(piece)))
        text += piece
    return text, spans


@pytest.mark.parametrize(
    ("kind", "marked"), [(kind, text) for kind in CASES for text in CASES[kind]["found"]]
)
def test_personal_data_is_found_to_the_character(kind: str, marked: str) -> None:
    text, spans = read_marked(marked)
    found = find_personal_data(text)
    assert [text[datum.start : datum.end] for datum in found] == [text[a:b] for a, b in spans]
    assert [(datum.start, datum.end) for datum in found] == spans
    assert {datum.kind for datum in found} == {kind}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind in CASES for text in CASES[kind]["left"]]
)
def test_what_looks_like_personal_data_is_left_alone(kind: str, text: str) -> None:
    assert find_personal_data(text) == [], kind


@pytest.mark.parametrize("kind", CASES)
def test_every_kind_is_shown_by_enough_examples(kind: str) -> None:
    assert len(CASES[kind]["found"]) >= 8
    assert len(CASES[kind]["left"]) >= 8


@pytest.mark.parametrize(
    ("check", "digits"),
    [
        (has_tckn_check, "30044383364"),
        (has_bsn_check, "101898253"),
        (has_snils_check, "16273486887"),
        (has_inn_check, "269120864718"),
        (has_luhn_check, "4208424385557230"),
    ],
)
@given(at=st.integers(0, 7), by=st.integers(1, 9))
def test_one_wrong_digit_is_noticed(
    check: Callable[[str], bool], digits: str, at: int, by: int
) -> None:
    assert check(digits)
    wrong = str((int(digits[at]) + by) % 10)
    assert not check(digits[:at] + wrong + digits[at + 1 :]) or (check is has_snils_check)


@given(st.text(alphabet="0123456789", min_size=16, max_size=16))
def test_numbers_of_unknown_issuers_are_no_cards(digits: str) -> None:
    if digits[0] in "0178":
        assert not is_card_number(digits)
        assert not has_nik_structure("0" + digits[1:])


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=40))
def test_an_iban_has_the_length_of_its_country(text: str) -> None:
    assert not has_iban_check("TR" + text) or len(text) == 24


@given(st.one_of(st.text(max_size=200), DIGIT_TEXT))
def test_spans_lie_inside_and_do_not_overlap(text: str) -> None:
    end = 0
    for datum in find_personal_data(text):
        assert end <= datum.start < datum.end <= len(text)
        end = datum.end


@given(st.text(alphabet=st.characters(exclude_categories=["Nd"]), max_size=120))
def test_nothing_is_found_where_there_are_neither_digits_nor_a_mailbox(text: str) -> None:
    kinds = {datum.kind for datum in find_personal_data(text)}
    assert kinds <= {"email"}


@given(st.text(alphabet="abc çğ 😀\u200b", max_size=30), st.text(alphabet="xyz! ", max_size=30))
def test_what_stands_around_a_number_does_not_move_it(before: str, after: str) -> None:
    iban = "NL10ZZZZ0356954472"
    text = f"{before} {iban} {after}"
    assert (len(before) + 1, len(before) + 1 + len(iban)) in {
        (datum.start, datum.end) for datum in find_personal_data(text)
    }


@pytest.mark.parametrize(
    "piece",
    ["1", "1 ", "+1", "a@", "a.", "a@a.", "TR12", "Jl. ", "ul no 1 ", "ул. ", "No 1 ", "Sokak ",
     "Straat 1", "1 a street ", "дом 1, ", "(", "account number ", "A1 ", "06 "],
)  # fmt: skip
def test_cost_is_bounded_for_a_megabyte_of_anything(piece: str) -> None:
    began = time.monotonic()
    found = find_personal_data(piece * (1_000_000 // len(piece)))
    assert time.monotonic() - began < 3
    assert all(datum.end <= MAX_CHARS for datum in found)


@pytest.mark.parametrize(
    "text",
    [
        "Belediye caddeyi 30 Nisan'a kadar trafiğe kapattı.",
        "Jalan Melati 5 April ditutup.",
        "Улица Садовая 12 мая перекрыта.",
        "De Kerkstraat 12 mei is dicht.",
    ],
)
def test_a_street_that_is_closed_on_a_day_is_no_address(text: str) -> None:
    assert [one for one in find_personal_data(text) if one.kind == "address"] == []
