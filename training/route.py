"""Learn which texts the screen may answer alone, and what each share of the model's work brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import cross_val_predict

from amends_engine.classifier import TextInput
from amends_engine.triage.layout import COLUMNS, column_of
from amends_engine.triage.router import DECISIVE, Router, read_features
from amends_engine.triage.scores import Floats, ScreenScores
from training.corpus import Row
from training.measure_fields import answer_rows

FIELDS = ("sentiment", "complaint", "category", "severity", "policy_ground", "offensive")
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
ENOUGH = 0.98
"""Part of the model's own quality in every field from which more is not asked (the project's goal)."""

GRAVE = ("high", "critical")
"""Severities that change who is asked and how soon; among the others, confusion is left to the person."""

OWN_WEIGHT = 2.0


@dataclass(frozen=True)
class Routed:
    """Unseen texts with the fast and the full answer to each (n × 39, by folds)."""

    texts: Sequence[TextInput]
    screened: Sequence[ScreenScores]
    rows: Sequence[Row]
    fast: Floats
    full: Floats

    def is_changed(self) -> npt.NDArray[np.bool_]:
        """Return for which texts the model changes a field that decides."""
        changed = np.zeros(len(self.texts), dtype=bool)
        for field in DECISIVE:
            columns = COLUMNS[field]
            changed |= self.fast[:, columns].argmax(1) != self.full[:, columns].argmax(1)
        at = column_of("complaint")
        return changed | ((self.fast[:, at] > 0) != (self.full[:, at] > 0))


def fit_router(routed: Routed, *, groups: Sequence[str], most: float) -> Router:
    """Return the router, its threshold at the smallest share that keeps the model's quality.

    `most` bounds the share of texts without a parent that go to the model.
    """
    features = np.stack(
        [
            read_features(text, one, row, groups=groups)
            for text, one, row in zip(routed.texts, routed.screened, routed.fast, strict=True)
        ]
    )
    weights = [OWN_WEIGHT if row.source.startswith("own-") else 1.0 for row in routed.rows]
    model = LogisticRegression(C=1.0, max_iter=500)
    changed = routed.is_changed()
    chances = cross_val_predict(
        model, features, changed, cv=5, method="predict_proba", params={"sample_weight": weights}
    )[:, 1]
    model.fit(features, changed, sample_weight=weights)
    router = Router(
        groups=tuple(groups),
        weights=model.coef_[0].astype(np.float32),
        bias=float(model.intercept_[0]),
        threshold=0.5,
    )
    return replace(router, threshold=_choose_threshold(routed, chances, most=most))


def _choose_threshold(routed: Routed, chances: Floats, *, most: float) -> float:
    whole = _quality(routed, np.ones(len(routed.texts), dtype=bool))
    for share in np.arange(0.1, most + 0.001, 0.025):
        threshold = float(np.quantile(chances, 1 - share))
        found = _quality(routed, chances >= threshold)
        if all(found[name] >= ENOUGH * value for name, value in whole.items()):
            return threshold
    return float(np.quantile(chances, 1 - most))


def measure_curve(routed: Routed, router: Router) -> list[dict[str, float]]:
    """Return quality by field for growing shares of texts that the model reads."""
    chances = router.rate(routed.texts, routed.screened, routed.fast)
    lines = []
    chosen = [float(np.quantile(chances, 1 - share)) if share else 2.0 for share in SHARES]
    for threshold in [*chosen, router.threshold]:
        asked = chances >= threshold
        figures = {name: round(value, 4) for name, value in _quality(routed, asked).items()}
        lines.append({"share": round(float(asked.mean()), 3), **figures})
    lines[-1]["is_default"] = 1.0
    return lines


def _quality(routed: Routed, asked: npt.NDArray[np.bool_]) -> Mapping[str, float]:
    """Return macro-F1 by field, the mean over sources, if the model reads the texts `asked`."""
    scores = np.where(asked[:, None], routed.full, routed.fast)
    figures: dict[str, float] = {}
    sources = np.array([row.source for row in routed.rows])
    for field in FIELDS:
        found = []
        for source in np.unique(sources).tolist():
            at = np.flatnonzero(sources == source)
            truth, guess = answer_rows(routed.rows, scores, at.tolist(), field=field)
            if field == "severity":
                truth, guess = _is_grave(truth), _is_grave(guess)
            if len(truth) >= 50 and len(set(truth)) > 1:
                found.append(f1_score(truth, guess, average="macro", zero_division=0))
        if found:
            figures[field] = float(np.mean(found))
    return figures


def _is_grave(labels: Sequence[str]) -> list[str]:
    return [str(label in GRAVE) for label in labels]
