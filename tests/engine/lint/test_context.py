"""The context is read at the border: wrong values are told by key, absent ones stay absent."""

from __future__ import annotations

import pytest

from amends_engine.lint.context import UnusableRow, parse_context


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ([], "not an object"),
        ({"fault_share": 101}, "fault_share"),
        ({"fault_share": True}, "fault_share"),
        ({"severity": "huge"}, "low, medium, high, critical"),
        ({"public": "yes"}, "neither true nor false"),
        ({"required": "ACK"}, "list of texts"),
        ({"turns_public": -1}, "whole number"),
        ({"promises": ["x"]}, "list of objects"),
        ({"promises": [{"text": 1}]}, "not a text"),
        ({"now": "tomorrow"}, "ISO time"),
        ({"address": "du"}, "siz, sen"),
    ],
)
def test_a_wrong_value_is_told_by_its_key(raw: object, says: str) -> None:
    with pytest.raises(UnusableRow, match=says):
        parse_context(raw)


def test_null_fault_is_unknown_and_differs_from_absent() -> None:
    unknown, absent = parse_context({"fault_share": None}), parse_context({})
    assert unknown.has("fault_share")
    assert not absent.has("fault_share")
    assert not unknown.is_at_fault


def test_both_spellings_of_a_category_are_understood() -> None:
    assert parse_context({"category": "troll_suspect"}).category == "troll"
    assert parse_context({"category": "employee_former"}).category == "employee"


def test_a_promise_needs_an_owner_and_a_time() -> None:
    [row] = parse_context({"promises": [{"text": "x", "owner": "Mert", "due": ""}]}).promises
    assert not row.is_kept_by_somebody
