"""Labels that go together: the most probable combination that the guide allows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from amends_engine.classifier import CATEGORIES
from amends_engine.triage.layout import CHOICES, COLUMNS, WIDTH, column_of
from amends_engine.triage.reconcile import (
    COMPLAINTS_OF,
    GROUNDS_OF,
    LEVELS,
    SEVERITIES_OF,
    choose_combination,
)
from amends_engine.triage.scores import normalise_choices


def scores_for(**liked: str) -> np.ndarray:
    """Log-probabilities in which each named field likes one label, all else is even."""
    logits = np.zeros(WIDTH, dtype=np.float32)
    for field, label in liked.items():
        logits[column_of(field, label)] = 4.0
    return normalise_choices(logits)


def test_every_category_says_with_which_grounds_it_goes() -> None:
    assert set(GROUNDS_OF) == set(CATEGORIES)


def test_what_agrees_is_left_as_it_is() -> None:
    scores = scores_for(category="business_error", policy_ground="none", severity="high")
    scores[column_of("complaint")] = 3.0
    found = choose_combination(scores)
    assert (found.category, found.policy_ground, found.severity, found.complaint) == (
        "business_error",
        "none",
        "high",
        True,
    )


def test_a_threat_is_critical_whatever_the_severity_head_says() -> None:
    scores = scores_for(category="abuse", policy_ground="threat", severity="low")
    assert choose_combination(scores).severity == "critical"


def test_praise_is_never_a_complaint() -> None:
    scores = scores_for(category="praise", policy_ground="none", severity="low")
    scores[column_of("complaint")] = 0.5
    found = choose_combination(scores)
    assert found.category == "praise"
    assert not found.complaint


def test_a_legal_step_is_at_least_high() -> None:
    scores = scores_for(category="business_error", policy_ground="none", severity="low")
    scores[column_of("complaint")] = 3.0
    assert choose_combination(scores, least_severity="high").severity == "high"


@given(arrays(np.float32, WIDTH, elements=st.floats(-12, 12, width=32)))
def test_no_combination_contradicts_the_guide(logits: np.ndarray) -> None:
    found = choose_combination(normalise_choices(logits))
    assert found.policy_ground in GROUNDS_OF[found.category]
    assert found.complaint in COMPLAINTS_OF.get(found.category, (False,))
    assert found.severity in SEVERITIES_OF.get(found.policy_ground, LEVELS)


@given(arrays(np.float32, WIDTH, elements=st.floats(-12, 12, width=32)))
def test_how_somebody_feels_changes_neither_ground_nor_category(logits: np.ndarray) -> None:
    before = choose_combination(normalise_choices(logits))
    for label in CHOICES["sentiment"]:
        felt = logits.copy()
        felt[COLUMNS["sentiment"]] = -8.0
        felt[column_of("sentiment", label)] = 8.0
        assert choose_combination(normalise_choices(felt)) == before


def test_an_unknown_label_has_no_column() -> None:
    with pytest.raises(ValueError, match="bliss"):
        column_of("sentiment", "bliss")
