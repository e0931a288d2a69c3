"""The recipe for the screen: small parts that decide what may be believed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn (requirements/training.txt)")

from amends_engine.classifier import CATEGORIES, POLICY_GROUNDS, SENTIMENTS, SEVERITIES
from amends_engine.text.normalise import normalise_text
from amends_engine.triage.features import FeatureShape, hash_texts
from amends_engine.triage.heads import Head, occurrence_norms, quantise, score_head
from training import fit, sources
from training.sources import Example

SHAPE = FeatureShape(char_bits=10, word_bits=9)
TEXTS = ["Kargo gelmedi, gelmedi!", "top", "очень плохо :(", "a b c"]


def test_scores_at_run_time_are_those_of_training() -> None:
    counts = fit.count_features(TEXTS, shape=SHAPE)
    rarity = fit.measure_rarity(counts)
    features = fit.scale_features(counts, rarity=rarity, shape=SHAPE)
    weights = np.random.default_rng(1).normal(size=(SHAPE.size, 2))
    stored, scales = quantise(weights * rarity.astype(np.float64)[:, None])
    head = Head(stored, scales, np.array([0.5, -0.5]))
    found = hash_texts([normalise_text(text).text for text in TEXTS], shape=SHAPE)
    norms = occurrence_norms(found, rarity=rarity, shape=SHAPE)
    scores = score_head(head, occurrences=found, norms=norms)
    assert np.allclose(scores.rows, features @ weights + head.biases, atol=0.15)
    sums = np.zeros((len(TEXTS), 2))
    np.add.at(sums, found.chunk_rows, scores.chunks)
    assert np.allclose(sums + head.biases, scores.rows)


def test_texts_of_validation_do_not_stand_in_training() -> None:
    seen = Example("1", "So BAD,  really!", "en", "x", is_validation=True)
    twin = Example("2", "so bad really", "en", "y", is_validation=False)
    other = Example("3", "so good", "en", "y", is_validation=False)
    assert sources.without_leaks([seen, twin, other]) == [seen, other]


def test_threshold_holds_its_precision_or_is_never_reached() -> None:
    confidence = np.linspace(0.5, 1.0, 200)
    is_right = confidence > 0.7
    chosen = fit.choose_threshold(confidence, is_right, precision=0.9, at_least=30)
    assert is_right[confidence >= chosen].mean() >= 0.9
    assert fit.choose_threshold(confidence, ~is_right, precision=0.9, at_least=30) == fit.NEVER


def test_calibration_keeps_the_side_and_needs_enough_texts() -> None:
    scores = np.concatenate((np.full(50, -3.0), np.full(50, 3.0)))
    targets = np.array([0] * 45 + [1] * 5 + [1] * 45 + [0] * 5)
    slope, offset = fit.fit_platt(scores, targets)
    assert 0 < slope < 1
    assert abs(offset) < 0.5
    assert fit.fit_platt(scores[:10], targets[:10]) == (1.0, 0.0)


@pytest.mark.parametrize(
    "path", sorted(sources.OWN_FOLDER.glob("complaints_*.jsonl")), ids=lambda path: path.name
)
def test_our_own_examples_keep_to_the_vocabulary(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({sources.fingerprint(row["text"]) for row in rows}) == len(rows)
    for row in rows:
        assert row["sentiment"] in SENTIMENTS
        assert row["category"] in CATEGORIES
        assert row["severity"] in SEVERITIES
        assert row["policy_ground"] in POLICY_GROUNDS
        assert type(row["complaint"]) is type(row["offensive"]) is bool
    assert 0.3 < sum(row["complaint"] for row in rows) / len(rows) < 0.7
