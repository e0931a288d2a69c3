"""Short ways to open a channel and to make a reply in the tests of the channels."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from amends.connectors import registry
from amends.connectors.kit.events import InboundEvent, OutboundReply
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.protocol import ChannelContext
from amends.core.clock import Clock, SystemClock
from tests.servers.bluesky import BlueskyNetwork, BlueskyPerson, Post, wait_until


def open_channel(
    kind: str,
    *,
    settings: Mapping[str, str],
    allowed: Iterable[tuple[str, int]] = (),
    session: str = "",
    clock: Clock | None = None,
) -> Any:
    """A channel of any kind, typed loosely since each has other methods."""
    context = ChannelContext(
        settings=settings,
        guard=OutboundGuard(allowed),
        clock=clock or SystemClock(),
        session=session,
    )
    return registry.open_channel(kind, context=context)


def open_bluesky(
    network: BlueskyNetwork,
    person: BlueskyPerson,
    *,
    session: str = "",
    clock: Clock | None = None,
    **settings: str,
) -> Any:
    """The channel of somebody's account."""
    given = {
        "service": network.pds,
        "directory": network.plc,
        "handle": person.handle,
        "app_password": person.password,
        **settings,
    }
    return open_channel(
        "bluesky", settings=given, allowed=network.allowed, session=session, clock=clock
    )


def answer_to(post: Post, *, text: str, created_at: datetime, key: str = "") -> OutboundReply:
    """An approved reply to a post."""
    return OutboundReply(
        idempotency_key=key or uuid.uuid4().hex,
        created_at=created_at,
        text=text,
        language="tr",
        target_external_id=post.uri,
        target_version_key=post.cid,
        thread_external_id=post.uri,
    )


def poll_all(channel: Any, cursor: str = "") -> tuple[list[InboundEvent], str]:
    """Poll until there is nothing more; the events and the cursor."""
    events: list[InboundEvent] = []
    while True:
        poll = channel.poll(cursor)
        events.extend(poll.events)
        cursor = poll.cursor
        if not poll.more:
            return events, cursor


def texts(events: Iterable[InboundEvent]) -> list[str]:
    return [event.comment.text for event in events if event.comment]


def right_now() -> datetime:
    return datetime.now(UTC)


def complain(
    brand: BlueskyPerson, customer: BlueskyPerson, text: str = "Kargom hâlâ gelmedi"
) -> Post:
    """A complaint below a post of the brand that everybody sees."""
    announcement = brand.post("Yeni sezon geldi")
    wait_until(lambda: customer.sees(announcement))
    complaint = customer.post(text, answering=announcement, language="tr")
    wait_until(lambda: brand.sees(complaint))
    return complaint
