"""The ladder and who must agree (K21, domain.md 3.3 and 3.5): pure, so that it can be read and tested.

warn → hide or remove → ban for a time → ban for good → block → report → counsel
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from amends.core.policy import terms
from amends.core.policy.terms import GROUNDS
from amends.core.vocabulary import ApprovalLevel, PolicyGround
from amends.measures.models import MeasureKind, Tier

SHORT_BAN = timedelta(days=7)
REVIEW_WITHIN = timedelta(hours=24)  # Tier A is acted upon at once, and looked at by another person
DECAY = timedelta(days=365)
"""How long a strike counts."""

RUNG = MappingProxyType(
    {
        MeasureKind.WARN: 1,
        MeasureKind.HIDE: 2,
        MeasureKind.DELETE: 2,
        MeasureKind.TEMPORARY_BAN: 3,
        MeasureKind.BAN: 4,
        MeasureKind.BLOCK: 5,
        MeasureKind.REPORT: 6,
        MeasureKind.LEGAL: 7,
    }
)
REMOVALS = frozenset({MeasureKind.HIDE, MeasureKind.DELETE})
AGAINST_PERSONS = frozenset({MeasureKind.TEMPORARY_BAN, MeasureKind.BAN, MeasureKind.BLOCK})
STRIKES = frozenset({MeasureKind.WARN, *REMOVALS, *AGAINST_PERSONS})
"""Acts that count against an author; telling platform or counsel does nothing to them by itself."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Who must agree, and whether before the act or within 24 hours after it."""

    level: ApprovalLevel
    is_before: bool


def tier_of(ground: str) -> Tier | None:
    """The tier of a ground; None for whatever is no ground at all: criticism, and everything unknown."""
    if ground not in GROUNDS:
        return None
    return Tier(terms.tier_of(PolicyGround(ground)).value)


def rung_due(reached: int, *, ground: str) -> int:
    """The highest rung that needs no reason for skipping, after the highest one `reached` so far.

    Tier A and spam begin at the removal, without a warning first.
    """
    begins_at = 2 if tier_of(ground) is Tier.A or ground == PolicyGround.SPAM else 1
    return max(reached + 1, begins_at)


def demand_for(
    kind: MeasureKind,
    *,
    ground: str,
    until: datetime | None,
    now: datetime,
    is_criticism: bool,
    is_employee: bool,
    is_ground_seen: bool,
) -> Demand:
    """The approval that a measure needs (domain.md 3.3; G2, G3, G6, G11).

    Where there is criticism, one person alone does not call it hate: tier A is acted upon at once only where
    somebody beside the actor sees such a ground (`is_ground_seen`).
    """
    level, is_before = _plain_demand(kind, ground=ground, until=until, now=now)
    if is_employee and kind in STRIKES | {MeasureKind.LEGAL}:
        return Demand(ApprovalLevel.A3, is_before=True)  # protected disclosure is checked first
    is_plain = tier_of(ground) is Tier.A and is_ground_seen
    if is_criticism and not is_plain and not is_before:
        return Demand(max(level, ApprovalLevel.A1), is_before=True)
    return Demand(level, is_before)


def _plain_demand(
    kind: MeasureKind, *, ground: str, until: datetime | None, now: datetime
) -> tuple[ApprovalLevel, bool]:
    if kind is MeasureKind.WARN:
        return ApprovalLevel.A0, False
    if kind in {MeasureKind.BAN, MeasureKind.LEGAL}:
        return ApprovalLevel.A3, True
    if kind is MeasureKind.BLOCK:
        return ApprovalLevel.A2, True
    if kind is MeasureKind.TEMPORARY_BAN:
        is_short = until is not None and until - now <= SHORT_BAN
        return (ApprovalLevel.A1 if is_short else ApprovalLevel.A2), True
    if ground == PolicyGround.SPAM:
        return ApprovalLevel.A0, False
    return ApprovalLevel.A1, tier_of(ground) is not Tier.A
