"""What a system of our own brings in by the desk's API: questions, forms, ratings; answered there by hand.

The desk calls nobody here: comments come in by `POST /api/v1/comments/bulk`, in the shape of `record_item`.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from amends.connectors.kit.events import (
    EventKind,
    Identity,
    InboundAuthor,
    InboundComment,
    InboundEvent,
    InboundOrder,
    SentReply,
)
from amends.connectors.kit.http import HttpClient
from amends.connectors.kit.manifest import Action, Capability, Field, Manifest, Mode
from amends.connectors.kit.protocol import ChannelContext
from amends.connectors.kit.published import find_published
from amends.core.text import gettext_noop
from amends.core.vocabulary import GoneCause

KIND = "api"
LONGEST_NAME = 100
_SOURCE = "docs/connectors/api.md"
_BY_HAND = (
    Action.HIDE,
    Action.UNHIDE,
    Action.DELETE_OTHERS,
    Action.RESTORE,
    Action.BLOCK,
    Action.UNBLOCK,
    Action.BAN,
    Action.UNBAN,
    Action.REPORT,
)

MANIFEST = Manifest(
    kind=KIND,
    label=gettext_noop("Own system (API)"),
    summary=gettext_noop(
        "Comments that a system of your own brings in, with the order that they are about."
    ),
    icon="api",
    capabilities={
        Action.REPLY: Capability(Mode.ASSISTED, source=_SOURCE),
        Action.DELETE_OWN: Capability(Mode.ASSISTED, source=_SOURCE),
        Action.VERIFY_PUBLISHED: Capability(Mode.API, source=_SOURCE, idempotent=True),
        **{action: Capability(Mode.ASSISTED, source=_SOURCE) for action in _BY_HAND},
    },
    fields=(
        Field(
            "name",
            gettext_noop("Name of the system"),
            help=gettext_noop("As your people call it: shop, app, help form."),
        ),
    ),
    poll_every=timedelta(days=1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One comment as a system tells it; `external_id` is its own name for it, the same for ever.

    With `is_deleted` it says that the comment is gone there, and by whom; the words are not needed then.
    """

    external_id: str
    text: str = ""
    published_at: datetime | None = None
    edited_at: datetime | None = None
    author_id: str = ""
    author_handle: str = ""
    author_name: str = ""
    author_url: str = ""
    url: str = ""
    thread_id: str = ""
    parent_id: str = ""
    language: str = ""
    is_ours: bool = False
    is_deleted: bool = False
    deleted_by: GoneCause = GoneCause.UNKNOWN
    orders: tuple[InboundOrder, ...] = field(default=())


def record_item(item: Item, *, state: str, observed_at: datetime) -> InboundEvent:
    """The event that an item stands for; the same item again is the same event.

    `state` names its words and their time of change for good. Raises ValueError for one without words,
    author or time.
    """
    if item.is_deleted:
        return InboundEvent(
            key=f"{item.external_id}@gone",
            kind=EventKind.DELETED,
            external_id=item.external_id,
            observed_at=observed_at,
            gone_cause=item.deleted_by,
            gone_method="api",
            gone_confidence=1.0,
        )
    if not item.text.strip() or not item.author_id or item.published_at is None:
        raise ValueError("text, author.id and published_at are needed")
    return InboundEvent(
        key=f"{item.external_id}@{state}{_told_of_orders(item)}",
        kind=EventKind.CREATED,
        external_id=item.external_id,
        observed_at=observed_at,
        comment=InboundComment(
            external_id=item.external_id,
            author=InboundAuthor(
                item.author_id,
                item.author_handle or item.author_name or item.author_id,
                display_name=item.author_name,
                url=item.author_url,
            ),
            text=item.text,
            published_at=item.published_at,
            edited_at=item.edited_at,
            is_ours=item.is_ours,
            version_key=state,
            url=item.url,
            thread_external_id=item.thread_id,
            parent_external_id=item.parent_id,
            language=item.language,
            orders=item.orders,
        ),
        payload={"external_id": item.external_id, "orders": [asdict(one) for one in item.orders]},
    )


def _told_of_orders(item: Item) -> str:
    """Where its orders stand is news, though the words are the same: no new version follows from it."""
    states = sorted(f"{one.reference}={one.state}" for one in item.orders if one.state)
    return f"#{hashlib.sha256(chr(10).join(states).encode()).hexdigest()[:16]}" if states else ""


class Channel:
    """Needs no credentials; reaches out only to look at a page that a person named."""

    def __init__(self, context: ChannelContext) -> None:
        self._http = HttpClient(context.guard, clock=context.clock)
        self._name = context.settings.get("name", "").strip()

    def identify(self) -> Identity:
        key = self._name.casefold()[
            :LONGEST_NAME
        ]  # two systems may use the same ids: each has its own place
        return Identity(
            key, self._name[:LONGEST_NAME], display_name=self._name[:LONGEST_NAME], host=key
        )

    def export_session(self) -> str:
        return ""

    def verify_published(self, url: str, text: str) -> SentReply | None:
        """Whether `text` stands on the page; None where a person must look and confirm."""
        return find_published(self._http, url=url, text=text)
