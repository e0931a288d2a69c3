"""What a decision rests on: unknown is allowed, nonsense is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.playbook.inputs import FIELDS, DecisionInput
from amends.core.playbook.terms import FaultBasis, Virality
from amends.core.playbook.virality import estimate_virality
from amends.core.vocabulary import Arousal, Category
from tests.core.playbook.strategies import inputs


def test_everything_may_be_unknown() -> None:
    assert DecisionInput().to_json() == {}


def test_plain_codes_become_codes_of_the_vocabulary() -> None:
    assert DecisionInput(category="vague").category is Category.VAGUE  # type: ignore[arg-type]


@given(inputs())
def test_an_input_survives_being_stored(facts: DecisionInput) -> None:
    assert DecisionInput.from_json(json.loads(json.dumps(facts.to_json()))) == facts


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("category", "employee_current"),
        ("severity", 3),
        ("fault_basis", 3),
        ("fault_share", 101),
        ("fault_share", -1),
        ("fault_share", 12.5),
        ("fault_share", True),
        ("fault_share", "half"),
        ("prior_failures", -1),
        ("crisis_level", 4),
        ("shares_per_hour", float("nan")),
        ("shares_per_hour", float("inf")),
        ("is_complaint", "yes"),
        ("can_help", 1),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        DecisionInput(**{name: value})  # type: ignore[arg-type]


def test_a_field_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="mood"):
        DecisionInput.from_json({"mood": "bad"})


def test_virality_cannot_be_given_only_derived() -> None:
    with pytest.raises(ValueError, match="virality"):
        DecisionInput.from_json({"virality": "high"})


def test_the_basis_of_a_fault_may_be_a_code_or_the_words_of_a_person() -> None:
    assert DecisionInput(fault_basis="admitted").fault_basis is FaultBasis.ADMITTED
    assert DecisionInput(fault_basis="seen on the photo").fault_basis == "seen on the photo"


def test_every_field_can_be_asked_for_and_every_input_is_a_field() -> None:
    inputs_known = set(DecisionInput.__dataclass_fields__)
    assert inputs_known - set(FIELDS) == {"language"}
    assert set(FIELDS) - inputs_known == {"virality"}


@pytest.mark.parametrize(
    ("arousal", "followers", "shares", "virality"),
    [
        (Arousal.HIGH, 10_000, None, "high"),
        (Arousal.HIGH, 9_999, None, "low"),
        (Arousal.HIGH, None, 5.0, "high"),
        (Arousal.HIGH, None, None, "low"),
        (Arousal.LOW, 10**7, 49.9, "low"),
        (None, None, 50.0, "high"),
        (None, 10**7, None, "low"),
    ],
)
def test_heat_with_reach_or_a_great_pace_makes_a_comment_likely_to_spread(
    arousal: Arousal | None, followers: int | None, shares: float | None, virality: str
) -> None:
    assert estimate_virality(arousal, followers=followers, shares_per_hour=shares) == virality


@given(
    st.sampled_from([None, *Arousal]),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.floats(0, 100),
    st.floats(0, 100),
)
def test_more_reach_never_lowers_virality(
    arousal: Arousal | None, followers: int, more: int, shares: float, more_shares: float
) -> None:
    before = estimate_virality(arousal, followers=followers, shares_per_hour=shares)
    after = estimate_virality(
        arousal, followers=followers + more, shares_per_hour=shares + more_shares
    )
    assert not (before is Virality.HIGH and after is Virality.LOW)
