"""Blending tiers: what one is silent about, the others say."""

from __future__ import annotations

import numpy as np
import pytest

from amends_engine.triage.blend_fields import FIELDS, NEVER, TIERS, Blend, prepare_tier
from amends_engine.triage.layout import COLUMNS, WIDTH, column_of

GROUPS = ("tr", "xx")


def make_blend(model: float, screen: float, rules: float) -> Blend:
    tiers = np.zeros((len(GROUPS), len(TIERS), len(FIELDS)), dtype=np.float32)
    tiers[:, 0], tiers[:, 1], tiers[:, 2] = model, screen, rules
    return Blend(
        GROUPS,
        tiers,
        np.zeros((len(GROUPS), WIDTH), dtype=np.float32),
        np.full((len(GROUPS), len(FIELDS)), NEVER, dtype=np.float32),
    )


def logits(**liked: float) -> np.ndarray:
    values = np.zeros(WIDTH, dtype=np.float32)
    for name, value in liked.items():
        values[column_of(*name.split("__"))] = value
    return values


def best(scores: np.ndarray, field: str) -> int:
    return int(scores[COLUMNS[field]].argmax())


def test_choices_come_out_as_probabilities() -> None:
    scores = make_blend(1, 1, 1).combine(
        group="tr", screen=logits(sentiment__negative=3), rules=logits(), model=logits()
    )
    for columns in COLUMNS.values():
        assert np.exp(scores[columns]).sum() == pytest.approx(1, abs=1e-5)


def test_without_the_model_the_screen_and_the_rules_decide() -> None:
    scores = make_blend(1, 1, 1).combine(
        group="tr", screen=logits(sentiment__positive=3), rules=logits(legal_threat=2)
    )
    assert best(scores, "sentiment") == 2
    assert scores[column_of("legal_threat")] == pytest.approx(2)


def test_a_confident_model_is_not_overruled_by_one_rule() -> None:
    scores = make_blend(1, 0.2, 0.5).combine(
        group="tr", screen=logits(), rules=logits(legal_threat=0.85), model=logits(legal_threat=-5)
    )
    assert scores[column_of("legal_threat")] < 0


def test_no_certainty_of_a_tier_is_endless() -> None:
    wild = np.full(WIDTH, 1e9, dtype=np.float32)
    wild[0] = -1e9
    assert np.abs(prepare_tier(wild)).max() <= 12


def test_nothing_is_sure_without_a_measured_threshold() -> None:
    assert make_blend(1, 1, 1).threshold("sentiment", group="xx") == NEVER
