"""Blend what model, screen and rules say of a text into one calibrated probability per label.

For each field and language: a weight for each tier and a bias for each label, learned on texts
that neither tier was trained on (training/blend_fields.py). Choices are blended as
log-probabilities and normalised again, truths as log-odds: a logistic regression with few
parameters, so that its probabilities can be believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amends_engine.triage.layout import CHOICES, COLUMNS, TRUTHS, TRUTHS_AT, WIDTH
from amends_engine.triage.scores import normalise_choices

Floats = npt.NDArray[np.float32]

FIELDS = (*CHOICES, *TRUTHS)
TIERS = ("model", "screen", "rules")
NEVER = 2.0
"""A threshold that no probability reaches."""

BOUND = 12.0
"""Log-odds beyond which a tier's certainty is not believed."""


@dataclass(frozen=True, slots=True)
class Blend:
    """Weights of one mode.

    `tiers` (groups × 3 × 13): the weight of each tier for each field. `biases` (groups × 39).
    `sure` (groups × 13): the probability from which a label may stand without a person.
    """

    groups: Sequence[str]
    tiers: Floats
    biases: Floats
    sure: Floats

    def combine(
        self, *, group: str, screen: Floats, rules: Floats, model: Floats | None = None
    ) -> Floats:
        """Return the blended numbers: log-probabilities of choices, log-odds of truths."""
        at = self.groups.index(group)
        weights = self.tiers[at][:, _FIELD_OF_COLUMN]
        total = self.biases[at] + weights[1] * prepare_tier(screen) + weights[2] * rules
        if model is not None:
            total = total + weights[0] * prepare_tier(model)
        return normalise_choices(total)

    def threshold(self, field: str, *, group: str) -> float:
        """Return the probability from which the field is sure in a language; NEVER if none."""
        return float(self.sure[self.groups.index(group), FIELDS.index(field)])


def prepare_tier(logits: Floats) -> Floats:
    """Return a tier's numbers as they are blended: choices normalised, nothing beyond belief."""
    return np.clip(normalise_choices(logits), -BOUND, BOUND)


def _field_of_column() -> npt.NDArray[np.int64]:
    columns = np.zeros(WIDTH, dtype=np.int64)
    for number, field in enumerate(CHOICES):
        columns[COLUMNS[field]] = number
    columns[TRUTHS_AT:] = np.arange(len(TRUTHS)) + len(CHOICES)
    return columns


_FIELD_OF_COLUMN = _field_of_column()


def read_blend(arrays: Mapping[str, Floats], *, mode: str, groups: Sequence[str]) -> Blend:
    """Return the blend of a mode (`full` or `fast`) from an artefact's arrays."""
    return Blend(
        groups=tuple(groups),
        tiers=arrays[f"{mode}_tiers"],
        biases=arrays[f"{mode}_biases"],
        sure=arrays[f"{mode}_sure"],
    )
