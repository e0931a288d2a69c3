"""What a decision rests on: everything known about one comment, and openly what is not known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from amends.core.playbook.derived import (
    classify_fault,
    is_off_topic_fight,
    judge_troll_test,
    tier_of,
)
from amends.core.playbook.terms import (
    AuthorType,
    ChannelOwner,
    ChannelType,
    FaultBasis,
    FaultKind,
    Goal,
    OrderState,
    PolicyTier,
    SpeechLevel,
    ThreadState,
    Ties,
    Topic,
    TrollExperience,
    TrollTest,
    Virality,
)
from amends.core.playbook.virality import HIGHEST_PLATFORM_FACTOR, Spread, estimate_virality
from amends.core.vocabulary import Arousal, Category, PolicyGround, Sentiment, Severity


@dataclass(frozen=True)
class FieldSpec:
    """What a field of the input may hold and how a condition may ask for it."""

    codes: type[StrEnum] | None = None
    is_flag: bool = False
    is_open: bool = False  # a text that is no code may stand there too; no condition asks for it
    highest: int | None = None  # for numbers: the highest value that makes sense
    is_reach: bool = False  # may raise a priority, never lower one
    has_fractions: bool = False
    is_derived: bool = False  # follows from other fields and is never given

    @property
    def is_number(self) -> bool:
        return self.codes is None and not self.is_flag

    @cached_property
    def code_of(self) -> Mapping[str, StrEnum]:
        """The codes by their plain strings."""
        return {code.value: code for code in self.codes or ()}


FIELDS: Mapping[str, FieldSpec] = {
    "is_complaint": FieldSpec(is_flag=True),
    "sentiment": FieldSpec(codes=Sentiment),
    "category": FieldSpec(codes=Category),
    "topic": FieldSpec(codes=Topic),
    "order_state": FieldSpec(codes=OrderState),
    "fault_share": FieldSpec(highest=100),
    "fault_basis": FieldSpec(codes=FaultBasis, is_open=True),
    "fault_kind": FieldSpec(codes=FaultKind, is_derived=True),
    "wording_unclear": FieldSpec(is_flag=True),
    "severity": FieldSpec(codes=Severity),
    "speech_level": FieldSpec(codes=SpeechLevel),
    "arousal": FieldSpec(codes=Arousal),
    "author_type": FieldSpec(codes=AuthorType),
    "goal": FieldSpec(codes=Goal),
    "prior_failures": FieldSpec(),
    "followers": FieldSpec(is_reach=True),
    "platform_factor": FieldSpec(
        highest=HIGHEST_PLATFORM_FACTOR, is_reach=True, has_fractions=True
    ),
    "reach": FieldSpec(is_reach=True, has_fractions=True, is_derived=True),
    "shares_per_hour": FieldSpec(is_reach=True, has_fractions=True),
    "author_ties": FieldSpec(codes=Ties, is_reach=True),
    "style_match": FieldSpec(is_flag=True, is_reach=True),
    "virality": FieldSpec(codes=Virality, is_reach=True, is_derived=True),
    "policy_ground": FieldSpec(codes=PolicyGround),
    "policy_tier": FieldSpec(codes=PolicyTier, is_derived=True),
    "strikes": FieldSpec(),
    "thread_state": FieldSpec(codes=ThreadState),
    "triage_is_current": FieldSpec(is_flag=True),
    "turns_public": FieldSpec(),
    "thread_authors": FieldSpec(),
    "thread_turns": FieldSpec(),
    "topic_drift": FieldSpec(is_flag=True),
    "thread_heated": FieldSpec(is_flag=True),
    "off_topic_fight": FieldSpec(is_flag=True, is_derived=True),
    "moderator_noted": FieldSpec(is_flag=True),
    "can_help": FieldSpec(is_flag=True),
    "channel_owner": FieldSpec(codes=ChannelOwner),
    "channel_type": FieldSpec(codes=ChannelType),
    "tagged": FieldSpec(is_flag=True),
    "addressed_to_us": FieldSpec(is_flag=True),
    "troll_on_topic": FieldSpec(is_flag=True),
    "troll_concern": FieldSpec(is_flag=True),
    "troll_constructive": FieldSpec(is_flag=True),
    "troll_experience": FieldSpec(codes=TrollExperience),
    "troll_test": FieldSpec(codes=TrollTest, is_derived=True),
    "troll_confirmed": FieldSpec(is_flag=True),
    "crisis_level": FieldSpec(highest=3),
    "approved_line": FieldSpec(is_flag=True),
    "data_breach": FieldSpec(is_flag=True),
    "needs_personal_data": FieldSpec(is_flag=True),
    "impersonates_us": FieldSpec(is_flag=True),
    "offensive": FieldSpec(is_flag=True),
    "legal_threat": FieldSpec(is_flag=True),
    "safety": FieldSpec(is_flag=True),
    "personal_data": FieldSpec(is_flag=True),
    "self_harm": FieldSpec(is_flag=True),
    "minor": FieldSpec(is_flag=True),
}
_GIVEN = {name: spec for name, spec in FIELDS.items() if not spec.is_derived}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionInput:
    """The facts of one comment; None means unknown, and unknown never makes a rule hold.

    Codes may be given as plain strings. Raises ValueError, naming the field, for anything else.
    """

    language: str | None = None  # BCP 47
    is_complaint: bool | None = None
    sentiment: Sentiment | None = None
    category: Category | None = None
    topic: Topic | None = None
    order_state: OrderState | None = None
    fault_share: int | None = None  # percent that is ours, 0–100
    fault_basis: FaultBasis | str | None = None  # a code, or the words of the person
    wording_unclear: bool | None = None  # what we wrote could be misread
    severity: Severity | None = None
    speech_level: SpeechLevel | None = None
    arousal: Arousal | None = None
    author_type: AuthorType | None = None
    goal: Goal | None = None
    prior_failures: int | None = None  # earlier failures of ours towards this author
    followers: int | None = None
    platform_factor: float | None = None  # how many people a follower stands for there, 0-10
    shares_per_hour: float | None = None
    author_ties: Ties | None = None
    style_match: bool | None = None  # writes as the community does (R20)
    policy_ground: PolicyGround | None = None
    strikes: int | None = None  # warnings and measures that still count; contact is none
    thread_state: ThreadState | None = None
    triage_is_current: bool | None = None  # a person judged exactly the words that stand there now
    turns_public: int | None = None  # public replies of ours that stand in the thread
    thread_authors: int | None = None  # who wrote in it lately, we not counted
    thread_turns: int | None = None  # what they wrote to each other lately
    topic_drift: bool | None = None  # it is not about our matter any more
    thread_heated: bool | None = None  # and they are angry with each other
    moderator_noted: bool | None = None  # our neutral note stands in the thread
    can_help: bool | None = None
    channel_owner: ChannelOwner | None = None
    channel_type: ChannelType | None = None
    tagged: bool | None = None  # names our account
    addressed_to_us: bool | None = None  # speaks to us, tagged or not
    troll_on_topic: bool | None = None  # does it belong to the subject?
    troll_concern: bool | None = None  # is it a worry or a reasoned claim?
    troll_constructive: bool | None = None  # is it constructive or founded?
    troll_experience: TrollExperience | None = None  # None: not asked yet
    troll_confirmed: bool | None = None  # by the troll test and a second person (K08)
    crisis_level: int | None = None  # 0–3, of the incident that the comment belongs to
    approved_line: bool | None = None  # the incident has an approved line that is valid now
    data_breach: bool | None = None  # claims that data leaked from us
    needs_personal_data: bool | None = None  # it cannot be solved without
    impersonates_us: bool | None = None
    offensive: bool | None = None
    legal_threat: bool | None = None
    safety: bool | None = None
    personal_data: bool | None = None
    self_harm: bool | None = None
    minor: bool | None = None

    def __post_init__(self) -> None:
        for name, spec in _GIVEN.items():
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, _accept(value, name=name, spec=spec))

    # Derived, never given, so that they cannot contradict their causes.

    @property
    def virality(self) -> Virality:
        return estimate_virality(self.arousal, spread=self._spread)

    @property
    def reach(self) -> float | None:
        """How many people the author reaches; None while the followers are unknown."""
        return None if self.followers is None else self._spread.reach

    @property
    def _spread(self) -> Spread:
        return Spread(
            followers=self.followers,
            platform_factor=self.platform_factor,
            shares_per_hour=self.shares_per_hour,
            author_ties=self.author_ties,
            style_match=self.style_match,
        )

    @property
    def fault_kind(self) -> FaultKind:
        return classify_fault(
            self.fault_share, can_help=self.can_help, is_our_wording=self.is_our_wording
        )

    @property
    def is_our_wording(self) -> bool:
        """Whether a misunderstanding comes from what we wrote; no condition asks for it."""
        return self.category is Category.MISUNDERSTANDING and self.wording_unclear is True

    @property
    def policy_tier(self) -> PolicyTier | None:
        return None if self.policy_ground is None else tier_of(self.policy_ground)

    @property
    def off_topic_fight(self) -> bool | None:
        return is_off_topic_fight(
            authors=self.thread_authors,
            turns=self.thread_turns,
            has_drifted=self.topic_drift,
            is_heated=self.thread_heated,
        )

    @property
    def troll_test(self) -> TrollTest:
        answers = (self.troll_on_topic, self.troll_concern, self.troll_constructive)
        return judge_troll_test(answers, experience=self.troll_experience)

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
        """Read what `to_json` wrote, now or before fields were added (they are unknown then).

        Raises ValueError for a field or value that does not exist.
        """
        if not values.keys() <= _NAMES:
            unknown = sorted(values.keys() - _NAMES)
            raise ValueError(f"a decision has no input called {', '.join(unknown)}")
        return cls(**values)


_NAMES = frozenset(item.name for item in fields(DecisionInput))


def _accept(value: object, *, name: str, spec: FieldSpec) -> object:
    if spec.codes is not None:
        if isinstance(value, str) and value in spec.code_of:
            return spec.code_of[value]
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
