"""Turn shares of words and rules into spans of the text as given, so that a person sees why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from amends_engine.classifier import FLAGS, Reason
from amends_engine.triage.findings import Findings
from amends_engine.triage.rulebook import CUES
from amends_engine.triage.scores import WordShares

MOST_SPANS = 3
PART = 0.45
"""Share of the strongest word from which another word is shown beside it."""

LEAST = 0.02
"""Log-odds that a word must add to be shown at all."""


def explain_words(
    text: str,
    shares: WordShares,
    *,
    field: str,
    column: int,
    source: str,
    against: slice | None = None,
) -> Iterator[Reason]:
    """Yield the words that spoke most for `column`, neighbours joined, in order of the text.

    For a choice, `against` are the columns of all its labels: what speaks for every label alike
    is no reason.
    """
    values = shares.values[:, column].astype(np.float64)
    if against is not None:
        values = values - shares.values[:, against].mean(axis=1)
    strongest = np.argsort(-values, kind="stable")[:MOST_SPANS]
    least = max(LEAST, PART * float(values[strongest[0]])) if len(strongest) else LEAST
    chosen = sorted(int(at) for at in strongest if values[at] >= least)
    joined: list[tuple[int, int, int]] = []
    for at in chosen:
        start, end = shares.spans[at]
        if joined and joined[-1][2] == at - 1:
            joined[-1] = (joined[-1][0], end, at)
        else:
            joined.append((start, end, at))
    for start, end, _ in joined:
        first, last = trim_span(text, start, end)
        yield Reason(field, first, last, text[first:last], source)


def explain_findings(
    text: str, findings: Findings, *, labels: Mapping[str, str], flags: Mapping[str, bool]
) -> Iterator[Reason]:
    """Yield the spans of the rules that agree with what was decided, and of personal data."""
    for match in findings.matches:
        field = _field_shown(match.rule.field, match.rule.label, labels=labels, flags=flags)
        if field is not None:
            span = text[match.start : match.end]
            yield Reason(field, match.start, match.end, span, match.rule.id)
    for datum in findings.personal_data:
        span = text[datum.start : datum.end]
        source = f"personal-data-{datum.kind}"
        yield Reason("personal_data", datum.start, datum.end, span, source)


def _field_shown(
    field: str, label: str, *, labels: Mapping[str, str], flags: Mapping[str, bool]
) -> str | None:
    """Return the field for which a rule is shown, None for one that decided nothing."""
    if field == "anger":
        return "arousal" if labels["arousal"] == "high" else None
    if field in ("insult", "you"):
        is_ground = labels["policy_ground"] == "profanity_targeted"
        return "policy_ground" if is_ground else None
    if field == "asks":
        return "question" if flags["question"] else None
    if field in CUES:
        return None
    if field in FLAGS:
        return field
    return field if labels.get(field) == label else None


def trim_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without marks at its ends, unless it holds nothing else."""
    first, last = start, end
    while first < last and not text[first].isalnum():
        first += 1
    while last > first and not text[last - 1].isalnum():
        last -= 1
    return (first, last) if first < last else (start, end)
