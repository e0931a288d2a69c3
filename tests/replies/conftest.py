"""What happens to a comment while it is being answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.connectors.kit.events import EventKind, InboundEvent
from amends.core.vocabulary import GoneCause
from amends.inbox.capture import capture_event
from amends.inbox.models import Comment


@pytest.fixture
def bury() -> Callable[..., None]:
    """Its author takes a comment down."""

    def delete(comment: Comment, *, at: datetime) -> None:
        event = InboundEvent(
            key=f"{comment.external_id}@gone",
            kind=EventKind.DELETED,
            external_id=comment.external_id,
            observed_at=at,
            gone_cause=GoneCause.AUTHOR,
            gone_method="event",
            gone_confidence=1.0,
        )
        capture_event(event, account=comment.account, now=at)

    return delete
