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

LIKELY = 0.5
"""Probability from which a yes/no field is answered yes."""

SHORT_TEXT = 9
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
    """What the rules and plain signs found in one text."""

    matches: Sequence[Match]
    personal_data: Sequence[PersonalDatum]
    word_count: int
    capital_share: float
    exclamations: int
    has_question_mark: bool
    has_link: bool

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
class Learned:
    """What the heads said: the sentiment's label, P(complaint), P(offensive)."""

    sentiment: str
    complaint: float
    offensive: float

    @property
    def is_complaint(self) -> bool:
        return self.complaint >= LIKELY

    @property
    def is_offensive(self) -> bool:
        return self.offensive >= LIKELY


@dataclass(frozen=True, slots=True)
class Judgement:
    """The fields without trained heads."""

    category: Label
    severity: Label
    arousal: Label
    policy_ground: Label
    flags: Mapping[str, bool]
    flag_scores: Mapping[str, float]


def judge_text(findings: Findings, *, learned: Learned) -> Judgement:
    """Weigh the rules together with what the heads said."""
    scores = _score_flags(findings, learned)
    flags = {name: scores[name] >= LIKELY for name in FLAGS}
    ground = judge_ground(
        findings.matches,
        offensive=learned.offensive,
        has_link=findings.has_link,
        is_protest=learned.is_complaint or findings.has("anger"),
    )
    category = _judge_category(findings, learned, flags=flags, ground=ground)
    return Judgement(
        category=category,
        severity=_judge_severity(findings, flags, category=category.label, ground=ground.label),
        arousal=_judge_arousal(findings, learned, category=category.label),
        policy_ground=ground,
        flags=flags,
        flag_scores=scores,
    )


def judge_ground(
    matches: Sequence[Match], *, offensive: float, has_link: bool, is_protest: bool
) -> Label:
    """Return the policy ground; anything but `none` needs a rule about conduct that was met.

    A protest can only lower it: who complains of a scam, or of a price that was doubled, uses the
    words of scams, and is believed unless a link stands beside them.
    """
    is_believed = is_protest and not has_link
    met = {
        match.rule.label: match.rule.score
        for match in sorted(matches, key=lambda match: match.rule.score)
        if match.rule.field == "policy_ground"
        and not (is_believed and match.rule.label in UNWANTED)
    }
    if find_targeted_insult(matches):
        met.setdefault("profanity_targeted", 0.65 if offensive >= LIKELY else 0.55)
    for label in GROUND_ORDER:
        if label in met:
            is_clear = label in UNWANTED and has_link and met[label] >= VERY_CLEAR
            return Label(label, met[label], sure=is_clear)
    # Hate, sexual and targeted insults are only partly covered by rules, so a person looks.
    return Label("none", round(0.95 - 0.35 * offensive, 4), sure=False)


def find_targeted_insult(matches: Sequence[Match]) -> bool:
    """Return whether an insult stands beside a word for a person."""
    insults = [match for match in matches if match.rule.field == "insult"]
    at_person = [match for match in matches if match.rule.field == "you"]
    return any(_are_near(insult, person) for insult in insults for person in at_person)


def _are_near(insult: Match, person: Match) -> bool:
    gap = max(insult.start - person.end, person.start - insult.end)
    return gap <= 12


def _score_flags(findings: Findings, learned: Learned) -> dict[str, float]:
    scores = {name: findings.best(name) or 0.03 for name in FLAGS}
    scores["offensive"] = round(max(learned.offensive, findings.best("offensive")), 4)
    if findings.personal_data:
        scores["personal_data"] = 0.9
    scores["question"] = _score_question(findings)
    if learned.is_complaint and _is_vague(findings):
        scores["vague"] = 0.6
    return scores


def _is_vague(findings: Findings) -> bool:
    says_what = ("issue", "trouble", "safety", "legal_threat", "severity")
    return findings.word_count <= SHORT_TEXT and not any(map(findings.has, says_what))


def _score_question(findings: Findings) -> float:
    if findings.has("policy_ground", "spam") or findings.has("policy_ground", "scam"):
        return 0.1
    if findings.has_question_mark:
        return 0.8 if findings.has("asks") else 0.55
    return 0.55 if findings.has("asks") else 0.05


def _judge_category(
    findings: Findings, learned: Learned, *, flags: Mapping[str, bool], ground: Label
) -> Label:
    if ground.label in UNWANTED:
        return Label("spam", ground.score, sure=ground.sure)
    if ground.label in ABUSIVE:
        return Label("abuse", ground.score, sure=False)
    for label in ("employee", "misunderstanding", "troll"):
        score = findings.best("category", label)
        if score:
            return Label(label, score, sure=False)
    if learned.is_complaint:
        if flags["vague"]:
            return Label("vague", 0.55, sure=False)
        score = round(min(0.9, 0.4 + 0.5 * learned.complaint), 4)
        return Label("business_error", score, sure=False)
    is_plain_question = findings.has_question_mark and findings.has("asks")
    if flags["question"] and (is_plain_question or learned.sentiment != "positive"):
        return Label("question", round(0.75 * _score_question(findings) + 0.1, 4), sure=False)
    if learned.sentiment == "positive":
        return Label("praise", 0.7, sure=False)
    if learned.sentiment == "negative" or findings.has("boycott"):
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


def _judge_arousal(findings: Findings, learned: Learned, *, category: str) -> Label:
    if category in ("praise", "spam"):
        return Label("low", 0.85, sure=False)
    signs = (
        0.3 * (findings.capital_share >= CAPITALS)
        + 0.3 * (findings.exclamations >= 2)
        + 0.45 * findings.has("anger")
        + 0.3 * learned.is_offensive
    )
    if learned.sentiment != "positive" and signs >= 0.3:
        return Label("high", round(min(0.9, 0.45 + 0.4 * signs), 4), sure=False)
    return Label("low", round(0.8 - 0.5 * signs, 4), sure=False)
