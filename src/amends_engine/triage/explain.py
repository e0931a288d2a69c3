"""Turn weights and rules into spans of the text as given, so that a person sees why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from amends_engine.classifier import LanguageGuess, Reason, TextInput
from amends_engine.text.normalise import Normalised
from amends_engine.triage.judge import Findings, Judgement
from amends_engine.triage.rulebook import CUES

MOST_SPANS = 3
SMALLEST_SHARE = 0.08
"""Log-odds that a chunk must add to be shown."""


@dataclass(frozen=True, slots=True)
class ScoredText:
    """A text with its scores by column and the share of each chunk in them."""

    text: TextInput
    normalised: Normalised
    language: LanguageGuess
    group: str
    scores: npt.NDArray[np.float64]
    shares: npt.NDArray[np.float64]
    chunk_starts: npt.NDArray[Any]
    chunk_ends: npt.NDArray[Any]


def explain_chunks(
    scored: ScoredText, field: str, *, shares: npt.NDArray[np.float64]
) -> list[Reason]:
    """Return the chunks that spoke most for a field, neighbours joined, in order of the text."""
    strongest = np.argsort(-shares, kind="stable")[:MOST_SPANS]
    chosen = sorted(int(at) for at in strongest if shares[at] >= SMALLEST_SHARE)
    joined: list[list[int]] = []
    for at in chosen:
        if joined and joined[-1][1] == at - 1:
            joined[-1][1] = at
        else:
            joined.append([at, at])
    reasons = []
    for first, last in joined:
        start, end = scored.normalised.span(
            int(scored.chunk_starts[first]), int(scored.chunk_ends[last])
        )
        start, end = _trim(scored.text.text, start, end)
        reasons.append(Reason(field, start, end, scored.text.text[start:end], "screen"))
    return reasons


def explain_rules(text: str, *, findings: Findings, judgement: Judgement) -> list[Reason]:
    """Return the spans of the rules that spoke for what was decided."""
    decided = {
        "category": judgement.category.label,
        "severity": judgement.severity.label,
        "policy_ground": judgement.policy_ground.label,
    }
    reasons = []
    for match in findings.matches:
        rule = match.rule
        field = _field_shown(rule.field, judgement=judgement)
        if field is None or decided.get(rule.field, rule.label) != rule.label:
            continue
        span = text[match.start : match.end]
        reasons.append(Reason(field, match.start, match.end, span, rule.id))
    for datum in findings.personal_data:
        span = text[datum.start : datum.end]
        source = f"personal-data-{datum.kind}"
        reasons.append(Reason("personal_data", datum.start, datum.end, span, source))
    return reasons


def _field_shown(field: str, *, judgement: Judgement) -> str | None:
    """Return the field for which a rule is shown, None for cues that decided nothing."""
    if field == "anger":
        return "arousal" if judgement.arousal.label == "high" else None
    if field in ("insult", "you"):
        is_ground = judgement.policy_ground.label == "profanity_targeted"
        return "policy_ground" if is_ground else None
    if field == "asks":
        return "question" if judgement.flags["question"] else None
    return None if field in CUES else field


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = start, end
    while first < last and not text[first].isalnum():
        first += 1
    while last > first and not text[last - 1].isalnum():
        last -= 1
    return (first, last) if first < last else (start, end)


def spans_are_exact(reasons: Sequence[Reason], *, text: str) -> bool:
    """Return whether each reason's words stand where it says."""
    return all(text[reason.start : reason.end] == reason.text for reason in reasons)
