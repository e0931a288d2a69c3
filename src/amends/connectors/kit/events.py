"""What channels hand to the desk and the desk to channels: frozen, typed, checked at the border."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from amends.core.clock import require_aware
from amends.core.vocabulary import GoneCause


class EventKind(StrEnum):
    """What happened to a comment on the channel."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class InboundAuthor:
    """Who wrote, as the channel describes the person at `observed_at` of the event."""

    external_id: str
    handle: str
    display_name: str = ""
    url: str = ""
    followers: int | None = None


@dataclass(frozen=True, slots=True)
class InboundAttachment:
    """A picture, file or link of a comment; the address is remote, never given to a browser."""

    kind: str  # image | video | link | file
    url: str
    alt_text: str = ""
    media_type: str = ""


ORDER_STATES = ("placed", "sent", "delivered", "returned", "refunded", "cancelled")


@dataclass(frozen=True, slots=True)
class InboundOrder:
    """An order that a comment is about, as our own system names it; the address is for our people.

    `state` says where it stands, by the codes of `ORDER_STATES`; empty where the system does not tell.
    """

    reference: str
    url: str = ""
    state: str = ""

    def __post_init__(self) -> None:
        if self.state not in {"", *ORDER_STATES}:
            raise ValueError(f"{self.state!r} is no state of an order")


@dataclass(frozen=True, slots=True)
class InboundMail:
    """What a mail tells beside its words; by it the desk finds the conversation that it belongs to.

    `references` are the Message-IDs that it names (of a bounce: of the mail that came back), the nearest
    first; `tokens` what stands behind a plus in our address. `automatic` is empty, "automatic" or "bounce".
    """

    sender: str
    subject: str = ""
    references: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    automatic: str = ""
    quoted: str = ""
    files: tuple[str, ...] = ()  # names and kinds of attachments; they are never opened


@dataclass(frozen=True, slots=True)
class InboundComment:
    """One version of a comment: the whole state after an event, not a difference."""

    external_id: str
    author: InboundAuthor
    text: str
    published_at: datetime
    is_ours: bool = False
    version_key: str = ""  # the channel's name of this version (CID, revision), where it has one
    edited_at: datetime | None = None
    url: str = ""
    thread_external_id: str = ""  # the root of the conversation; empty: this comment is the root
    parent_external_id: str = ""
    language: str = ""  # what the channel claims, a hint only
    attachments: tuple[InboundAttachment, ...] = ()
    orders: tuple[InboundOrder, ...] = ()
    mail: InboundMail | None = None

    def __post_init__(self) -> None:
        if not self.external_id:
            raise ValueError("a comment needs the external id that its channel knows it by")
        object.__setattr__(self, "published_at", require_aware(self.published_at))
        if self.edited_at is not None:
            object.__setattr__(self, "edited_at", require_aware(self.edited_at))


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """Something that a channel reports; replaying it is harmless, because `key` names it for good.

    `comment` is None only for a deletion; then `gone_*` say who did it, how we know and how sure we
    are (0–1). `payload` is the raw foreign answer, kept as evidence, never read after the border.
    """

    key: str
    kind: EventKind
    external_id: str
    observed_at: datetime
    comment: InboundComment | None = None
    gone_cause: GoneCause | None = None
    gone_method: str = ""
    gone_confidence: float | None = None
    payload: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "observed_at", require_aware(self.observed_at))
        if (self.comment is None) != (self.kind is EventKind.DELETED):
            raise ValueError(
                f"event {self.key}: a {self.kind} event carries a comment, a deletion carries none"
            )


@dataclass(frozen=True, slots=True)
class Poll:
    """One answer to "what is new?": the events, and the cursor that asks for what follows."""

    events: tuple[InboundEvent, ...]
    cursor: str
    more: bool = False  # true when the channel has further pages right now


@dataclass(frozen=True, slots=True)
class OutboundReply:
    """An approved reply on its way out.

    `idempotency_key` is a UUID (hex) of the Delivery and `created_at` its time of creation: a
    channel that can, derives its own record key from both, so that sending again changes nothing.
    """

    idempotency_key: str
    created_at: datetime
    text: str
    language: str
    target_external_id: str
    target_version_key: str
    thread_external_id: str  # root of the conversation; equals the target where it is the root
    target_url: str = ""
    subject: str = ""  # of a mail; other channels have none
    return_token: str = ""  # what an answer by mail carries back in its address


@dataclass(frozen=True, slots=True)
class SentReply:
    """Proof from the channel that a reply stands there."""

    external_id: str
    url: str
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the credentials belong to on the channel."""

    external_id: str
    handle: str
    display_name: str = ""
    url: str = ""
    host: str = ""  # where it lives, for a channel that has no service address


@dataclass(frozen=True, slots=True)
class MeasureTarget:
    """To what a measure is done, for looking it up and undoing it: neither needs a grant.

    `key` names the measure as its grant did; `reference` is what the channel gave back when it took effect.
    """

    external_id: str
    author_external_id: str
    thread_external_id: str = ""
    key: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class MeasureDone:
    """Proof from the channel that a measure stands; `reference` undoes it later."""

    reference: str
    payload: dict[str, Any] = field(default_factory=dict)
