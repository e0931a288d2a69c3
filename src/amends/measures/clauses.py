"""The policy as the guard reads it: the version that was public when the words were posted."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType

from amends.core.policy.policy import Clause
from amends.core.policy.schema import PolicyError
from amends.core.policy.terms import LadderStep
from amends.inbox.models import Version
from amends.measures.models import MeasureKind
from amends.measures.publish_policy import PublishedPolicy, policy_in_force


def posted_at(version: Version) -> datetime:
    """When the words of a version were posted: an edit counts from the edit, not from the first words."""
    earlier = version.comment.versions.filter(occurred_at__lt=version.occurred_at)
    return version.occurred_at if earlier.exists() else version.comment.published_at


def policy_when_posted(version: Version) -> PublishedPolicy | None:
    """The policy that was public for the brand then; None where there was none, so that nothing holds."""
    try:
        return policy_in_force(version.comment.brand, at=posted_at(version))
    except PolicyError:  # a text that is none holds nothing, however it came into the table
        return None


def announced(clause: Clause) -> frozenset[MeasureKind]:
    """What the clause says in public may follow; a warning, the platform and counsel are always possible."""
    said = {_STEPS[one.step] for one in clause.ladder}
    return frozenset(said | {MeasureKind.WARN, MeasureKind.REPORT, MeasureKind.LEGAL})


def longest_ban(clause: Clause) -> timedelta | None:
    """How long a temporary ban may last by the clause; None where it does not say."""
    lengths = [one.length for one in clause.ladder if one.length is not None]
    return max(lengths) if lengths else None


_STEPS = MappingProxyType(
    {
        LadderStep.WARN: MeasureKind.WARN,
        LadderStep.HIDE: MeasureKind.HIDE,
        LadderStep.REMOVE: MeasureKind.DELETE,
        LadderStep.TEMPORARY_BAN: MeasureKind.TEMPORARY_BAN,
        LadderStep.PERMANENT_BAN: MeasureKind.BAN,
        LadderStep.BLOCK: MeasureKind.BLOCK,
        LadderStep.REPORT: MeasureKind.REPORT,
        LadderStep.LEGAL: MeasureKind.LEGAL,
    }
)
