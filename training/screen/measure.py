"""Measure fields on rows that no fit saw, source by source, and the language on cut texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from amends_engine.triage.layout import CHOICES, TRUTHS
from training.corpus import LANGUAGES, Row
from training.screen.features import extract_features
from training.screen.fields import Group, Task
from training.screen.fit import Floats, Whole, fit_linear
from training.screen.languages import CODES, LanguageHead
from training.screen.material import (
    FIELDS,
    Material,
    columns_of,
    is_labelled,
    read_targets,
    rows_teaching,
)

LANGUAGE_TEST_CAP = 400
LEAST_LETTERS = 6
SURE_LANGUAGE = 0.5
SMALLEST = 30

Figures = dict[str, dict[str, float | int]]


def measure_group(material: Material, taught: Group) -> Figures:
    """Return the figures of every field on the validation rows of each source."""
    figures: Figures = {}
    is_unseen = material.is_validation()
    for source in np.unique(material.sources[is_unseen]).tolist():
        at = np.flatnonzero(is_unseen & (material.sources == source))
        figures |= measure_source(material, taught.unseen, at, source=source)
    return figures


def measure_source(material: Material, logits: Floats, at: Whole, *, source: str) -> Figures:
    """Return the figures of the fields that a source labels."""
    figures: Figures = {}
    for field in FIELDS:
        known = [row for row in at.tolist() if is_labelled(material.rows[row], field)]
        if len(known) < SMALLEST:
            continue
        rows = [material.rows[row] for row in known]
        found = judge_field(logits[np.array(known)][:, columns_of(field)], rows, field)
        if found:
            figures[f"{field}/{source}"] = found
    return figures


def judge_field(scores: Floats, rows: Sequence[Row], field: str) -> dict[str, float | int]:
    """Return macro-F1 and accuracy; of labels that a source does not tell apart, of their groups."""
    fits, known = read_targets(rows, field)
    if field in TRUTHS:
        return _two_way(fits[:, 0], scores[:, 0] > 0)
    best = np.where(known, scores, -np.inf).argmax(axis=1)
    if (fits.sum(axis=1) == 1).all():
        truth = fits.argmax(axis=1)
        labels = sorted(set(truth.tolist()))
        score = f1_score(truth, best, labels=labels, average="macro", zero_division=0)
        return _figures(len(rows), float(score), float((best == truth).mean()))
    if field not in ("category", "policy_ground"):
        return {}
    label = CHOICES[field].index("spam")
    unsolicited = fits[fits[:, label]][0]
    return _two_way(fits[:, label], unsolicited[best])


def _two_way(truth: npt.NDArray[np.bool_], guess: npt.NDArray[np.bool_]) -> dict[str, float | int]:
    if not truth.any():
        return {"n": len(truth), "false_alarms": float(guess.mean())}
    figures = _figures(
        len(truth),
        float(f1_score(truth, guess, average="macro", zero_division=0)),
        float((truth == guess).mean()),
    )
    return {**figures, "positives": int(truth.sum()), "recall": float(guess[truth].mean())}


def _figures(count: int, score: float, accuracy: float) -> dict[str, float | int]:
    return {"n": count, "macro_f1": score, "accuracy": accuracy}


def measure_transfer(material: Material, *, group: str, strength: float) -> Figures:
    """Return sentiment on each source with neutral texts, taught without it."""
    figures: Figures = {}
    every = rows_teaching(material, "sentiment", is_imitating=False)
    for source in np.unique(material.sources[every]).tolist():
        test = np.flatnonzero((material.sources == source) & material.is_validation())
        rows = [material.rows[row] for row in test.tolist()]
        if len(rows) < SMALLEST or not any(
            "neutral" in row.targets.choices["sentiment"].fits for row in rows
        ):
            continue
        at = every[material.sources[every] != source]
        nothing = np.zeros((len(material.rows), 0), dtype=np.float32)
        lesson = Task(material, "sentiment", at, nothing).lesson()
        scores = fit_linear(lesson, strength=strength).scores(
            material.features[test].joined(), nothing[test]
        )
        figures[f"sentiment/{group}/without {source}"] = judge_field(scores, rows, "sentiment")
    return figures


def measure_languages(head: LanguageHead, rows: Sequence[Row], *, seed: int) -> Figures:
    """Return how often the language is right on validation texts, whole and cut."""
    texts, langs = choose_language_test(rows, seed=seed)
    figures: Figures = {}
    for name, length in (("whole", 10_000), ("first 40", 40), ("first 20", 20)):
        features = extract_features(
            [text[:length] for text in texts], has_marks=True, has_pairs=False
        )
        chances = head.probabilities(features)[:, [CODES.index(lang) for lang in LANGUAGES]]
        best = np.array([*LANGUAGES, "und"])[chances.argmax(axis=1)]
        best[chances.max(axis=1) < SURE_LANGUAGE] = "und"
        truth = np.array([lang if lang in LANGUAGES else "und" for lang in langs])
        is_ours = truth != "und"
        figures[f"language/{name}"] = {
            "n": int(is_ours.sum()),
            "accuracy": float((best == truth)[is_ours].mean()),
            **{lang: float((best == truth)[truth == lang].mean()) for lang in LANGUAGES},
            "others left open": float((best == "und")[~is_ours].mean()),
        }
    return figures


def choose_language_test(rows: Sequence[Row], *, seed: int) -> tuple[list[str], list[str]]:
    """Return up to `LANGUAGE_TEST_CAP` validation texts of each language, and their languages."""
    generator = np.random.default_rng(seed)
    by_language: dict[str, list[str]] = {row.lang: [] for row in rows}
    for row in rows:
        if row.is_validation and sum(map(str.isalpha, row.text)) >= LEAST_LETTERS:
            by_language[row.lang].append(row.text)
    texts, langs = [], []
    for lang, found in sorted(by_language.items()):
        chosen = generator.permutation(len(found))[:LANGUAGE_TEST_CAP]
        texts += [found[at] for at in chosen.tolist()]
        langs += [lang] * len(chosen)
    return texts, langs
