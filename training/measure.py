"""Measure the columns on unseen texts, choose the thresholds from which a field is sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from amends_engine.triage.heads import logistic, sentiment_probabilities
from training import columns, fit
from training.columns import Column
from training.material import POOLED, Material, Rows, is_gold
from training.sources import LANGUAGES, fingerprint

PRECISION = {"sentiment": 0.90, "complaint": 0.92, "offensive": 0.92}
"""Share of right answers demanded from those that a field is sure of."""

SMALLEST_SOURCE = 100
"""Sources from this size on must each reach the precision, so that one kind of text, for example
reviews of a shop, does not make the engine sure of all others."""


@dataclass
class Report:
    """What is measured on the way, for the manifest, the card and the terminal."""

    metrics: dict[str, dict[str, float | int]] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, figures: Mapping[str, float | int]) -> None:
        self.metrics[name] = {key: round(value, 4) for key, value in figures.items()}
        shown = "  ".join(f"{key} {round(value, 3)}" for key, value in figures.items())
        print(f"{name:<44} {shown}", flush=True)


def measure_sentiment(
    material: Material, trained: Mapping[str, Column], *, group: str, report: Report
) -> None:
    """Report macro-F1 over three classes for each source with a neutral class, and all."""
    unseen = trained["neutral"].unseen
    if not unseen:
        return
    rows = np.array(sorted(unseen), dtype=np.int64)
    # Neutral texts teach no polarity: no fit of it has seen them.
    other = np.array([r for r in rows.tolist() if r not in trained["polarity"].unseen], dtype=int)
    polarity = trained["polarity"].unseen | columns.score_rows(
        material, trained["polarity"].linear, rows=other
    )
    probabilities = sentiment_probabilities(
        np.array([unseen[row] for row in rows.tolist()]),
        np.array([polarity[row] for row in rows.tolist()]),
    )
    truth = np.array([_sentiment_index(material, row) for row in rows.tolist()])
    names = material.sources_of(rows)
    for name in sorted(set(names.tolist())) if group != POOLED else ():
        at = names == name
        report.add(f"sentiment/{group}/{name}", _many_way(probabilities[at], truth[at]))
    report.add(f"sentiment/{group}", _many_way(probabilities, truth))
    if all(name.startswith("own-") for name in names.tolist()):
        # Sure of texts of one author only is not sure of what customers write.
        report.thresholds[f"sentiment/{group}"] = fit.NEVER
        return
    confidence, is_right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    parts = [names == name for name in sorted(set(names.tolist()))]
    parts = [part for part in parts if part.sum() >= SMALLEST_SOURCE]
    report.thresholds[f"sentiment/{group}"] = max(
        fit.choose_threshold(
            confidence[part], is_right[part], precision=PRECISION["sentiment"], at_least=30
        )
        for part in [np.ones(len(names), dtype=bool), *parts]
    )


def measure_yes_no(
    material: Material, trained: Column, *, column: str, group: str, report: Report
) -> None:
    """Report macro-F1, recall and false alarms on labels that people gave for this column."""
    known = np.array(sorted(trained.unseen), dtype=np.int64)
    names = material.sources_of(known)
    rows = known[np.array([is_gold(name, column) for name in names.tolist()], dtype=bool)]
    if not len(rows):
        return
    names = material.sources_of(rows)
    truth = material.targets(column, rows)
    yes = logistic(np.array([trained.unseen[row] for row in rows.tolist()]))
    for name in sorted(set(names.tolist())) if group != POOLED else ():
        at = names == name
        report.add(f"{column}/{group}/{name}", _yes_no(yes[at], truth[at]))
    add_yes_no(f"{column}/{group}", yes, truth, report=report, groups=(group,))


def add_yes_no(
    name: str,
    yes: npt.NDArray[np.float64],
    truth: Rows,
    *,
    report: Report,
    groups: Sequence[str] = (),
) -> None:
    """Report a yes/no field; choose the threshold from which it is sure, for `groups`."""
    report.add(name, _yes_no(yes, truth))
    column = name.partition("/")[0]
    for group in groups:
        report.thresholds[f"{column}/{group}"] = fit.choose_threshold(
            np.maximum(yes, 1 - yes), (yes >= 0.5) == truth, precision=PRECISION[column]
        )


def measure_transfer(material: Material, report: Report) -> None:
    """Report sentiment on each three-way source by fits that saw neither it nor a text of it."""
    for group in LANGUAGES:
        rows = material.rows_teaching("neutral", group=group)
        names = sorted(set(material.sources_of(rows).tolist()))
        for name in names if len(names) > 1 else ():
            _measure_left_out_source(material, group=group, source=name, report=report)


def _measure_left_out_source(
    material: Material, *, group: str, source: str, report: Report
) -> None:
    rows = material.rows_teaching("neutral", group=group)
    test = rows[material.sources_of(rows) == source]
    texts = {fingerprint(material.examples[row].text) for row in test.tolist()}
    scores = {}
    for column in ("neutral", "polarity"):
        known = material.rows_teaching(column, group=group)
        known = known[(material.sources_of(known) != source) & ~material.is_validation(known)]
        is_new = [fingerprint(material.examples[row].text) not in texts for row in known.tolist()]
        train = known[np.array(is_new, dtype=bool)]
        fewest = np.bincount(material.targets(column, train), minlength=2).min()
        if fewest < SMALLEST_SOURCE:
            # Both English sets hold the same tweets: without one, nothing of the other is left.
            return
        linear = columns.fit_rows(material, column, rows=train)
        scores[column] = linear.scores(material.features[test])
    truth = np.array([_sentiment_index(material, row) for row in test.tolist()])
    probabilities = sentiment_probabilities(scores["neutral"], scores["polarity"])
    report.add(f"sentiment/{group}/without {source}", _many_way(probabilities, truth))


def _sentiment_index(material: Material, row: int) -> int:
    example = material.examples[row]
    return 1 if example.neutral else 2 * int(bool(example.polarity))


def _many_way(probabilities: npt.NDArray[np.float64], truth: Rows) -> dict[str, float | int]:
    guess = probabilities.argmax(axis=1)
    score = f1_score(truth, guess, labels=sorted(set(truth.tolist())), average="macro")
    return {"n": len(truth), "macro_f1": float(score), "accuracy": float((guess == truth).mean())}


def _yes_no(yes: npt.NDArray[np.float64], truth: Rows) -> dict[str, float | int]:
    guess = (yes >= 0.5).astype(np.int64)
    figures: dict[str, float | int] = {
        "n": len(truth),
        "macro_f1": float(f1_score(truth, guess, average="macro", zero_division=0)),
    }
    if (truth == 1).any():
        figures["recall"] = float(guess[truth == 1].mean())
    if (truth == 0).any():
        figures["false_alarms"] = float(guess[truth == 0].mean())
    return figures
