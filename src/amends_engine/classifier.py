"""The contract that every classifier of the engine satisfies, and the judgement it returns.

The codes are those of docs/glossary.md. `Assessment.to_json` gives exactly the object that
`amends assess` writes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

SENTIMENTS = ("negative", "neutral", "positive", "mixed")
CATEGORIES = (
    "business_error",
    "misunderstanding",
    "general_negativity",
    "employee",
    "question",
    "vague",
    "praise",
    "spam",
    "troll",
    "abuse",
    "other",
)
SEVERITIES = ("low", "medium", "high", "critical")
AROUSALS = ("low", "high")
POLICY_GROUNDS = (
    "none",
    "hate",
    "threat",
    "doxxing",
    "sexual",
    "illegal",
    "spam",
    "scam",
    "profanity_targeted",
    "off_topic",
)
FLAGS = (
    "offensive",
    "legal_threat",
    "safety",
    "personal_data",
    "question",
    "vague",
    "self_harm",
    "minor",
)
UNDETERMINED = "und"

LABELS: Mapping[str, tuple[str | bool, ...]] = {
    "sentiment": SENTIMENTS,
    "complaint": (False, True),
    "category": CATEGORIES,
    "severity": SEVERITIES,
    "arousal": AROUSALS,
    "policy_ground": POLICY_GROUNDS,
}
"""The fields of an assessment, in the order in which they are written, and their labels."""


class UnreadableText(ValueError):
    """Raised for a text in which nothing can be read: empty, or blank and invisible characters."""


@dataclass(frozen=True, slots=True)
class TextInput:
    """One text to assess. `parent` is the post or comment it answers; `lang` is a hint."""

    id: str | int
    text: str
    parent: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """A BCP 47 code, `und` when unsure, and its probability (for `und`: of the best candidate)."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Label:
    """The best guess for one field, its probability, and whether it may stand without a person."""

    label: str
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """The best guess for a yes/no field; `score` is the probability of the guess that is given."""

    label: bool
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A span of the text as given (code points, end exclusive) that speaks for a field's label.

    `source` is `screen` for learned weights, else the id of the rule.
    """

    field: str
    start: int
    end: int
    text: str
    source: str

    def to_json(self) -> dict[str, object]:
        """Return the span as the contract writes it."""
        return {
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class EngineName:
    """Which engine judged, so that a stored verdict can be told from a later one."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the engine says of one text. Suggestions for a person; nothing acts on them alone."""

    id: str | int
    language: LanguageGuess
    sentiment: Label
    complaint: Truth
    category: Label
    severity: Label
    arousal: Label
    policy_ground: Label
    engine: EngineName
    flags: Mapping[str, bool] = field(default_factory=dict)
    flag_scores: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the object that `amends assess` writes for this text."""
        answer: dict[str, object] = {
            "id": self.id,
            "language": {"code": self.language.code, "score": self.language.score},
        }
        for name in LABELS:
            guess: Label | Truth = getattr(self, name)
            answer[name] = {"label": guess.label, "score": guess.score, "sure": guess.sure}
        answer["flags"] = dict(self.flags)
        answer["flag_scores"] = dict(self.flag_scores)
        answer["reasons"] = [reason.to_json() for reason in self.reasons]
        answer["engine"] = {"name": self.engine.name, "version": self.engine.version}
        return answer


class Classifier(Protocol):
    """Judges texts. Deterministic, keeps the order, a batch equals its texts one by one."""

    @property
    def engine(self) -> EngineName: ...

    def assess(self, texts: Sequence[TextInput]) -> list[Assessment]:
        """Return one assessment per text, in order.

        Raises UnreadableText (naming the id) if nothing can be read in one of them; use
        `require_readable` beforehand to keep one bad text from stopping a batch.
        """
        ...


def require_readable(text: str) -> str:
    """Return `text`; raise UnreadableText if it holds no visible character."""
    if any(_is_visible(char) for char in text):
        return text
    if not text:
        raise UnreadableText("the text is empty")
    raise UnreadableText("the text holds only blank or invisible characters")


def _is_visible(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in _INVISIBLE


_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})
