"""What a decision rests on: unknown is allowed, nonsense is not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.playbook.inputs import FIELDS, DecisionInput
from amends.core.playbook.terms import FaultBasis, Ties, Virality
from amends.core.playbook.virality import Spread, estimate_virality
from amends.core.vocabulary import Arousal, Category, PolicyGround
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
    derived = {name for name, spec in FIELDS.items() if spec.is_derived}
    assert set(FIELDS) - inputs_known == derived
    assert all(hasattr(DecisionInput(), name) for name in derived)


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
    spread = Spread(followers=followers, shares_per_hour=shares)
    assert estimate_virality(arousal, spread=spread) == virality


@pytest.mark.parametrize(
    ("spread", "virality"),
    [
        (Spread(author_ties=Ties.STRONG, style_match=True), "high"),
        (Spread(author_ties=Ties.STRONG), "low"),
        (Spread(style_match=True), "low"),
        (Spread(followers=2_000, platform_factor=5.0), "high"),
        (Spread(followers=20_000, platform_factor=0.1), "low"),
        (Spread(followers=10, platform_factor=10.0), "low"),
    ],
)
def test_ties_with_the_style_of_the_community_and_the_platform_count_with_heat(
    spread: Spread, virality: str
) -> None:
    assert estimate_virality(Arousal.HIGH, spread=spread) == virality
    assert estimate_virality(Arousal.LOW, spread=spread) == "low"


SPREADS = st.builds(
    Spread,
    followers=st.none() | st.integers(0, 10**6),
    platform_factor=st.none() | st.floats(1, 10),
    shares_per_hour=st.none() | st.floats(0, 100),
    author_ties=st.sampled_from([None, *Ties]),
    style_match=st.sampled_from([None, False, True]),
)


@given(
    st.sampled_from([None, *Arousal]), SPREADS, st.integers(0, 10**6), st.floats(0, 100), st.data()
)
def test_more_reach_never_lowers_virality(
    arousal: Arousal | None, spread: Spread, more: int, more_shares: float, data: st.DataObject
) -> None:
    wider = replace(
        spread,
        followers=(spread.followers or 0) + more,
        shares_per_hour=(spread.shares_per_hour or 0) + more_shares,
        author_ties=data.draw(st.sampled_from([spread.author_ties, Ties.STRONG])),
        style_match=data.draw(st.sampled_from([spread.style_match, True])),
    )
    before = estimate_virality(arousal, spread=spread)
    after = estimate_virality(arousal, spread=wider)
    assert not (before is Virality.HIGH and after is Virality.LOW)


@pytest.mark.parametrize("name", [name for name, spec in FIELDS.items() if spec.is_derived])
def test_what_is_derived_cannot_be_given(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        DecisionInput.from_json({name: "high"})


def test_an_input_stored_before_fields_were_added_is_still_read() -> None:
    old = {"category": "business_error", "fault_share": 60, "arousal": "high", "tagged": True}
    facts = DecisionInput.from_json(old)
    assert facts.topic is None
    assert facts.to_json() == old


# --- facts that follow from others


@pytest.mark.parametrize(
    ("share", "can_help", "kind"),
    [
        (None, None, "unknown"),
        (None, True, "unknown"),
        (0, True, "not_ours_can_help"),
        (0, False, "not_ours_cannot_help"),
        (0, None, "not_ours"),
        (1, False, "ours"),
        (100, None, "ours"),
    ],
)
def test_the_fault_has_three_answers_and_may_be_unknown(
    share: int | None, can_help: bool | None, kind: str
) -> None:
    assert DecisionInput(fault_share=share, can_help=can_help).fault_kind == kind


def test_a_misunderstanding_of_unclear_words_is_partly_ours() -> None:
    facts = DecisionInput(category="misunderstanding", wording_unclear=True, fault_share=0)  # type: ignore[arg-type]
    assert facts.fault_kind == "ours"


@pytest.mark.parametrize("ground", [None, *PolicyGround])
def test_every_ground_has_a_tier_and_criticism_has_none(ground: PolicyGround | None) -> None:
    tier = DecisionInput(policy_ground=ground).policy_tier
    expected = {
        "none": "none",
        "hate": "A",
        "threat": "A",
        "doxxing": "A",
        "sexual": "A",
        "illegal": "A",
        "scam": "A",
        "spam": "B",
        "profanity_targeted": "B",
        "off_topic": "B",
    }
    assert tier == (None if ground is None else expected[ground])


@pytest.mark.parametrize(
    ("authors", "turns", "drift", "is_fight"),
    [
        (2, 4, True, True),
        (5, 30, True, True),
        (1, 9, True, False),
        (2, 3, True, False),
        (3, 9, False, False),
        (None, 9, True, None),
        (2, None, True, None),
        (2, 4, None, None),
        (None, None, False, False),
        (None, None, None, None),
    ],
)
def test_k38_two_people_four_turns_and_another_subject_are_a_fight(
    authors: int | None, turns: int | None, drift: bool | None, is_fight: bool | None
) -> None:
    facts = DecisionInput(thread_authors=authors, thread_turns=turns, topic_drift=drift)
    assert facts.off_topic_fight is is_fight


@pytest.mark.parametrize(
    ("answers", "experience", "stands"),
    [
        ((None, None, None), None, "open"),
        ((False, False, None), None, "open"),
        ((False, False, False), None, "ask"),
        ((False, False, False), "asked", "asked"),
        ((False, False, False), "unusable", "failed"),
        ((False, False, False), "usable", "passed"),
        ((None, True, None), "unusable", "passed"),
    ],
)
def test_k08_one_yes_makes_the_label_impossible(
    answers: tuple[bool | None, ...], experience: str | None, stands: str
) -> None:
    facts = DecisionInput(
        troll_on_topic=answers[0],
        troll_concern=answers[1],
        troll_constructive=answers[2],
        troll_experience=experience,  # type: ignore[arg-type]
    )
    assert facts.troll_test == stands
