"""Fit one field of a workspace's head: a regression that starts from the blend and is held to it.

Numpy alone: the loss is strictly convex, so that plain gradient steps with momentum come to the
one answer there is, the same on every machine up to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amends_engine.triage.head import Wide
from amends_engine.triage.scores import Floats

Whole = npt.NDArray[np.int64]

PULL = 6.0
"""Strength of the pull to "no change": a label moves by one unit of log-odds only when several
people's corrections ask for it."""

MOST_STEPS = 400
SMALL_STEP = 1e-4


@dataclass(frozen=True, slots=True)
class FieldTask:
    """What teaches one field.

    `features` (n × f), `offsets` (n × labels) the blend's numbers, `wanted` (n) the right label,
    `moves` (labels) which labels were seen often enough to be moved. A truth has one column, and
    `wanted` is 0 or 1.
    """

    features: Wide
    offsets: Wide
    wanted: Whole
    moves: npt.NDArray[np.bool_]

    def only(self, chosen: npt.NDArray[np.bool_]) -> FieldTask:
        """Return the task of some of its texts."""
        return FieldTask(
            self.features[chosen], self.offsets[chosen], self.wanted[chosen], self.moves
        )


def fit_field(task: FieldTask, *, pull: float = PULL) -> Floats:
    """Return the weights (f × labels) that lower the loss of the texts, held to zero by `pull`."""
    features = task.features
    is_truth = task.offsets.shape[1] == 1
    weights = np.zeros((features.shape[1], task.offsets.shape[1]))
    if not len(features):
        return weights.astype(np.float32)
    steepest = float(np.linalg.eigvalsh(features.T @ features)[-1])
    curve = (0.25 if is_truth else 0.5) * steepest + pull
    ratio = np.sqrt(pull / curve)
    momentum = (1 - ratio) / (1 + ratio)
    ahead = weights.copy()
    for _ in range(MOST_STEPS):
        gradient = features.T @ _residuals(task, ahead) + pull * ahead
        gradient[:, ~task.moves] = 0.0
        step = gradient / curve
        moved = ahead - step
        ahead = moved + momentum * (moved - weights)
        weights = moved
        if float(np.abs(step).max()) < SMALL_STEP:
            break
    return weights.astype(np.float32)


def _residuals(task: FieldTask, weights: Wide) -> Wide:
    """The chances that the weights give, less what people said (n × labels)."""
    scores = task.offsets + task.features @ weights
    if scores.shape[1] == 1:
        chances = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
        return np.asarray(chances - task.wanted[:, None], dtype=np.float64)
    scores = scores - scores.max(axis=1, keepdims=True)
    chances = np.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    chances[np.arange(len(chances)), task.wanted] -= 1.0
    return np.asarray(chances, dtype=np.float64)
