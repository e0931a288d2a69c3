"""The recipe for the screen: small parts that decide what may be believed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn (requirements/training.txt)")
pytest.importorskip("wordfreq", reason="training needs wordfreq (requirements/training.txt)")

from scipy import sparse

from amends_engine.triage.layout import CHOICES, TRUTHS
from training.corpus import OWN_FOLDER, Row, fingerprint, own_row, without_leaks
from training.screen.features import SHAPE, extract_features
from training.screen.fit import Lesson, fit_calibration, fit_linear, measure_loss
from training.screen.imitate import make_parts
from training.screen.languages import CODES, OURS
from training.screen.material import read_targets
from training.screen.measure import judge_field
from training.targets import Targets, spam, three_way, two_way

OWN = sorted(OWN_FOLDER.glob("comments_*.jsonl"))


def row(text: str, targets: Targets, *, number: int = 1, is_validation: bool = False) -> Row:
    return Row(str(number), text, "en", "a-source", is_validation, targets)


def lesson_of(
    numbers: list[list[float]], fits: list[list[bool]], known: list[list[bool]], sources: list[int]
) -> Lesson:
    return Lesson(
        features=sparse.csr_matrix(np.array(numbers, dtype=np.float32)),
        base=np.zeros((len(numbers), 0), dtype=np.float32),
        fits=np.array(fits),
        known=np.array(known),
        sources=np.array(sources),
        weights=np.ones(len(numbers), dtype=np.float32),
        soft=np.full((len(numbers), len(fits[0])), np.nan, dtype=np.float32),
    )


def test_probabilities_are_imitated_where_no_person_labelled() -> None:
    lesson = lesson_of(
        [[1.0, 0.0]] * 40 + [[0.0, 1.0]] * 40,
        fits=[[True, False]] * 40 + [[False, True]] * 40,
        known=[[True, True]] * 80,
        sources=[0] * 80,
    )
    soft = lesson.soft.copy()
    soft[:] = [0.3, 0.7]
    imitating = replace(lesson, soft=soft)
    scores = fit_linear(imitating, strength=50.0).scores(lesson.features, lesson.base)
    chances = np.exp(scores[:, 1]) / np.exp(scores).sum(axis=1)
    assert np.allclose(chances, 0.7, atol=0.05)


def test_parts_of_held_out_texts_are_never_asked_about() -> None:
    kept = replace(row("It broke. I want my money back.", Targets({}, {})), source="own-en")
    held = replace(kept, id="2", text="Another one here. And more words too.", is_validation=True)
    parts = make_parts([kept, held])
    assert {part.text for part in parts} >= {"I want my money back."}
    assert not any("Another" in part.text for part in parts)


def test_texts_of_validation_do_not_stand_in_training() -> None:
    nothing = Targets({}, {})
    seen = row("So BAD,  really!", nothing, is_validation=True)
    twin = row("so bad really", nothing, number=2)
    other = row("so good", nothing, number=3)
    assert without_leaks([seen, twin, other]) == [seen, other]


def test_a_label_that_a_source_does_not_know_is_not_taught() -> None:
    fits, known = read_targets(
        [row("x", two_way("negative")), row("y", three_way("neutral"))], "sentiment"
    )
    neutral = CHOICES["sentiment"].index("neutral")
    assert known[:, neutral].tolist() == [False, True]
    scores = np.zeros((2, 4), dtype=np.float32)
    lesson = lesson_of([[1.0], [1.0]], fits.tolist(), known.tolist(), [0, 0])
    _, slopes = measure_loss(scores, lesson)
    assert slopes[0, neutral] == 0
    assert slopes[1, neutral] < 0


def test_labels_that_a_source_does_not_tell_apart_are_taught_together() -> None:
    fits, known = read_targets([row("x", spam("spam"))], "policy_ground")
    lesson = lesson_of([[1.0]], fits.tolist(), known.tolist(), [0])
    scores = np.zeros((1, len(CHOICES["policy_ground"])), dtype=np.float32)
    _, slopes = measure_loss(scores, lesson)
    unsolicited = [CHOICES["policy_ground"].index(label) for label in ("spam", "scam", "illegal")]
    assert np.allclose(slopes[0, unsolicited], slopes[0, unsolicited[0]])
    assert slopes[0, unsolicited[0]] < 0 < slopes[0, CHOICES["policy_ground"].index("none")]


def test_the_slope_of_the_loss_is_right() -> None:
    generator = np.random.default_rng(1)
    fits = np.array([[True, False, False], [True, True, False]])
    known = np.array([[True, True, False], [True, True, True]])
    lesson = lesson_of([[1.0], [1.0]], fits.tolist(), known.tolist(), [0, 0])
    scores = generator.normal(size=(2, 3)).astype(np.float32)
    _, slopes = measure_loss(scores, lesson)
    step = np.zeros_like(scores)
    step[1, 2] = 0.01
    higher, lower = measure_loss(scores + step, lesson)[0], measure_loss(scores - step, lesson)[0]
    assert (higher - lower) / 0.02 == pytest.approx(float(slopes[1, 2]), abs=1e-3)


def test_what_a_source_says_most_often_does_not_lean_on_the_others() -> None:
    numbers = [[1.0, 0.0], [0.0, 1.0]] * 20  # the same words in both sources
    said = [[True]] * 18 + [[False]] * 2 + [[True]] * 2 + [[False]] * 18
    lesson = lesson_of(numbers, said, [[True]] * 40, [0] * 20 + [1] * 20)
    linear = fit_linear(lesson, strength=1.0)
    assert linear.offsets[0, 0] > 0.5 > -0.5 > linear.offsets[1, 0]
    assert abs(float(linear.biases[0])) < 0.5


def test_calibration_humbles_scores_that_are_too_certain() -> None:
    scores = np.concatenate((np.full(200, -6.0), np.full(200, 6.0)))[:, None].astype(np.float32)
    said = [[False]] * 170 + [[True]] * 30 + [[True]] * 170 + [[False]] * 30
    slope, biases = fit_calibration(
        scores, lesson_of([[1.0]] * 400, said, [[True]] * 400, [0] * 400)
    )
    assert 0.1 < slope < 0.6
    assert abs(float(biases[0])) < 0.3


def test_a_word_without_its_marks_is_the_same_word_but_for_the_language() -> None:
    same = extract_features(["çok kötü", "cok kotu"], has_marks=False).joined()
    assert abs(same[0] - same[1]).max() == 0
    apart = extract_features(["çok kötü", "cok kotu"], has_marks=True).joined()
    assert abs(apart[0] - apart[1]).max() > 0
    assert same.shape[1] == SHAPE.word_size + SHAPE.pair_size


def test_spam_of_a_coarse_source_counts_as_found_by_any_of_its_labels() -> None:
    rows = [row("x", spam("spam")), row("y", spam("ham"))]
    scores = np.zeros((2, len(CHOICES["policy_ground"])), dtype=np.float32)
    scores[0, CHOICES["policy_ground"].index("scam")] = 2.0
    scores[1, CHOICES["policy_ground"].index("none")] = 2.0
    assert judge_field(scores, rows, "policy_ground")["accuracy"] == 1.0


def test_our_languages_are_known_to_the_head() -> None:
    assert set(OURS) < set(CODES)
    assert len(set(CODES)) == len(CODES)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_our_own_examples_keep_to_the_vocabulary(path: Path) -> None:
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({entry["id"] for entry in entries}) == len(entries)
    said: dict[str, Targets] = {}
    for entry in entries:
        targets = own_row(entry).targets
        for field, choice in targets.choices.items():
            assert choice.fits[0] in CHOICES[field], entry["id"]
        assert set(targets.truths) <= set(TRUTHS)
        assert all(type(value) is bool for value in targets.truths.values())
        twin = said.setdefault(fingerprint(entry["text"]), targets)
        assert twin.choices == targets.choices, f"{entry['id']} contradicts its twin"
