"""What a decision rests on: everything known about one comment, and openly what is not known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from amends.core.playbook.terms import (
    AuthorType,
    ChannelOwner,
    FaultBasis,
    Goal,
    SpeechLevel,
    ThreadState,
    Virality,
)
from amends.core.playbook.virality import estimate_virality
from amends.core.vocabulary import Arousal, Category, PolicyGround, Sentiment, Severity


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What a field of the input may hold and how a condition may ask for it."""

    codes: type[StrEnum] | None = None
    is_flag: bool = False
    is_open: bool = False  # a text that is no code may stand there too; no condition asks for it
    highest: int | None = None  # for numbers: the highest value that makes sense
    is_reach: bool = False  # may raise a priority, never lower one
    has_fractions: bool = False

    @property
    def is_number(self) -> bool:
        return self.codes is None and not self.is_flag


FIELDS: Mapping[str, FieldSpec] = {
    "is_complaint": FieldSpec(is_flag=True),
    "sentiment": FieldSpec(codes=Sentiment),
    "category": FieldSpec(codes=Category),
    "fault_share": FieldSpec(highest=100),
    "fault_basis": FieldSpec(codes=FaultBasis, is_open=True),
    "severity": FieldSpec(codes=Severity),
    "speech_level": FieldSpec(codes=SpeechLevel),
    "arousal": FieldSpec(codes=Arousal),
    "author_type": FieldSpec(codes=AuthorType),
    "goal": FieldSpec(codes=Goal),
    "prior_failures": FieldSpec(),
    "followers": FieldSpec(is_reach=True),
    "shares_per_hour": FieldSpec(is_reach=True, has_fractions=True),
    "virality": FieldSpec(codes=Virality, is_reach=True),
    "policy_ground": FieldSpec(codes=PolicyGround),
    "thread_state": FieldSpec(codes=ThreadState),
    "turns_public": FieldSpec(),
    "can_help": FieldSpec(is_flag=True),
    "channel_owner": FieldSpec(codes=ChannelOwner),
    "tagged": FieldSpec(is_flag=True),
    "addressed_to_us": FieldSpec(is_flag=True),
    "troll_confirmed": FieldSpec(is_flag=True),
    "crisis_level": FieldSpec(highest=3),
    "offensive": FieldSpec(is_flag=True),
    "legal_threat": FieldSpec(is_flag=True),
    "safety": FieldSpec(is_flag=True),
    "personal_data": FieldSpec(is_flag=True),
    "self_harm": FieldSpec(is_flag=True),
    "minor": FieldSpec(is_flag=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionInput:
    """The facts of one comment; None means unknown, and unknown never makes a rule hold.

    Codes may be given as plain strings. Raises ValueError, naming the field, for anything else.
    """

    language: str | None = None  # BCP 47
    is_complaint: bool | None = None
    sentiment: Sentiment | None = None
    category: Category | None = None
    fault_share: int | None = None  # percent that is ours, 0–100
    fault_basis: FaultBasis | str | None = None  # a code, or the words of the person
    severity: Severity | None = None
    speech_level: SpeechLevel | None = None
    arousal: Arousal | None = None
    author_type: AuthorType | None = None
    goal: Goal | None = None
    prior_failures: int | None = None  # earlier failures of ours towards this author
    followers: int | None = None
    shares_per_hour: float | None = None
    policy_ground: PolicyGround | None = None
    thread_state: ThreadState | None = None
    turns_public: int | None = None  # public replies of ours that stand in the thread
    can_help: bool | None = None
    channel_owner: ChannelOwner | None = None
    tagged: bool | None = None  # names our account
    addressed_to_us: bool | None = None  # speaks to us, tagged or not
    troll_confirmed: bool | None = None  # by the troll test and a second person (K08)
    crisis_level: int | None = None  # 0–3, of the incident that the comment belongs to
    offensive: bool | None = None
    legal_threat: bool | None = None
    safety: bool | None = None
    personal_data: bool | None = None
    self_harm: bool | None = None
    minor: bool | None = None

    def __post_init__(self) -> None:
        for name, spec in FIELDS.items():
            if name == "virality":
                continue
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, _accept(value, name=name, spec=spec))

    @property
    def virality(self) -> Virality:
        """Derived, never given, so that it cannot contradict its causes."""
        return estimate_virality(
            self.arousal, followers=self.followers, shares_per_hour=self.shares_per_hour
        )

    def to_json(self) -> dict[str, Any]:
        """Return the known fields, ready for JSON; `from_json` gives the same input back."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            name: value.value if isinstance(value, StrEnum) else value
            for name, value in values.items()
            if value is not None
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; raise ValueError for a field or value that does not exist."""
        unknown = sorted(set(values) - {item.name for item in fields(cls)})
        if unknown:
            raise ValueError(f"a decision has no input called {', '.join(unknown)}")
        return cls(**values)


def _accept(value: object, *, name: str, spec: FieldSpec) -> object:
    if spec.codes is not None:
        if isinstance(value, str) and value in set(spec.codes):
            return spec.codes(value)
        if spec.is_open and isinstance(value, str):
            return value
        raise ValueError(f"{name} is {value!r}; it may be one of {', '.join(spec.codes)}")
    if spec.is_flag:
        if isinstance(value, bool):
            return value
        raise ValueError(f"{name} is {value!r}; it may be true, false or unknown")
    return _accept_number(value, name=name, spec=spec)


def _accept_number(value: object, *, name: str, spec: FieldSpec) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is {value!r}; it must be a number or unknown")
    if isinstance(value, float) and not (spec.has_fractions and math.isfinite(value)):
        raise ValueError(f"{name} is {value!r}; it must be a whole number or unknown")
    if value < 0 or (spec.highest is not None and value > spec.highest):
        upper = "" if spec.highest is None else f" and at most {spec.highest}"
        raise ValueError(f"{name} is {value!r}; it must be at least 0{upper}")
    return value
