"""Fit the blend of complaint head, sentiment and rules on our own examples, by left-out folds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from amends_engine.text.normalise import normalise_text
from amends_engine.triage.blend import BIAS, complaint_signals
from amends_engine.triage.find import find_in_text
from training.columns import Column, score_rows
from training.fit import NEVER
from training.material import FOLDS, Material, Rows
from training.measure import Report, add_yes_no

BLENDED = ("tr", "id", "ru", "nl")
"""English has thousands of complaints to learn from and needs no blend."""

STRENGTH = 0.3


@dataclass(frozen=True, slots=True)
class Blend:
    """Weights by signal, with the bias, and the languages that they serve."""

    weights: dict[str, float]
    groups: tuple[str, ...] = BLENDED


def train_blend(
    material: Material, fields: Mapping[str, Mapping[str, Column]], report: Report
) -> Blend:
    """Fit over all four languages together; report each by fits that left its fold out."""
    rows = np.array(
        [
            row
            for row, example in enumerate(material.examples)
            if example.lang in BLENDED
            and example.source.startswith("own-")
            and example.complaint is not None
        ],
        dtype=np.int64,
    )
    signals = _signals(material, fields, rows=rows)
    names = sorted(signals[0])
    table = np.array([[signal[name] for name in names] for signal in signals])
    truth = material.targets("complaint", rows)
    folds = material.folds(rows)
    yes = np.zeros(len(rows))
    for number in range(FOLDS):
        held = folds == number
        yes[held] = _fit(table[~held], truth[~held]).predict_proba(table[held])[:, 1]
    langs = np.array([material.examples[row].lang for row in rows.tolist()])
    for group in BLENDED:
        at = langs == group
        add_yes_no(f"complaint/{group}/blended", yes[at], truth[at], report=report)
    add_yes_no("complaint/blended", yes, truth, report=report)
    # All of these were written by one author, who wrote the rules too: a person decides.
    report.thresholds |= {f"complaint/{group}": NEVER for group in BLENDED}
    model = _fit(table, truth)
    weights = dict(zip(names, (round(float(w), 5) for w in model.coef_[0]), strict=True))
    return Blend(weights | {BIAS: round(float(model.intercept_[0]), 5)})


def _fit(table: npt.NDArray[np.float64], truth: Rows) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=500).fit(table, truth)


def _signals(
    material: Material, fields: Mapping[str, Mapping[str, Column]], *, rows: Rows
) -> list[dict[str, float]]:
    signals = []
    for row in rows.tolist():
        example = material.examples[row]
        scores = {}
        for name, column in fields[example.lang].items():
            known = column.unseen.get(row)
            if known is None:
                known = score_rows(material, column.linear, rows=np.array([row]))[row]
            scores[name] = known
        findings = find_in_text(
            example.text, normalised=normalise_text(example.text), language=example.lang
        )
        signals.append(complaint_signals(scores, findings))
    return signals
