"""The codes that policies use beside the engine's (docs/policy.md): tiers and the ladder."""

from __future__ import annotations

from enum import StrEnum

from amends.core.vocabulary import PolicyGround


class Tier(StrEnum):
    """How fast we act on a ground; what is in neither is criticism and never a ground (C2).

    A: at once, a second person looks within 24 hours. B: spam at once, the rest after one warning.
    """

    A = "A"
    B = "B"


class LadderStep(StrEnum):
    """What may follow a breach, the mildest first (K21)."""

    WARN = "warn"
    HIDE = "hide"
    REMOVE = "remove"
    TEMPORARY_BAN = "temporary_ban"
    PERMANENT_BAN = "permanent_ban"
    BLOCK = "block"
    REPORT = "report"
    LEGAL = "legal"


_TIERS = {
    PolicyGround.HATE: Tier.A,
    PolicyGround.THREAT: Tier.A,
    PolicyGround.DOXXING: Tier.A,
    PolicyGround.SEXUAL: Tier.A,
    PolicyGround.ILLEGAL: Tier.A,
    PolicyGround.SCAM: Tier.A,
    PolicyGround.SPAM: Tier.B,
    PolicyGround.PROFANITY_TARGETED: Tier.B,
    PolicyGround.OFF_TOPIC: Tier.B,
}
GROUNDS = tuple(_TIERS)
WARNED_FIRST = frozenset({PolicyGround.PROFANITY_TARGETED, PolicyGround.OFF_TOPIC})


def tier_of(ground: PolicyGround) -> Tier:
    """Return the tier of a ground; raise KeyError for `none`, which is no ground for anything."""
    return _TIERS[ground]
