"""A workspace's head: small corrections of the blended numbers, learned from its people.

A head adds a linear correction to the log-probabilities of the fields that people corrected. It
sees what the blend says of all fields (39 probabilities) and, where the model read the text, the
text's place among all texts (its vector). Zero weights change nothing, and training pulls towards
zero. Two rules hold whatever was learned: a head may take a policy ground away but never makes one
more likely (criticism is never a ground, and no habit of a team makes it one), and it never
silences the flags that protect somebody.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from amends_engine.classifier import EngineName
from amends_engine.triage.layout import CHOICES, COLUMNS, TRUTHS, TRUTHS_AT, WIDTH, column_of
from amends_engine.triage.scores import Floats, normalise_choices

Wide = npt.NDArray[np.float64]

FORMAT = 1
KIND = "workspace-head"
MOST_CHANGE = 4.0
"""Log-odds by which a head moves a label at most."""

NEVER_SILENCED = ("safety", "self_harm", "minor")
"""Flags that a head may raise but not lower: a missed one costs more than a needless one."""

MOST_VECTOR = 4096
CENTRE, WEIGHTS = "centre", "weights_"


class HeadError(ValueError):
    """Raised for a head that cannot be used; says why and what to do."""


@dataclass(frozen=True, slots=True)
class WorkspaceHead:
    """What was learned, and for which engine.

    `weights` holds for each taught field (1 + 39 + vector) × labels; a truth has one column.
    `centre` (vector width, may be 0) and `scale` bring vectors to mean zero and length about one.
    """

    id: str
    base: EngineName
    weights: Mapping[str, Floats]
    centre: Floats
    scale: float = 1.0

    @property
    def fields(self) -> tuple[str, ...]:
        """The taught fields, in the order of the layout."""
        return tuple(field for field in (*CHOICES, *TRUTHS) if field in self.weights)

    @property
    def engine(self) -> EngineName:
        """The name under which an engine with this head judges."""
        return EngineName(self.base.name, f"{self.base.version}+w{self.id}")

    def correct(self, scores: Floats, vector: Floats | None = None) -> Floats:
        """Return the corrected numbers of one text; `scores` (39) are those of the blend."""
        row = read_features(
            scores[None], [vector], centre=self.centre.astype(np.float64), scale=self.scale
        )[0]
        answer = np.array(scores, dtype=np.float32)
        for field in self.fields:
            change = row @ self.weights[field].astype(np.float64)
            answer[columns_of(field)] += np.clip(change, -MOST_CHANGE, MOST_CHANGE)
        normal = normalise_choices(answer)
        for field in self.fields:
            if field in CHOICES:
                answer[COLUMNS[field]] = normal[COLUMNS[field]]
        keep_rules(answer, said=scores)
        return answer


def keep_rules(scores: Floats, *, said: Floats) -> None:
    """Take back, in place, what no head may do; both rows (or tables of rows) lie in the layout."""
    columns = COLUMNS["policy_ground"]
    none = column_of("policy_ground", "none")
    lowered = np.minimum(scores[..., columns], said[..., columns])
    if not np.array_equal(scores[..., columns], said[..., columns]):
        lowered[..., none - columns.start] = -np.inf
        grounds = np.clip(np.exp(lowered).sum(axis=-1), 0.0, 1 - 1e-7)
        scores[..., columns] = lowered
        scores[..., none] = np.log1p(-grounds)
    for flag in NEVER_SILENCED:
        at = column_of(flag)
        scores[..., at] = np.maximum(scores[..., at], said[..., at])


def columns_of(field: str) -> slice:
    """Return the columns of a choice, or the single one of a truth."""
    if field in CHOICES:
        return COLUMNS[field]
    at = TRUTHS_AT + TRUTHS.index(field)
    return slice(at, at + 1)


def read_features(
    scores: Floats, vectors: Sequence[Floats | None], *, centre: Wide, scale: float
) -> Wide:
    """Return what a head sees (n × (1 + 39 + vector)): one, probabilities, the placed vector.

    A text that the model did not read has no vector; it counts as standing in the middle.
    """
    chances = np.array(scores, dtype=np.float64)
    chances[:, :TRUTHS_AT] = np.exp(np.minimum(chances[:, :TRUTHS_AT], 0.0))
    chances[:, TRUTHS_AT:] = 1 / (1 + np.exp(-np.clip(chances[:, TRUTHS_AT:], -30, 30)))
    placed = np.zeros((len(chances), len(centre)))
    for at, vector in enumerate(vectors):
        if vector is not None and len(vector) == len(centre):
            placed[at] = (unit(vector) - centre) * scale
    return np.hstack([np.ones((len(chances), 1)), chances, placed])


def unit(vector: Floats) -> Wide:
    """Return the vector with length one."""
    wide = vector.astype(np.float64)
    return wide / max(float(np.linalg.norm(wide)), 1e-9)


def write_head(head: WorkspaceHead, *, facts: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the manifest (JSON values) and the arrays as npz; `facts` are added to the manifest."""
    stream = io.BytesIO()
    arrays: dict[str, Any] = {f"{WEIGHTS}{field}": head.weights[field] for field in head.fields}
    np.savez_compressed(stream, **{CENTRE: head.centre, **arrays})
    stored = stream.getvalue()
    manifest = {
        "format": FORMAT,
        "kind": KIND,
        "id": head.id,
        "base": {"name": head.base.name, "version": head.base.version},
        "layout": _layout(),
        "fields": list(head.fields),
        "scale": head.scale,
        "arrays_sha256": hashlib.sha256(stored).hexdigest(),
        **facts,
    }
    return manifest, stored


def read_head(manifest: Mapping[str, Any], stored: bytes, *, base: EngineName) -> WorkspaceHead:
    """Return the head for the engine `base`; raise HeadError if it is not for it, or damaged."""
    _check_manifest(manifest, base=base)
    if hashlib.sha256(stored).hexdigest() != manifest.get("arrays_sha256"):
        raise HeadError("The head was altered or damaged: its SHA-256 differs. Train a new one.")
    try:
        with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
            centre = arrays[CENTRE].astype(np.float32)
            weights = {
                str(field): arrays[f"{WEIGHTS}{field}"].astype(np.float32)
                for field in manifest["fields"]
            }
        head = WorkspaceHead(
            str(manifest["id"]), base, weights, centre, scale=float(manifest["scale"])
        )
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise HeadError(f"The head cannot be read ({error}). Train a new one.") from error
    _check_shapes(head)
    return head


def _check_manifest(manifest: Mapping[str, Any], *, base: EngineName) -> None:
    if manifest.get("format") != FORMAT or manifest.get("kind") != KIND:
        raise HeadError(
            f"This is no workspace head of format {FORMAT}. Train a new one with this version."
        )
    made_for = manifest.get("base") or {}
    if (made_for.get("name"), made_for.get("version")) != (base.name, base.version):
        raise HeadError(
            f"The head was taught on top of {made_for.get('name')} {made_for.get('version')}, but "
            f"the engine is {base.name} {base.version}. Train a new one; corrections are kept."
        )
    if manifest.get("layout") != _layout():
        raise HeadError("The head answers in another layout of fields. Train a new one.")


def _check_shapes(head: WorkspaceHead) -> None:
    if head.centre.ndim != 1 or len(head.centre) > MOST_VECTOR:
        raise HeadError("The head has a vector of another shape. Train a new one.")
    height = 1 + WIDTH + len(head.centre)
    for field, weights in head.weights.items():
        if field not in CHOICES and field not in TRUTHS:
            raise HeadError(f"The head corrects {field!r}, which is no field. Train a new one.")
        columns = columns_of(field)
        if weights.shape != (height, columns.stop - columns.start):
            raise HeadError(f"The head has {field} in another shape. Train a new one.")
        if not np.isfinite(weights).all():
            raise HeadError(f"The head holds no numbers for {field}. Train a new one.")
    if not np.isfinite(head.centre).all() or not np.isfinite(head.scale):
        raise HeadError("The head holds no numbers. Train a new one.")


def _layout() -> dict[str, Any]:
    return {
        "choices": {field: list(labels) for field, labels in CHOICES.items()},
        "truths": list(TRUTHS),
    }
