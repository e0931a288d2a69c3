"""Whether a comment is likely to spread, from its heat, its reach and who it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from amends.core.playbook.terms import Ties, Virality
from amends.core.vocabulary import Arousal

MANY_FOLLOWERS = 10_000
SPREADING_SHARES_PER_HOUR = 5.0
RUNAWAY_SHARES_PER_HOUR = 50.0
HIGHEST_PLATFORM_FACTOR = 10  # so that ten followers never count as many


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What may carry a comment further; None is unknown and counts as nothing.

    `platform_factor` says how many people a follower stands for on that channel (1 where unknown).
    """

    followers: int | None = None
    platform_factor: float | None = None
    shares_per_hour: float | None = None
    author_ties: Ties | None = None
    style_match: bool | None = None

    @property
    def reach(self) -> float:
        factor = 1.0 if self.platform_factor is None else self.platform_factor
        return (self.followers or 0) * factor


def estimate_virality(arousal: Arousal | None, *, spread: Spread) -> Virality:
    """Return high for a heated comment that is carried on, or for a runaway one.

    Anger, fear and disgust make people pass a text on, the more so from authors with strong ties who
    write as the community does (R20); so what carries counts together with heat, and spread at a
    great pace counts alone. The limits are defaults of ours. The function only ever rises with every
    part of `spread`, and what is unknown counts as nothing: being little known can therefore never
    cost anybody anything (K34).
    """
    shares = spread.shares_per_hour or 0.0
    if shares >= RUNAWAY_SHARES_PER_HOUR:
        return Virality.HIGH
    is_carried = (
        spread.reach >= MANY_FOLLOWERS
        or shares >= SPREADING_SHARES_PER_HOUR
        or (spread.author_ties is Ties.STRONG and spread.style_match is True)
    )
    return Virality.HIGH if arousal is Arousal.HIGH and is_carried else Virality.LOW
