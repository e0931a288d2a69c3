"""Read a shipped model directory; refuse one that is missing, altered or made for another library.

A directory holds `manifest.json`, `CARD.md` and the files that the manifest lists with their
SHA-256. Weights are NumPy arrays, read without pickle.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amends_engine import ENGINE_VERSION

ARTEFACTS = Path(__file__).parent
FORMAT = 1


class ArtefactError(RuntimeError):
    """Raised for a model directory that cannot be used; says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A checked model: what its manifest says, and its arrays by name."""

    folder: Path
    manifest: Mapping[str, Any]
    arrays: Mapping[str, npt.NDArray[Any]]


def latest_artefact(name: str, *, root: Path = ARTEFACTS) -> Path:
    """Return the folder of the newest shipped version of `name`; raise ArtefactError if none is."""
    folder = root / name
    versions = [path.parent for path in folder.glob("*/manifest.json")]
    if not versions:
        raise ArtefactError(
            f"No model '{name}' under {folder}. Install amends again, or make one with "
            f"'python -m training.train_{name} --help'."
        )
    return max(versions, key=lambda path: _version_key(path.name))


def read_artefact(folder: Path) -> Artefact:
    """Return the model in `folder`, every file of it verified against the manifest."""
    manifest = _read_manifest(folder)
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, digest in manifest["files"].items():
        path = folder / name
        _verify(path, digest)
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as stored:
                arrays.update({key: stored[key] for key in stored.files})
    return Artefact(folder=folder, manifest=manifest, arrays=arrays)


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ArtefactError(f"{path} is missing. Install amends again.") from error
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{path} cannot be read ({error}). Install amends again.") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ArtefactError(f"{path} is not the manifest of a model. Install amends again.")
    if manifest.get("format") != FORMAT:
        raise ArtefactError(
            f"{path} has format {manifest.get('format')!r}, this library reads {FORMAT}. "
            "Install the version of amends that the model was made for."
        )
    low, high = manifest["library"]["from"], manifest["library"]["below"]
    if not _version_key(low) <= _version_key(ENGINE_VERSION) < _version_key(high):
        raise ArtefactError(
            f"{path} is for amends_engine from {low} and below {high}, this is {ENGINE_VERSION}. "
            "Install amends and its model together."
        )
    return manifest


def _verify(path: Path, digest: str) -> None:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ArtefactError(f"{path} cannot be read ({error}). Install amends again.") from error
    if found != digest:
        raise ArtefactError(
            f"{path} was altered or damaged: its SHA-256 is {found[:12]}…, the manifest says "
            f"{digest[:12]}…. Install amends again."
        )


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))
