"""The screen: a fast linear classifier for language, sentiment, complaint and offence, with rules.

It reads the text alone (not the parent), knows no sarcasm, and marks as sure only what was right
often enough on texts that it had not seen (`thresholds` in the manifest).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amends_engine.artefacts.read import Artefact, ArtefactError, latest_artefact, read_artefact
from amends_engine.classifier import (
    UNDETERMINED,
    Assessment,
    EngineName,
    Label,
    LanguageGuess,
    Reason,
    TextInput,
    Truth,
    UnreadableText,
    require_readable,
)
from amends_engine.text.normalise import Normalised, normalise_text
from amends_engine.triage.blend import blend_complaint, complaint_signals
from amends_engine.triage.explain import ScoredText, explain_chunks, explain_rules
from amends_engine.triage.features import FeatureShape, Occurrences, hash_texts
from amends_engine.triage.find import find_in_text
from amends_engine.triage.heads import (
    Floats,
    Head,
    logistic,
    occurrence_norms,
    score_head,
    sentiment_probabilities,
    softmax,
)
from amends_engine.triage.judge import LIKELY, Findings, Learned, judge_text

BATCH = 1000
SURE_LANGUAGE = 0.5
"""Probability below which the language is `und`."""

HINT_NEEDS = 0.05
"""A hint of the caller is believed if the text gives its language at least this probability."""

_NEVER = 2.0
HINT_SUFFICES = 12
"""Letters below which a text says too little of its language to speak against a hint."""

CLASSES = ("negative", "neutral", "positive")
POOLED = "xx"


@dataclass(frozen=True, slots=True)
class _Batch:
    texts: Sequence[TextInput]
    normalised: Sequence[Normalised]
    occurrences: Occurrences
    norms: Floats


class Screen:
    """Satisfies `amends_engine.classifier.Classifier`."""

    def __init__(self, artefact: Artefact) -> None:
        """Take the weights; raise ArtefactError if the artefact is no screen."""
        manifest, arrays = artefact.manifest, artefact.arrays
        try:
            self.engine = EngineName(name="screen", version=str(manifest["version"]))
            self._languages: tuple[str, ...] = tuple(manifest["languages"])
            self._groups: tuple[str, ...] = tuple(manifest["groups"])
            self._columns: tuple[str, ...] = tuple(manifest["columns"])
            self._thresholds: dict[str, float] = dict(manifest["thresholds"])
            self._shape = FeatureShape(
                char_bits=manifest["input"]["char_bits"], word_bits=manifest["input"]["word_bits"]
            )
            self._blend: dict[str, float] = dict(manifest["blend"]["weights"])
            self._blend_groups: tuple[str, ...] = tuple(manifest["blend"]["groups"])
            self._rarity = arrays["rarity"]
            self._language = _head(arrays, "language")
            stacked = _head(arrays, "fields")
        except KeyError as error:
            raise ArtefactError(
                f"{artefact.folder} is no screen: {error} is missing. Install amends again."
            ) from error
        self._heads = [
            Head(stacked.weights[at], stacked.scales[at], stacked.biases[at])
            for at in range(len(self._groups))
        ]

    def assess(self, texts: Sequence[TextInput]) -> list[Assessment]:
        """Return one assessment per text, in order; raise UnreadableText naming the id."""
        for text in texts:
            try:
                require_readable(text.text)
            except UnreadableText as error:
                raise UnreadableText(f"id {text.id}: {error}") from error
        answers: list[Assessment] = []
        for start in range(0, len(texts), BATCH):
            answers += self._assess_batch(texts[start : start + BATCH])
        return answers

    def _assess_batch(self, texts: Sequence[TextInput]) -> list[Assessment]:
        normalised = [normalise_text(text.text) for text in texts]
        occurrences = hash_texts([text.text for text in normalised], shape=self._shape)
        norms = occurrence_norms(occurrences, rarity=self._rarity, shape=self._shape)
        batch = _Batch(texts, normalised, occurrences, norms)
        guesses, groups = self._guess_languages(batch)
        rows, chunks = self._score_fields(batch, groups)
        bounds = np.searchsorted(occurrences.chunk_rows, np.arange(len(texts) + 1))
        return [
            self._assess_row(
                ScoredText(
                    text=texts[at],
                    normalised=normalised[at],
                    language=guesses[at],
                    group=self._groups[groups[at]],
                    scores=rows[at],
                    shares=chunks[bounds[at] : bounds[at + 1]],
                    chunk_starts=occurrences.chunk_starts[bounds[at] : bounds[at + 1]],
                    chunk_ends=occurrences.chunk_ends[bounds[at] : bounds[at + 1]],
                )
            )
            for at in range(len(texts))
        ]

    def _guess_languages(self, batch: _Batch) -> tuple[list[LanguageGuess], npt.NDArray[np.int64]]:
        scores = score_head(self._language, occurrences=batch.occurrences, norms=batch.norms)
        probabilities = softmax(scores.rows)
        guesses, groups = [], []
        for text, normalised, row in zip(batch.texts, batch.normalised, probabilities, strict=True):
            guess = self._guess_language(row, text=normalised.text, hint=text.lang)
            guesses.append(guess)
            code = guess.code if guess.code in self._groups else POOLED
            groups.append(self._groups.index(code))
        return guesses, np.array(groups, dtype=np.int64)

    def _guess_language(self, row: Floats, *, text: str, hint: str | None) -> LanguageGuess:
        best = int(row.argmax())
        code, score = self._languages[best], round(float(row[best]), 4)
        hinted = (hint or "").replace("_", "-").partition("-")[0].lower()
        if hinted != POOLED and hinted in self._groups:
            given = float(row[self._languages.index(hinted)])
            is_short = sum(char.isalpha() for char in text[:100]) < HINT_SUFFICES
            if given >= HINT_NEEDS or is_short:
                return LanguageGuess(hinted, round(given, 4))
        if not any(char.isalpha() for char in text):
            return LanguageGuess(UNDETERMINED, score)
        if code not in self._groups or score < SURE_LANGUAGE:
            return LanguageGuess(UNDETERMINED, score)
        return LanguageGuess(code, score)

    def _score_fields(self, batch: _Batch, groups: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
        found = batch.occurrences
        rows = np.zeros((found.row_count, len(self._columns)))
        chunks = np.zeros((len(found.chunk_rows), len(self._columns)))
        of_occurrence, of_chunk = groups[found.rows], groups[found.chunk_rows]
        for group in np.unique(groups).tolist():
            at = np.flatnonzero(of_occurrence == group)
            scores = score_head(self._heads[group], occurrences=found, norms=batch.norms, at=at)
            rows[groups == group] = scores.rows[groups == group]
            chunks[of_chunk == group] = scores.chunks[of_chunk == group]
        return rows, chunks

    def _assess_row(self, scored: ScoredText) -> Assessment:
        column = self._columns.index
        neutral, polarity = scored.scores[column("neutral")], scored.scores[column("polarity")]
        probabilities = sentiment_probabilities(np.array([neutral]), np.array([polarity]))[0]
        best = int(probabilities.argmax())
        sentiment = self._label(scored, CLASSES[best], float(probabilities[best]))
        findings = find_in_text(
            scored.text.text, normalised=scored.normalised, language=scored.language.code
        )
        learned = Learned(
            sentiment=sentiment.label,
            complaint=float(logistic(self._complaint_odds(scored, findings))),
            offensive=float(logistic(scored.scores[column("offensive")])),
        )
        complaint = self._truth(scored, learned.complaint)
        judgement = judge_text(findings, learned=learned)
        return Assessment(
            id=scored.text.id,
            language=scored.language,
            sentiment=sentiment,
            complaint=complaint,
            category=judgement.category,
            severity=judgement.severity,
            arousal=judgement.arousal,
            policy_ground=judgement.policy_ground,
            engine=self.engine,
            flags=judgement.flags,
            flag_scores=judgement.flag_scores,
            reasons=(
                *self._explain(scored, learned=learned),
                *explain_rules(scored.text.text, findings=findings, judgement=judgement),
            ),
        )

    def _complaint_odds(self, scored: ScoredText, findings: Findings) -> float:
        by_column = dict(zip(self._columns, scored.scores.tolist(), strict=True))
        if scored.group not in self._blend_groups:
            return float(by_column["complaint"])
        return blend_complaint(self._blend, signals=complaint_signals(by_column, findings))

    def _explain(self, scored: ScoredText, *, learned: Learned) -> Iterator[Reason]:
        column = self._columns.index
        if learned.sentiment != "neutral":
            sign = 1.0 if learned.sentiment == "positive" else -1.0
            shares = scored.shares[:, column("polarity")] * sign
            yield from explain_chunks(scored, "sentiment", shares=shares)
        for field, is_shown in (
            ("complaint", learned.is_complaint),
            ("offensive", learned.is_offensive),
        ):
            if is_shown:
                yield from explain_chunks(scored, field, shares=scored.shares[:, column(field)])

    def _label(self, scored: ScoredText, label: str, score: float) -> Label:
        is_sure = self._is_sure("sentiment", scored, score=score)
        return Label(label, round(score, 4), sure=is_sure)

    def _truth(self, scored: ScoredText, yes: float) -> Truth:
        score = max(yes, 1 - yes)
        is_sure = self._is_sure("complaint", scored, score=score)
        return Truth(yes >= LIKELY, round(score, 4), sure=is_sure)

    def _is_sure(self, field: str, scored: ScoredText, *, score: float) -> bool:
        # Pooled weights were never measured on the language at hand: a person decides.
        if scored.group == POOLED:
            return False
        return score >= self._thresholds.get(f"{field}/{scored.group}", _NEVER)


def _head(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Head:
    return Head(
        weights=arrays[f"{name}_weights"],
        scales=arrays[f"{name}_scales"],
        biases=arrays[f"{name}_biases"],
    )


@cache
def load_screen(folder: Path | None = None) -> Screen:
    """Return the shipped screen (or the one in `folder`), loaded once for each process.

    Raises ArtefactError if it is missing, altered, or made for another version.
    """
    return Screen(read_artefact(folder or latest_artefact("screen")))
