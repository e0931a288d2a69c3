"""Make an assessment of blended numbers: consistent labels, what is sure, and the words behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from amends_engine.classifier import (
    FLAGS,
    Assessment,
    EngineName,
    Label,
    Reason,
    TextInput,
    Truth,
)
from amends_engine.triage.blend_fields import Blend
from amends_engine.triage.findings import Findings
from amends_engine.triage.layout import CHOICES, COLUMNS, column_of
from amends_engine.triage.reasons import explain_findings, explain_words
from amends_engine.triage.reconcile import Combination, choose_combination
from amends_engine.triage.scores import Floats, Scores, ScreenScores
from amends_engine.triage.signals import VALID_DATUM

QUIET = {
    "sentiment": ("neutral",),
    "severity": ("low",),
    "policy_ground": ("none",),
    "category": (),
}
"""Fields whose words are shown, but for labels that no word speaks for."""

DATUM_SCORE = 0.97
"""Least probability of personal data that a check digit or a written form confirms."""

GROUND_FLOOR = 0.65
"""Probability of conduct below which a text has no ground: when in doubt, it is speech. Measured on
our own held-out texts (2026-11-25): at .65 criticism gets a ground in 15 of 1,000 cases, at .5 in
24, and act-or-none stays at .88 macro-F1."""

GROUND_FLOOR_BY_RULE, GROUND_FLOOR_IN_DOUBT = 0.3, 0.85
"""The same where a rule found conduct; and where none did, but rules found a complaint, or the words
are not offensive though the ground would be hate or insult (who merely names a group is no hater)."""

LEANINGS = {("severity", "high"): 1.1, ("severity", "critical"): 1.1, ("safety", ""): 1.0}
"""Log-odds by which an answer leans to the graver side: who overlooks a danger pays more than who looks
twice. Measured on our own held-out texts (2026-11-26): recall of high and critical rises from .69 to .83
and of safety from .55 to .70 with the same F1."""

RULE_ADDS, ADDED = 0.7, 0.05
"""Score from which a rule sets its flag whatever the tiers say, and its log-odds then at least."""

ADDED_FLAGS = ("legal_threat", "safety", "self_harm", "minor")

GROUNDS = tuple(label for label in CHOICES["policy_ground"] if label != "none")
SPOKEN_GROUNDS = ("hate", "profanity_targeted")
"""Grounds that lie in words alone; never sure without a rule, since a name can sound like hate."""


@dataclass(frozen=True, slots=True)
class Tiers:
    """What each tier says of one text; `model` is None where the screen answers alone."""

    text: TextInput
    screen: ScreenScores
    model: Scores | None = None


def compose(tiers: Tiers, *, blend: Blend, engine: EngineName) -> Assessment:
    """Return the assessment of one text."""
    screen = tiers.screen
    signals = screen.signals
    scores = blend.combine(
        group=screen.group,
        screen=screen.logits,
        rules=signals,
        model=None if tiers.model is None else tiers.model.logits,
    )
    _confirm_personal_data(scores, signals)
    believed = scores.copy()
    _lean_to_the_grave(scores)
    _add_flags(scores, signals)
    _doubt_grounds(scores, floor=_ground_floor(scores, screen.findings, signals))
    flag_scores = _score_flags(scores)
    flags = {name: flag_scores[name] >= 0.5 for name in FLAGS if name != "vague"}
    chosen = choose_combination(scores, least_severity=_least_severity(flags))
    flags["vague"] = chosen.category == "vague"
    labels = _choose_labels(scores, chosen)
    guesses = {
        field: Label(
            label,
            _chance(believed, field, label),
            sure=_is_sure(believed, field, label, tiers, blend)
            and not (label in SPOKEN_GROUNDS and signals[column_of(field, label)] == 0),
        )
        for field, label in labels.items()
    }
    complaint = _truth(scores, chosen.complaint, tiers=tiers, blend=blend)
    return Assessment(
        id=tiers.text.id,
        language=screen.language,
        sentiment=guesses["sentiment"],
        complaint=complaint,
        category=guesses["category"],
        severity=guesses["severity"],
        arousal=guesses["arousal"],
        policy_ground=guesses["policy_ground"],
        engine=engine,
        flags={name: flags[name] for name in FLAGS},
        flag_scores=flag_scores,
        reasons=tuple(_explain(tiers, labels, flags, chosen)),
    )


def _confirm_personal_data(scores: Floats, signals: Floats) -> None:
    """A number with right check digits is a fact, not a guess."""
    at = column_of("personal_data")
    if signals[at] >= VALID_DATUM:
        scores[at] = max(float(scores[at]), float(np.log(DATUM_SCORE / (1 - DATUM_SCORE))))


def _lean_to_the_grave(scores: Floats) -> None:
    for (field, label), odds in LEANINGS.items():
        scores[column_of(field, label) if label else column_of(field)] += odds


def _add_flags(scores: Floats, signals: Floats) -> None:
    """Rules add flags; the words that they point at stand among the reasons."""
    for name in ADDED_FLAGS:
        at = column_of(name)
        if signals[at] >= RULE_ADDS:
            scores[at] = max(float(scores[at]), ADDED)


def _ground_floor(scores: Floats, findings: Findings, signals: Floats) -> float:
    if signals[COLUMNS["policy_ground"]].max() > 0:
        return GROUND_FLOOR_BY_RULE
    names_a_fault = findings.has("issue") or findings.has("trouble")
    grounds = {label: scores[column_of("policy_ground", label)] for label in GROUNDS}
    likeliest = max(grounds, key=grounds.__getitem__)
    is_soft = likeliest in SPOKEN_GROUNDS and scores[column_of("offensive")] < 0
    return GROUND_FLOOR_IN_DOUBT if names_a_fault or is_soft else GROUND_FLOOR


def _doubt_grounds(scores: Floats, *, floor: float) -> None:
    """Take every ground away unless conduct is more likely than speech.

    The sum over all grounds decides, not the single strongest one, and the sentiment is not asked.
    """
    columns = COLUMNS["policy_ground"]
    none = column_of("policy_ground", "none")
    if 1 - float(np.exp(scores[none])) >= floor:
        scores[none] = -np.inf
    else:
        kept = scores[none]
        scores[columns] = -np.inf
        scores[none] = kept


def _score_flags(scores: Floats) -> dict[str, float]:
    chances = {
        name: _probability(float(scores[column_of(name)])) for name in FLAGS if name != "vague"
    }
    chances["vague"] = _chance(scores, "category", "vague")
    return {name: chances[name] for name in FLAGS}


def _least_severity(flags: Mapping[str, bool]) -> str:
    if flags["self_harm"]:
        return "critical"
    return "high" if flags["legal_threat"] or flags["safety"] else "low"


def _choose_labels(scores: Floats, chosen: Combination) -> dict[str, str]:
    def best(field: str) -> str:
        return CHOICES[field][int(scores[COLUMNS[field]].argmax())]

    is_calm = chosen.category in ("praise", "spam")
    return {
        "sentiment": best("sentiment"),
        "category": chosen.category,
        "severity": chosen.severity,
        "arousal": "low" if is_calm else best("arousal"),
        "policy_ground": chosen.policy_ground,
    }


def _chance(scores: Floats, field: str, label: str) -> float:
    columns = COLUMNS[field]
    part = scores[columns]
    chances = np.exp(part - part.max())
    return round(float(chances[CHOICES[field].index(label)] / chances.sum()), 4)


def _probability(odds: float) -> float:
    return round(float(1 / (1 + np.exp(-odds))), 4)


def _is_sure(scores: Floats, field: str, label: str, tiers: Tiers, blend: Blend) -> bool:
    return _chance(scores, field, label) >= blend.threshold(field, group=tiers.screen.group)


def _truth(scores: Floats, is_true: bool, *, tiers: Tiers, blend: Blend) -> Truth:  # noqa: FBT001
    chance = _probability(float(scores[column_of("complaint")]))
    score = round(chance if is_true else 1 - chance, 4)
    sure = score >= blend.threshold("complaint", group=tiers.screen.group)
    return Truth(is_true, score, sure)


def _explain(
    tiers: Tiers,
    labels: Mapping[str, str],
    flags: Mapping[str, bool],
    chosen: Combination,
) -> Iterator[Reason]:
    """Yield the words that spoke for what was decided, then the rules that did."""
    source = "screen" if tiers.model is None else "model"
    shares = (tiers.model or tiers.screen).word_shares()
    for field, quiet in QUIET.items():
        if labels[field] not in quiet:
            column, columns = column_of(field, labels[field]), COLUMNS[field]
            yield from explain_words(
                tiers.text.text, shares, field=field, column=column, against=columns, source=source
            )
    for field in ("complaint", *(name for name, is_set in flags.items() if is_set)):
        is_shown = chosen.complaint if field == "complaint" else field != "vague"
        if is_shown:
            yield from explain_words(
                tiers.text.text, shares, field=field, column=column_of(field), source=source
            )
    yield from explain_findings(tiers.text.text, tiers.screen.findings, labels=labels, flags=flags)
