"""The policy as the guard reads it: the version that was public when the words were posted."""

from __future__ import annotations

from datetime import datetime

from amends.inbox.models import Version
from amends.measures.publish_policy import PublishedPolicy, policy_in_force


def posted_at(version: Version) -> datetime:
    """When the words of a version were posted: an edit counts from the edit, not from the first words."""
    earlier = version.comment.versions.filter(occurred_at__lt=version.occurred_at)
    return version.occurred_at if earlier.exists() else version.comment.published_at


def policy_when_posted(version: Version) -> PublishedPolicy | None:
    """The policy that was public for the brand then; None where there was none, so that nothing holds."""
    return policy_in_force(version.comment.brand, at=posted_at(version))
