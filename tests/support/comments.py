"""Comments in the database, written by the real capture from events as a channel gives them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from amends.accounts.models import Brand, Workspace
from amends.connectors.kit.events import EventKind, InboundAuthor, InboundComment, InboundEvent
from amends.inbox.capture import capture_event
from amends.inbox.models import ChannelAccount, Comment


@pytest.fixture
def account(workspace: Workspace, brand: Brand, now: datetime) -> ChannelAccount:
    """A channel without an API, so that nothing is ever fetched or sent by a test that forgot."""
    return ChannelAccount.objects.create(
        workspace=workspace,
        brand=brand,
        kind="manual",
        host="manual",
        external_id="desk",
        label="By hand",
        connected_at=now - timedelta(days=1),
    )


def created(
    external_id: str, *, at: datetime, text: str = "Kargom nerede?", **values: Any
) -> InboundEvent:
    """An event of a new comment; `values` go to the comment."""
    author = values.pop("author", InboundAuthor("a-1", "ayse", "Ayşe K."))
    version = values.pop("version_key", f"{external_id}-v1")
    comment = InboundComment(
        external_id=external_id,
        author=author,
        text=text,
        published_at=values.pop("published_at", at),
        version_key=version,
        **values,
    )
    return InboundEvent(
        key=f"{external_id}@{version}",
        kind=EventKind.CREATED,
        external_id=external_id,
        observed_at=at,
        comment=comment,
    )


@pytest.fixture
def make_comment(account: ChannelAccount, now: datetime) -> Callable[..., Comment]:
    numbers = itertools.count(1)

    def make(text: str = "Kargom nerede?", **values: Any) -> Comment:
        external_id = values.pop("external_id", f"c-{next(numbers)}")
        event = created(external_id, at=values.pop("at", now), text=text, **values)
        capture_event(event, account=account, now=now)
        return Comment.objects.get(external_id=external_id)

    return make
