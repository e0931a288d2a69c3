"""Blend the complaint head with sentiment and rules, for languages with few complaints to learn.

Where only some hundred examples exist, the head alone has seen too little; a handful of weights,
fitted on texts that the heads did not see, adds what the tone and the named issue say.
"""

from __future__ import annotations

from collections.abc import Mapping

from amends_engine.triage.judge import Findings

LIMIT = 6.0
"""Log-odds beyond which a head is taken no more seriously."""

BIAS = "bias"


def complaint_signals(scores: Mapping[str, float], findings: Findings) -> dict[str, float]:
    """Return what the blend weighs: three heads' log-odds and what the rules found."""
    is_asked = findings.has("asks") or findings.has_question_mark
    return {
        "complaint": _limit(scores["complaint"]),
        "neutral": _limit(scores["neutral"]),
        "polarity": _limit(scores["polarity"]),
        "issue": float(findings.has("issue")),
        "asks": float(is_asked),
        "anger": float(findings.has("anger") or findings.exclamations >= 2),
        "trouble": float(findings.has("trouble")),
        "grave": float(findings.has("safety") or findings.has("legal_threat")),
        "withdrawn": float(findings.has("praise")),
        "unwanted": float(findings.has("policy_ground")),
    }


def blend_complaint(weights: Mapping[str, float], *, signals: Mapping[str, float]) -> float:
    """Return the blended log-odds."""
    return weights[BIAS] + sum(weights[name] * value for name, value in signals.items())


def _limit(score: float) -> float:
    return max(-LIMIT, min(LIMIT, score))
