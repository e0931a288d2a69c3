"""What a tier says of one text before anything is decided: numbers in the common layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from amends_engine.classifier import LanguageGuess
from amends_engine.triage.findings import Findings
from amends_engine.triage.layout import COLUMNS

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordShares:
    """How much each word spoke for each column.

    `spans` are code points of the text as given, end exclusive, in order; `values` has a row for
    each of them and a column for each of the layout.
    """

    spans: Sequence[tuple[int, int]]
    values: Floats


class Scores(Protocol):
    """One tier's numbers for one text: `logits` in the layout, and the words behind them."""

    @property
    def logits(self) -> Floats: ...

    def word_shares(self) -> WordShares: ...


class ScreenScores(Scores, Protocol):
    """What the screen says: always there, language and rules included."""

    @property
    def language(self) -> LanguageGuess: ...

    @property
    def group(self) -> str: ...

    @property
    def findings(self) -> Findings: ...

    @property
    def signals(self) -> Floats:
        """The findings as numbers in the layout (signals.py)."""
        ...


def normalise_choices(logits: Floats) -> Floats:
    """Return the logits (last axis in the layout) with each choice as log-probabilities."""
    answer = np.array(logits, dtype=np.float32)
    for columns in COLUMNS.values():
        part = answer[..., columns]
        part = part - part.max(axis=-1, keepdims=True)
        answer[..., columns] = part - np.log(np.exp(part).sum(axis=-1, keepdims=True))
    return answer
