"""The model by itself: repeatable, bounded, and careful with processors that round too coarsely."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest

from amends_engine import checks
from amends_engine.artefacts.read import ArtefactError, latest_artefact, read_artefact
from amends_engine.classifier import TextInput
from amends_engine.triage.layout import COLUMNS, WIDTH
from amends_engine.triage.model.model import Model, load_model
from amends_engine.triage.model.session import Session
from amends_engine.triage.scores import normalise_choices


def test_whole_numbers_and_floats_agree() -> None:
    artefact = read_artefact(latest_artefact("model"))
    lengths = artefact.arrays["test_lengths"].tolist()
    pieces = [
        one.tolist() for one in np.split(artefact.arrays["test_pieces"], np.cumsum(lengths)[:-1])
    ]
    expected = artefact.arrays["test_logits"]
    whole = Session(artefact.folder, pieces=pieces, expected=expected)
    with pytest.warns(RuntimeWarning, match="rounds 8-bit products too coarsely"):
        exact = Session(artefact.folder, pieces=pieces, expected=expected + 100)
    assert not exact.is_whole
    columns = COLUMNS["sentiment"]
    for one in pieces:
        exactly = normalise_choices(exact.answer(one).logits)[columns]
        if whole.is_whole:
            roughly = normalise_choices(whole.answer(one).logits)[columns]
            assert np.abs(np.exp(exactly) - np.exp(roughly)).max() < 0.25


def test_the_float_graph_says_what_was_stored() -> None:
    artefact = read_artefact(latest_artefact("model"))
    count = int(artefact.arrays["test_lengths"][0])
    pieces = artefact.arrays["test_pieces"][:count].tolist()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        exact = Session(artefact.folder, pieces=[pieces], expected=np.full((1, WIDTH), 99.0))
    found = exact.answer(pieces).logits
    assert np.abs(found - artefact.arrays["test_logits"][0]).max() < 0.05


def test_neighbours_change_nothing() -> None:
    texts = checks.make_inputs(checks.SAMPLES)
    together = load_model().score(texts)
    for text, answer in zip(texts, together, strict=True):
        alone = load_model().score([text])[0]
        assert np.array_equal(alone.logits, answer.logits)


def test_what_is_answered_changes_the_answer() -> None:
    [alone] = load_model().score([TextInput(1, "Waarom is de winkel dan dicht?")])
    [below] = load_model().score(
        [TextInput(1, "Waarom is de winkel dan dicht?", parent="Maandag zijn we gesloten")]
    )
    assert not np.array_equal(alone.logits, below.logits)


def test_shares_of_words_add_up_to_the_text() -> None:
    [found] = load_model().score([TextInput(1, "Nog steeds geen geld terug, belachelijk")])
    shares = found.word_shares()
    assert len(shares.spans) == 6
    assert shares.values.shape == (6, WIDTH)


def test_a_model_of_another_layout_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "2099.1.1"
    shutil.copytree(latest_artefact("model"), folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["layout"]["choices"]["sentiment"] = ["good", "bad"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ArtefactError, match="another layout"):
        Model(read_artefact(folder))


def test_a_damaged_weight_is_found_before_it_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "2099.1.1"
    shutil.copytree(latest_artefact("model"), folder)
    weights = bytearray((folder / "weights.bin").read_bytes())
    weights[12345] ^= 1
    (folder / "weights.bin").write_bytes(bytes(weights))
    with pytest.raises(ArtefactError, match="altered or damaged"):
        read_artefact(folder)
