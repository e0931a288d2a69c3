"""Facts that follow from others: whose fault, which tier, how the troll test stands, is it a fight."""

from __future__ import annotations

from collections.abc import Sequence

from amends.core.playbook.terms import FaultKind, PolicyTier, TrollExperience, TrollTest
from amends.core.vocabulary import PolicyGround

FIGHT_AUTHORS = 2
FIGHT_TURNS = 4
_TIERS = {
    PolicyGround.NONE: PolicyTier.NONE,
    PolicyGround.HATE: PolicyTier.A,
    PolicyGround.THREAT: PolicyTier.A,
    PolicyGround.DOXXING: PolicyTier.A,
    PolicyGround.SEXUAL: PolicyTier.A,
    PolicyGround.ILLEGAL: PolicyTier.A,
    PolicyGround.SCAM: PolicyTier.A,
    PolicyGround.SPAM: PolicyTier.B,
    PolicyGround.PROFANITY_TARGETED: PolicyTier.B,
    PolicyGround.OFF_TOPIC: PolicyTier.B,
}


def tier_of(ground: PolicyGround) -> PolicyTier:
    """Return how a ground is acted on (C2); criticism is no ground, so it has no tier."""
    return _TIERS[ground]


def classify_fault(
    share: int | None, *, can_help: bool | None, is_our_wording: bool = False
) -> FaultKind:
    """Return the three-way answer to "whose fault?", or that it is not known (S2.40, S2.41, C5).

    `is_our_wording`: somebody misunderstood us because we were unclear, so part of it is ours (D8).
    """
    if is_our_wording or (share or 0) > 0:
        return FaultKind.OURS
    if share is None:
        return FaultKind.UNKNOWN
    if can_help is None:
        return FaultKind.NOT_OURS
    return FaultKind.CAN_HELP if can_help else FaultKind.CANNOT_HELP


def judge_troll_test(
    answers: Sequence[bool | None], *, experience: TrollExperience | None
) -> TrollTest:
    """Return how far the test has come (K08): three questions, then one about their experience.

    One yes, or one usable answer about an experience, and the author is no troll. Only three times
    no and no usable answer make the label possible; a second person must still confirm it.
    """
    if any(answers) or experience is TrollExperience.USABLE:
        return TrollTest.PASSED
    if None in answers:
        return TrollTest.OPEN
    if experience is None:
        return TrollTest.ASK
    return TrollTest.ASKED if experience is TrollExperience.ASKED else TrollTest.FAILED


def is_off_topic_fight(
    *,
    authors: int | None,
    turns: int | None,
    has_drifted: bool | None,
    is_heated: bool | None = None,
) -> bool | None:
    """Return whether people fight in a thread of ours about something else (K38); None: unknown.

    A heated talk that stays on the matter is none: criticism is not a fight. Neither is a talk that is known
    to be calm; where nobody knows the mood, the other three signs tell.
    """
    if is_heated is False:
        return False
    parts = (
        None if authors is None else authors >= FIGHT_AUTHORS,
        None if turns is None else turns >= FIGHT_TURNS,
        has_drifted,
    )
    if False in parts:
        return False
    return None if None in parts else True
