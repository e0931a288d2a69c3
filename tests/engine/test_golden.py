"""The golden set is whole, balanced, kept out of training, and catches a candidate that falls."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from amends_engine.artefacts.read import ArtefactError, latest_artefact
from amends_engine.classifier import CATEGORIES
from amends_engine.triage.compare import chance_of_luck, compare_answers, macro_f1
from amends_engine.triage.golden import compare_on_golden, find_fall, read_golden
from amends_engine.triage.layout import CHOICES
from tests.support.teachable import FakeCascade
from training.corpus import OWN_VALIDATION
from training.hashing import hash_fraction
from training.ship_golden import write_golden


def test_the_shipped_set_holds_every_language_and_category() -> None:
    golden = read_golden()
    languages = Counter(one.language for one in golden.texts)
    assert set(languages) == {"en", "tr", "id", "ru", "nl"}
    assert min(languages.values()) >= 50
    assert {one.labels["category"] for one in golden.texts} == set(CATEGORIES)
    assert all(set(CHOICES) <= set(one.labels) for one in golden.texts)


def test_no_training_sees_it() -> None:
    assert all(hash_fraction(str(one.text.id)) < OWN_VALIDATION for one in read_golden().texts)


def test_the_recipe_writes_a_set_that_is_read_again(tmp_path: Path) -> None:
    write_golden(tmp_path / "2030.1.1")
    golden = read_golden(tmp_path / "2030.1.1")
    assert (golden.version, len(golden.texts)) == ("2030.1.1", 300)


def test_an_altered_set_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(latest_artefact("golden"), tmp_path / "golden"))
    with (folder / "golden.jsonl").open("a", encoding="utf-8") as file:
        file.write("{}\n")
    with pytest.raises(ArtefactError, match="altered or damaged"):
        read_golden(folder)


def test_an_engine_does_not_fall_below_itself() -> None:
    golden = read_golden()
    answers = FakeCascade().assess([one.text for one in golden.texts])
    figures = compare_on_golden(golden, before=answers, after=answers)
    assert {one.verdict for one in figures} == {"unclear"}
    assert find_fall(figures) is None


def test_the_deepest_fall_is_named() -> None:
    wanted = ["a", "b"] * 20
    fine = compare_answers("category", wanted=wanted, before=wanted, after=wanted)
    fallen = compare_answers("severity", wanted=wanted, before=wanted, after=["a"] * 40)
    assert fallen.verdict == "worse"
    found = find_fall([fine, fallen])
    assert found is not None
    assert found.field == "severity"


def test_labels_count_alike_however_rare_they_are() -> None:
    assert macro_f1(["a"] * 9 + ["b"], ["a"] * 10) == pytest.approx(0.4737, abs=1e-3)
    assert macro_f1([], []) == 0.0


def test_a_few_changes_may_be_luck() -> None:
    assert chance_of_luck(0, 0) == 1.0
    assert chance_of_luck(3, 0) == pytest.approx(0.125)
    assert chance_of_luck(9, 1) < 0.05 < chance_of_luck(6, 3)
    wanted = ["a", "b", "a", "b"]
    figure = compare_answers("f", wanted=wanted, before=["a"] * 4, after=wanted)
    assert (figure.mended, figure.spoiled, figure.verdict) == (2, 0, "unclear")
