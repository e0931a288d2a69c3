"""A model that is missing, altered or of another time is refused in words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from amends_engine.artefacts.read import ArtefactError, latest_artefact, read_artefact
from amends_engine.triage.screen import Screen

SHIPPED = latest_artefact("screen")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / SHIPPED.name))


def edit_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), "utf-8")


def test_shipped_model_says_where_it_comes_from() -> None:
    manifest = read_artefact(SHIPPED).manifest
    assert manifest["version"] == SHIPPED.name
    assert all(row["licence"] and row["texts"] for row in manifest["sources"])
    assert manifest["metrics"]
    assert (SHIPPED / "CARD.md").read_text(encoding="utf-8").startswith("# Screen")
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 8_000_000
    assert not list(SHIPPED.glob("*.pkl"))


def test_newest_version_is_taken(tmp_path: Path) -> None:
    for version in ("2026.2.1", "2026.11.1", "2026.10.30"):
        (tmp_path / "screen" / version).mkdir(parents=True)
        (tmp_path / "screen" / version / "manifest.json").write_text("{}", encoding="utf-8")
    assert latest_artefact("screen", root=tmp_path).name == "2026.11.1"


def test_missing_model_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="No model 'screen'"):
        latest_artefact("screen", root=tmp_path)


def test_altered_weights_are_refused(copy: Path) -> None:
    weights = copy / "weights.npz"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ArtefactError, match="altered or damaged"):
        read_artefact(copy)


def test_missing_weights_are_refused(copy: Path) -> None:
    (copy / "weights.npz").unlink()
    with pytest.raises(ArtefactError, match=r"weights\.npz cannot be read"):
        read_artefact(copy)


@pytest.mark.parametrize("content", ["", "[]", "{}", "not json"])
def test_broken_manifest_is_refused(copy: Path, content: str) -> None:
    (copy / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ArtefactError, match=r"manifest\.json"):
        read_artefact(copy)


def test_model_for_a_later_library_is_refused(copy: Path) -> None:
    edit_manifest(copy, library={"from": "9.0.0", "below": "9.1.0"})
    with pytest.raises(ArtefactError, match=r"from 9\.0\.0"):
        read_artefact(copy)


def test_model_of_another_kind_is_refused(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    del manifest["groups"]
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ArtefactError, match="is no screen"):
        Screen(read_artefact(copy))
