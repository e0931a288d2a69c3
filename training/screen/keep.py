"""Keep what is taught in a work folder, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from training.screen.fields import Group
from training.screen.languages import LanguageHead
from training.screen.measure import Figures

LANGUAGE = "language"


def is_kept(work: Path, name: str) -> bool:
    """Return whether a group (or the language head) was taught before."""
    return (work / f"{name}.json").exists()


def keep_group(work: Path, name: str, group: Group, figures: Figures) -> None:
    """Write a group: its used buckets alone, and not what it said of rows."""
    used = np.flatnonzero(group.weights.any(axis=1))
    np.savez(
        work / f"{name}.npz",
        shape=np.array(group.weights.shape),
        used=used,
        rows=group.weights[used],
        first=np.array(group.first),
        sources=group.sources,
        mix=group.mix,
        biases=group.biases,
    )
    (work / f"{name}.json").write_text(json.dumps(figures), encoding="utf-8")


def read_group(work: Path, name: str) -> tuple[Group, Figures]:
    """Return a group that was kept, and its figures."""
    with np.load(work / f"{name}.npz", allow_pickle=False) as kept:
        weights = np.zeros(kept["shape"], dtype=np.float32)
        weights[kept["used"]] = kept["rows"]
        group = Group(
            first=tuple(kept["first"].tolist()),
            weights=weights,
            sources=kept["sources"],
            mix=kept["mix"],
            biases=kept["biases"],
            unseen=np.empty((0, weights.shape[1]), dtype=np.float32),
        )
    return group, _read_figures(work, name)


def keep_language(work: Path, head: LanguageHead, figures: Figures) -> None:
    """Write the language head."""
    np.savez(work / f"{LANGUAGE}.npz", weights=head.weights, biases=head.biases)
    (work / f"{LANGUAGE}.json").write_text(json.dumps(figures), encoding="utf-8")


def read_language(work: Path) -> tuple[LanguageHead, Figures]:
    """Return the language head that was kept, and its figures."""
    with np.load(work / f"{LANGUAGE}.npz", allow_pickle=False) as kept:
        head = LanguageHead(kept["weights"], kept["biases"])
    return head, _read_figures(work, LANGUAGE)


def _read_figures(work: Path, name: str) -> Figures:
    figures: Figures = json.loads((work / f"{name}.json").read_text(encoding="utf-8"))
    return figures
