"""Public ids: what people call cases and incidents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.ids import PublicId, PublicIdError, parse_public_id, public_id


@given(st.sampled_from(["case", "incident"]), st.integers(1, 10**17))
def test_a_public_id_reads_back(kind: str, number: int) -> None:
    text = public_id(kind, number=number)
    assert parse_public_id(text) == PublicId(kind, number)
    assert parse_public_id(f" {text.lower()} ") == PublicId(kind, number)
    assert str(parse_public_id(text)) == text


def test_cases_and_incidents_have_their_letters() -> None:
    assert public_id("case", number=12) == "C-12"
    assert public_id("incident", number=3) == "I-3"


@pytest.mark.parametrize(
    "text", ["", "12", "C12", "C-0", "C-012", "C--1", "X-3", "C-1x", "C-٣", "C-" + "9" * 40]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(PublicIdError, match="write C-12 for a case"):
        parse_public_id(text)


def test_a_long_text_is_shortened_in_the_message() -> None:
    with pytest.raises(PublicIdError) as caught:
        parse_public_id("x" * 5_000)
    assert len(str(caught.value)) < 200


def test_only_known_kinds_and_numbers_from_one_have_public_ids() -> None:
    with pytest.raises(ValueError, match="no public ids"):
        public_id("draft", number=1)
    with pytest.raises(ValueError, match="count from 1"):
        public_id("case", number=0)


@given(st.text())
def test_no_text_makes_reading_fail_in_another_way(text: str) -> None:
    try:
        assert parse_public_id(text).number > 0
    except PublicIdError as error:
        assert "C-12" in str(error)  # noqa: PT017
