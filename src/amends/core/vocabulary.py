"""The stable codes of the engine and of the desk (docs/glossary.md); the interface translates them."""

from __future__ import annotations

from enum import StrEnum


class Sentiment(StrEnum):
    """The stance towards the brand or the experience."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    MIXED = "mixed"


class Category(StrEnum):
    """What the desk must do about a comment."""

    BUSINESS_ERROR = "business_error"
    MISUNDERSTANDING = "misunderstanding"
    GENERAL_NEGATIVITY = "general_negativity"
    EMPLOYEE = "employee"
    QUESTION = "question"
    VAGUE = "vague"
    PRAISE = "praise"
    SPAM = "spam"
    TROLL = "troll"
    ABUSE = "abuse"
    OTHER = "other"


class Severity(StrEnum):
    """How grave the matter is, not how loud."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Arousal(StrEnum):
    """Whether anger, fear or disgust shows."""

    LOW = "low"
    HIGH = "high"


class PolicyGround(StrEnum):
    """The conduct that a published clause may act on; criticism is none."""

    NONE = "none"
    HATE = "hate"
    THREAT = "threat"
    DOXXING = "doxxing"
    SEXUAL = "sexual"
    ILLEGAL = "illegal"
    SPAM = "spam"
    SCAM = "scam"
    PROFANITY_TARGETED = "profanity_targeted"
    OFF_TOPIC = "off_topic"


class Flag(StrEnum):
    """Signals beside the category."""

    OFFENSIVE = "offensive"
    LEGAL_THREAT = "legal_threat"
    SAFETY = "safety"
    PERSONAL_DATA = "personal_data"
    QUESTION = "question"
    VAGUE = "vague"
    SELF_HARM = "self_harm"
    MINOR = "minor"


class Priority(StrEnum):
    """P1 is the most urgent; the clocks follow from it."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"


class ApprovalLevel(StrEnum):
    """Who must agree before anything is sent."""

    A0 = "A0"
    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"


class GoneCause(StrEnum):
    """Who made a comment disappear, as far as can be known."""

    AUTHOR = "author"
    PLATFORM = "platform"
    US = "us"
    UNKNOWN = "unknown"


LANGUAGES = ("en", "tr", "id", "ru", "nl")
UNDETERMINED = "und"
