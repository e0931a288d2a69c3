"""Decide which texts the screen may answer alone.

One logistic regression, learned on texts that neither tier was trained on: how likely is it that
the model would change any of the fields that decide (sentiment, complaint, category, severity,
ground)? It sees how certain the screen is of each, the language, the length, whether the text
answers another one, and whether rules spoke. Texts above the threshold go to the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from amends_engine.classifier import TextInput
from amends_engine.triage.layout import COLUMNS, column_of
from amends_engine.triage.scores import Floats, ScreenScores

DECISIVE = ("sentiment", "category", "severity", "policy_ground")
ALWAYS = -1.0
"""A threshold below every probability: all texts go to the model."""


@dataclass(frozen=True, slots=True)
class Router:
    """Weights over the features, and the probability from which a text goes to the model."""

    groups: Sequence[str]
    weights: Floats
    bias: float
    threshold: float

    def chances(self, features: Floats) -> Floats:
        """Return for each row of `features` how likely the model would change something."""
        odds = features @ self.weights + self.bias
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)

    def rate(
        self, texts: Sequence[TextInput], screened: Sequence[ScreenScores], blended: Floats
    ) -> Floats:
        """Return how likely each text needs the model; `blended` is the fast blend's (n × 39).

        1 for a text with a parent: what it answers is known to the model alone.
        """
        features = np.stack(
            [
                read_features(text, one, row, groups=self.groups)
                for text, one, row in zip(texts, screened, blended, strict=True)
            ]
        )
        chances = self.chances(features)
        return np.where([bool(text.parent) for text in texts], np.float32(1), chances)


def read_features(
    text: TextInput, screened: ScreenScores, blended: Floats, *, groups: Sequence[str]
) -> Floats:
    """Return what the router sees of one text."""
    certain = []
    for field in DECISIVE:
        part = np.sort(np.exp(blended[COLUMNS[field]]))
        certain += [part[-1], part[-1] - part[-2]]
    odds = abs(float(blended[column_of("complaint")]))
    negative = float(np.exp(blended[column_of("sentiment", "negative")]))
    signals = screened.signals
    words = screened.findings.word_count
    numbers = [
        *certain,
        min(odds, 6.0) / 6.0,
        negative,
        min(words, 60) / 60,
        float(words <= 3),
        float(signals[COLUMNS["policy_ground"]].max() > 0),
        float(signals.max() > 0),
        screened.language.score,
        *(float(screened.group == group) for group in groups),
    ]
    return np.array(numbers, dtype=np.float32)


def read_router(arrays: Mapping[str, Floats], *, groups: Sequence[str]) -> Router:
    """Return the router from an artefact's arrays."""
    return Router(
        groups=tuple(groups),
        weights=arrays["router_weights"],
        bias=float(arrays["router_bias"]),
        threshold=float(arrays["router_threshold"]),
    )
