"""The golden set: examples of our own that no candidate may do worse on than the shipped engine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amends_engine.artefacts.read import ArtefactError, latest_artefact, read_artefact
from amends_engine.classifier import Assessment, TextInput
from amends_engine.triage.compare import Answer, Figure, compare_answers
from amends_engine.triage.layout import CHOICES, TRUTHS

FALL = 0.01
"""Macro-F1 by which a candidate may fall on a field."""

FILE = "golden.jsonl"


@dataclass(frozen=True, slots=True)
class GoldenText:
    """A text and the labels that hold for it, by field."""

    text: TextInput
    language: str
    labels: dict[str, Answer]


@dataclass(frozen=True, slots=True)
class Golden:
    """The set and its version."""

    version: str
    texts: Sequence[GoldenText]


def read_golden(folder: Path | None = None) -> Golden:
    """Return the shipped golden set; raise ArtefactError if it is missing or altered."""
    artefact = read_artefact(folder or latest_artefact("golden"))
    path = artefact.folder / FILE
    if FILE not in artefact.manifest["files"]:
        raise ArtefactError(f"{artefact.folder} is no golden set. Install amends again.")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return Golden(str(artefact.manifest["version"]), [_read_row(row) for row in rows])


def compare_on_golden(
    golden: Golden, *, before: Sequence[Assessment], after: Sequence[Assessment]
) -> list[Figure]:
    """Return a figure for each field that the set labels; assessments in the order of its texts."""
    figures = []
    for field in (*CHOICES, *TRUTHS):
        at = [place for place, one in enumerate(golden.texts) if field in one.labels]
        if at:
            figures.append(
                compare_answers(
                    field,
                    wanted=[golden.texts[place].labels[field] for place in at],
                    before=[read_answer(before[place], field) for place in at],
                    after=[read_answer(after[place], field) for place in at],
                )
            )
    return figures


def find_fall(figures: Sequence[Figure]) -> Figure | None:
    """Return the field that falls deepest below the shipped engine, None if none falls too far."""
    deepest = max(figures, key=lambda one: one.before - one.after, default=None)
    return deepest if deepest and deepest.before - deepest.after > FALL else None


def read_answer(assessment: Assessment, field: str) -> Answer:
    """Return the label that an assessment gives a field or flag."""
    if field in assessment.flags:
        return assessment.flags[field]
    label: Answer = getattr(assessment, field).label
    return label


def _read_row(row: dict[str, Any]) -> GoldenText:
    text = TextInput(id=row["id"], text=row["text"], parent=row.get("parent"))
    labels = {field: row[field] for field in (*CHOICES, *TRUTHS) if field in row}
    return GoldenText(text, row["lang"], labels)
