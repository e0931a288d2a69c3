"""Judge the fields that nothing was trained for, from rules and from what the heads say.

Policy grounds come from rules about conduct alone: no function here that finds a ground is given
the sentiment, so that criticism can never become one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amends_engine.classifier import FLAGS, Label
from amends_engine.text.personal_data import PersonalDatum
from amends_engine.triage.rulebook import Match

SHORT_TEXT = 14
"""Words up to which a complaint without a named issue counts as vague."""

CAPITALS = 0.6
ABUSIVE = ("threat", "doxxing", "hate", "sexual")
UNWANTED = ("spam", "scam", "illegal")
VERY_CLEAR = 0.9
GROUND_ORDER = (
    "threat",
    "doxxing",
    "hate",
    "sexual",
    "illegal",
    "scam",
    "spam",
    "profanity_targeted",
    "off_topic",
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of one text before the rules are weighed; probabilities from the heads."""

    matches: Sequence[Match]
    personal_data: Sequence[PersonalDatum]
    word_count: int
    capital_share: float
    exclamations: int
    has_question_mark: bool
    has_link: bool
    sentiment: str
    complaint: float
    offensive: float

    def best(self, field: str, label: str | None = None) -> float:
        """Return the highest score of the rules met for a field (and label), 0 if none."""
        scores = [
            match.rule.score
            for match in self.matches
            if match.rule.field == field and (label is None or match.rule.label == label)
        ]
        return max(scores, default=0.0)

    def has(self, field: str, label: str | None = None) -> bool:
        return self.best(field, label) > 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The fields without trained heads."""

    category: Label
    severity: Label
    arousal: Label
    policy_ground: Label
    flags: Mapping[str, bool]
    flag_scores: Mapping[str, float]


def judge_text(findings: Findings, *, is_complaint: bool) -> Judgement:
    """Weigh the rules; `is_complaint` is the decision of the complaint head."""
    scores = _score_flags(findings, is_complaint=is_complaint)
    flags = {name: scores[name] >= 0.5 for name in FLAGS}
    ground = judge_ground(
        findings.matches, offensive=findings.offensive, has_link=findings.has_link
    )
    category = _judge_category(findings, flags, ground=ground, is_complaint=is_complaint)
    return Judgement(
        category=category,
        severity=_judge_severity(findings, flags, category=category.label, ground=ground.label),
        arousal=_judge_arousal(findings, category=category.label),
        policy_ground=ground,
        flags=flags,
        flag_scores=scores,
    )


def judge_ground(matches: Sequence[Match], *, offensive: float, has_link: bool) -> Label:
    """Return the policy ground; anything but `none` needs a rule about conduct that was met."""
    met = {
        match.rule.label: max(match.rule.score, 0.0)
        for match in sorted(matches, key=lambda match: match.rule.score)
        if match.rule.field == "policy_ground"
    }
    insults = [match for match in matches if match.rule.field == "insult"]
    at_person = [match for match in matches if match.rule.field == "you"]
    if any(_are_near(insult, person) for insult in insults for person in at_person):
        met.setdefault("profanity_targeted", 0.55 if offensive < 0.5 else 0.65)
    for label in GROUND_ORDER:
        if label in met:
            is_clear = label in UNWANTED and has_link and met[label] >= VERY_CLEAR
            return Label(label, met[label], sure=is_clear)
    # Hate, sexual and targeted insults are only partly covered by rules, so a person looks.
    return Label("none", round(0.95 - 0.35 * offensive, 4), sure=False)


def _are_near(insult: Match, person: Match) -> bool:
    gap = max(insult.start - person.end, person.start - insult.end)
    return gap <= 12


def _score_flags(findings: Findings, *, is_complaint: bool) -> dict[str, float]:
    scores = {name: findings.best(name) or 0.03 for name in FLAGS}
    learned = findings.offensive
    rule = findings.best("offensive")
    scores["offensive"] = round(max(learned, rule), 4)
    if findings.personal_data:
        scores["personal_data"] = 0.9
    scores["question"] = _score_question(findings)
    if is_complaint and not findings.has("issue") and findings.word_count <= SHORT_TEXT:
        scores["vague"] = 0.6
    return scores


def _score_question(findings: Findings) -> float:
    if findings.has("policy_ground", "spam") or findings.has("policy_ground", "scam"):
        return 0.1
    if findings.has_question_mark:
        return 0.8 if findings.has("asks") else 0.55
    return 0.55 if findings.has("asks") else 0.05


def _judge_category(
    findings: Findings, flags: Mapping[str, bool], *, ground: Label, is_complaint: bool
) -> Label:
    if ground.label in UNWANTED:
        return Label("spam", ground.score, sure=ground.sure)
    if ground.label in ABUSIVE:
        return Label("abuse", ground.score, sure=False)
    for label in ("employee", "misunderstanding", "troll"):
        score = findings.best("category", label)
        if score:
            return Label(label, score, sure=False)
    if is_complaint:
        if flags["vague"]:
            return Label("vague", 0.55, sure=False)
        score = round(min(0.9, 0.4 + 0.5 * findings.complaint), 4)
        return Label("business_error", score, sure=False)
    if flags["question"] and findings.sentiment != "positive":
        return Label("question", round(0.75 * _score_question(findings) + 0.1, 4), sure=False)
    if findings.sentiment == "positive":
        return Label("praise", 0.7, sure=False)
    if findings.sentiment == "negative":
        return Label("general_negativity", 0.5, sure=False)
    return Label("question" if flags["question"] else "other", 0.45, sure=False)


def _judge_severity(
    findings: Findings, flags: Mapping[str, bool], *, category: str, ground: str
) -> Label:
    critical = findings.best("severity", "critical")
    if critical or ground in ("threat", "doxxing") or flags["self_harm"]:
        return Label("critical", critical or 0.6, sure=False)
    high = findings.best("severity", "high")
    if flags["legal_threat"] or flags["safety"] or ground in ("hate", "sexual", "illegal"):
        high = max(high, 0.7)
    if high:
        return Label("high", high, sure=False)
    if category in ("business_error", "employee") or ground in ("scam", "profanity_targeted"):
        return Label("medium", max(0.55, findings.best("severity", "medium")), sure=False)
    return Label("low", 0.6, sure=False)


def _judge_arousal(findings: Findings, *, category: str) -> Label:
    if category in ("praise", "spam"):
        return Label("low", 0.85, sure=False)
    signs = (
        0.3 * (findings.capital_share >= CAPITALS)
        + 0.3 * (findings.exclamations >= 2)
        + 0.45 * findings.has("anger")
        + 0.3 * (findings.offensive >= 0.5)
    )
    if findings.sentiment != "positive" and signs >= 0.3:
        return Label("high", round(min(0.9, 0.45 + 0.4 * signs), 4), sure=False)
    return Label("low", round(0.8 - 0.5 * signs, 4), sure=False)
