"""Digests: one form for one content, and no guessing without the salt."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.digest import (
    approval_digest,
    canonical_json,
    keyed_digest,
    new_salt,
    salted_digest,
)

SALT = "00" * 16
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False).filter(lambda number: abs(number) < 1e300),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON)
def test_canonical_json_reads_back_as_the_same_value(value: object) -> None:
    assert json.loads(canonical_json(value).decode("utf-8", "surrogatepass")) == value


@given(JSON)
def test_a_value_has_the_same_form_after_it_was_stored(value: object) -> None:
    stored = json.loads(json.dumps(value))
    assert canonical_json(stored) == canonical_json(value)


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_keys_does_not_matter(values: dict[str, int]) -> None:
    turned = dict(reversed(list(values.items())))
    assert canonical_json(turned) == canonical_json(values)


def test_whole_floats_are_written_as_whole_numbers() -> None:
    assert canonical_json([1.0, -0.0, 1e16, 0.5]) == b"[1,0,10000000000000000,0.5]"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_without_a_form_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"x": value})


def test_keys_that_are_no_strings_are_refused() -> None:
    with pytest.raises(TypeError, match="no string"):
        canonical_json([{"x": {1: "one"}}])


def test_bytes_and_times_are_refused() -> None:
    with pytest.raises(TypeError):
        canonical_json({"x": b"raw"})


def test_composed_and_decomposed_letters_stay_different() -> None:
    assert salted_digest("ü", SALT) != salted_digest("u\u0308", SALT)


def test_the_digest_depends_on_the_salt_and_on_every_character() -> None:
    assert salted_digest("Kargom gelmedi", SALT) == salted_digest("Kargom gelmedi", SALT)
    assert salted_digest("Kargom gelmedi", SALT) != salted_digest("Kargom gelmedi", "01" * 16)
    assert salted_digest("Kargom gelmedi", SALT) != salted_digest("Kargom gelmedı", SALT)


def test_half_a_pair_of_surrogates_has_a_digest_too() -> None:
    assert len(salted_digest("\ud83d", SALT)) == 64


def test_no_two_salts_are_the_same() -> None:
    assert len({new_salt() for _ in range(100)}) == 100


def test_a_keyed_digest_needs_the_key() -> None:
    content = {"text": "Kargom gelmedi", "edited": None}
    assert keyed_digest(b"one", content) == keyed_digest(b"one", dict(reversed(content.items())))
    assert keyed_digest(b"one", content) != keyed_digest(b"two", content)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Üzgünüz."},
        {"account_id": "2"},
        {"target_external_id": "at://other"},
        {"version_digest": "cd"},
        {"attachments": ["a", "b"]},
        {"attachments": []},
    ],
)
def test_an_approval_binds_everything_that_is_sent(change: dict[str, object]) -> None:
    bound: dict[str, object] = {
        "text": "Özür dileriz.",
        "account_id": "1",
        "target_external_id": "at://one",
        "version_digest": "ab",
        "attachments": ["a"],
    }
    assert approval_digest(**{**bound, **change}) != approval_digest(**bound)  # type: ignore[arg-type]
