"""Say in which language a text is written, among those that a desk allows; `und` when unsure.

The head knows more languages than it may answer: what looks like a neighbour (Malay beside
Indonesian, Danish beside Dutch) takes probability away instead of being forced into one of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amends_engine.classifier import UNDETERMINED, LanguageGuess
from amends_engine.triage.heads import Floats, Table, softmax

LANGUAGES = ("en", "tr", "id", "ru", "nl")
"""What is answered unless a caller allows other languages."""

SURE_LANGUAGE = 0.5
"""Probability below which the language is `und`."""

HINT_NEEDS = 0.05
"""A hint of the caller is believed if the text gives its language at least this probability."""

HINT_SUFFICES = 12
"""Letters below which a text says too little of its language to speak against a hint."""


@dataclass(frozen=True, slots=True)
class LanguageHead:
    """Weights for the words (columns in the order of `codes`), and the bias of each language."""

    codes: tuple[str, ...]
    allowed: tuple[str, ...]
    words: Table
    biases: Floats

    def probabilities(self, scores: Floats) -> Floats:
        """Return the probability of every known language (texts × codes)."""
        return softmax(scores + self.biases)

    def choose(
        self, chances: Floats, *, texts: Sequence[str], hints: Sequence[str | None]
    ) -> list[LanguageGuess]:
        """Return the guess for each text, from its probabilities and the hint of the caller."""
        places = [self.codes.index(code) for code in self.allowed]
        among = chances[:, places]
        best = among.argmax(axis=1).tolist()
        scores = among.max(axis=1).tolist()
        guesses = []
        for row, text in enumerate(texts):
            score = round(scores[row], 4)
            code = self.allowed[best[row]]
            hinted = self._read_hint(hints[row])
            if hinted is not None:
                given = float(chances[row, self.codes.index(hinted)])
                if given >= HINT_NEEDS or _is_short(text):
                    guesses.append(LanguageGuess(hinted, round(given, 4)))
                    continue
            if score < SURE_LANGUAGE or not any(map(str.isalpha, text)):
                code = UNDETERMINED
            guesses.append(LanguageGuess(code, score))
        return guesses

    def _read_hint(self, hint: str | None) -> str | None:
        if not hint:
            return None
        code = hint.replace("_", "-").partition("-")[0].lower()
        return code if code in self.allowed else None


def _is_short(text: str) -> bool:
    return sum(map(str.isalpha, text[:100])) < HINT_SUFFICES
