"""A small engine that can be taught: it shows its tiers as the cascade does, and knows little."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from amends_engine.classifier import (
    Assessment,
    EngineName,
    LanguageGuess,
    TextInput,
    UnreadableText,
    require_readable,
)
from amends_engine.text.normalise import normalise_text
from amends_engine.triage.blend_fields import FIELDS, TIERS, Blend
from amends_engine.triage.compose import Tiers, compose
from amends_engine.triage.find import find_in_text
from amends_engine.triage.findings import Findings
from amends_engine.triage.golden import Golden, GoldenText
from amends_engine.triage.layout import WIDTH, column_of
from amends_engine.triage.scores import Floats, WordShares
from amends_engine.triage.signals import read_signals

DEPTH = 24
GROUPS = ("tr", "en", "xx")


@dataclass(frozen=True)
class FakeScores:
    """Numbers of one tier; words of the text speak for nothing but the complaint."""

    logits: Floats
    text: str
    language: LanguageGuess
    group: str
    findings: Findings
    vector: Floats

    @property
    def signals(self) -> Floats:
        return read_signals(self.findings)

    def word_shares(self) -> WordShares:
        spans: list[tuple[int, int]] = []
        place = 0
        for word in self.text.split()[:50]:
            start = self.text.index(word, place)
            place = start + len(word)
            spans.append((start, place))
        values = np.full((len(spans), WIDTH), 0.1, dtype=np.float32)
        return WordShares(spans, values)


@dataclass
class FakeCascade:
    """Takes everything for a business error of medium severity, but for a few words it knows.

    `known` maps a word to the label of a field that it speaks for. `is_fast` leaves the model out.
    """

    known: dict[str, tuple[str, str]] = field(
        default_factory=lambda: {
            "teşekkürler": ("category", "praise"),
            "thanks": ("category", "praise"),
            "kill": ("policy_ground", "threat"),
        }
    )
    sure_from: float = 0.6
    is_fast: bool = False
    fails_on: str = ""
    engine: EngineName = field(default_factory=lambda: EngineName("cascade", "2026.1.1"))
    seen: list[str] = field(default_factory=list)

    def assess(self, texts: Sequence[TextInput]) -> list[Assessment]:
        for text in texts:
            try:
                require_readable(text.text)
            except UnreadableText as error:
                raise UnreadableText(f"id {text.id}: {error}") from error
        return [
            compose(one, blend=self.blend_of(one), engine=self.engine) for one in self.score(texts)
        ]

    def score(self, texts: Sequence[TextInput]) -> list[Tiers]:
        return [self._score(text) for text in texts]

    def blend_of(self, tiers: Tiers) -> Blend:
        weights = np.zeros((len(GROUPS), len(TIERS), len(FIELDS)), dtype=np.float32)
        weights[:, :2] = 0.5 if tiers.model else 1.0
        return Blend(
            GROUPS,
            weights,
            np.zeros((len(GROUPS), WIDTH), dtype=np.float32),
            np.full((len(GROUPS), len(FIELDS)), self.sure_from, dtype=np.float32),
        )

    def _score(self, text: TextInput) -> Tiers:
        if self.fails_on and self.fails_on in text.text:
            raise RuntimeError("the model broke")
        self.seen.append(text.text)
        words = text.text[:2000].lower().split()
        logits = np.zeros(WIDTH, dtype=np.float32)
        logits[column_of("category", "business_error")] = 3.0
        logits[column_of("severity", "medium")] = 2.0
        logits[column_of("sentiment", "negative")] = 2.0
        logits[column_of("policy_ground", "none")] = 3.0
        logits[WIDTH - 9 :] = -3.0
        logits[column_of("complaint")] = 2.0
        for word in words:
            if word in self.known:
                logits[column_of(*self.known[word])] += 6.0
        code = "en" if "the" in words else "tr"
        findings = find_in_text(text.text, normalised=normalise_text(text.text), language=code)
        vector = sum((vector_of_word(word) for word in words), np.zeros(DEPTH, dtype=np.float32))
        made = FakeScores(
            logits, text.text, LanguageGuess(code, 0.9), code, findings, np.asarray(vector)
        )
        return Tiers(text, made, None if self.is_fast else made)


def vector_of_word(word: str) -> Floats:
    """A direction of its own for each word, always the same."""
    digest = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
    return np.frombuffer(digest[:DEPTH], dtype=np.uint8).astype(np.float32) / 127.5 - 1.0


def make_golden(texts: Sequence[tuple[str, dict[str, str | bool]]]) -> Golden:
    """A golden set of a test."""
    return Golden(
        "test",
        [
            GoldenText(TextInput(f"g-{number}", text), "tr", labels)
            for number, (text, labels) in enumerate(texts)
        ],
    )
