"""Whether a comment is likely to spread, from its heat and its reach."""

from __future__ import annotations

from amends.core.playbook.terms import Virality
from amends.core.vocabulary import Arousal

MANY_FOLLOWERS = 10_000
SPREADING_SHARES_PER_HOUR = 5.0
RUNAWAY_SHARES_PER_HOUR = 50.0


def estimate_virality(
    arousal: Arousal | None, *, followers: int | None, shares_per_hour: float | None
) -> Virality:
    """Return high for a heated comment that reaches many or is passed on, or for a runaway one.

    Anger, fear and disgust make people pass a text on (R20), so reach counts with them, and spread
    at a great pace counts alone. The limits are defaults of ours. The function only ever rises with
    `followers` and `shares_per_hour`, and what is unknown counts as nothing: being little known can
    therefore never cost anybody anything (K34).
    """
    shares = shares_per_hour or 0.0
    if shares >= RUNAWAY_SHARES_PER_HOUR:
        return Virality.HIGH
    is_spreading = (followers or 0) >= MANY_FOLLOWERS or shares >= SPREADING_SHARES_PER_HOUR
    return Virality.HIGH if arousal is Arousal.HIGH and is_spreading else Virality.LOW
