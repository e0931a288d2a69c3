"""Personal data is found with its check digits; public numbers and orders are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends_engine.text.personal_data import (
    find_personal_data,
    has_bsn_check,
    has_iban_check,
    has_luhn_check,
    has_snils_check,
    has_tckn_check,
)


@pytest.mark.parametrize(
    ("text", "kind", "span"),
    [
        ("yazın: ali.veli@example.com lütfen", "email", "ali.veli@example.com"),
        ("bel me op 06-12345678", "phone", "06-12345678"),
        ("+90 555 111 22 33 arayın", "phone", "+90 555 111 22 33"),
        ("WA 0812-3456-7890 ya", "phone", "0812-3456-7890"),
        ("звоните 8 916 123 45 67", "phone", "8 916 123 45 67"),
        ("IBAN NL91 ABNA 0417 1643 00 graag", "iban", "NL91 ABNA 0417 1643 00"),
        ("card 4111 1111 1111 1111 charged", "card", "4111 1111 1111 1111"),
        ("tc 10000000146", "tckn", "10000000146"),
    ],
)
def test_personal_data_is_found(text: str, kind: str, span: str) -> None:
    [datum] = find_personal_data(text)
    assert (datum.kind, text[datum.start : datum.end]) == (kind, span)


@pytest.mark.parametrize(
    "text",
    [
        "sipariş no 2026112400017",
        "call 0800 123 4567",
        "mail support@example.com",
        "@somebody hello",
        "NL91 ABNA 0417 1643 01",
        "4111 1111 1111 1112",
        "€ 12.500,00 on 24.11.2026",
        "0850 123 45 67",
    ],
)
def test_public_numbers_orders_and_wrong_checks_are_left_alone(text: str) -> None:
    assert find_personal_data(text) == []


def test_check_digits_follow_their_rules() -> None:
    assert has_tckn_check("10000000146")
    assert not has_tckn_check("10000000147")
    assert has_bsn_check("111222333")
    assert not has_bsn_check("111222334")
    assert has_snils_check("11223344595")
    assert not has_snils_check("11223344596")
    assert has_iban_check("NL91ABNA0417164300")
    assert has_luhn_check("4111111111111111")


@given(st.text(max_size=200))
def test_spans_lie_inside_and_do_not_overlap(text: str) -> None:
    end = 0
    for datum in find_personal_data(text):
        assert end <= datum.start < datum.end <= len(text)
        end = datum.end
