"""Inbound events as JSON and back, for the time between listening and capturing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from amends.connectors.kit.events import (
    EventKind,
    InboundAttachment,
    InboundAuthor,
    InboundComment,
    InboundEvent,
    InboundMail,
    InboundOrder,
)
from amends.core.vocabulary import GoneCause

FORMAT = 1


class Unreadable(ValueError):
    """A stored event does not have the shape that this version of the desk writes."""


def event_to_json(event: InboundEvent, *, is_context: bool = False) -> dict[str, Any]:
    """Everything of the event as plain JSON, the raw foreign payload included."""
    plain = asdict(event)
    plain["format"] = FORMAT
    plain["is_context"] = is_context
    plain["observed_at"] = event.observed_at.isoformat()
    if event.comment is not None:
        plain["comment"]["published_at"] = event.comment.published_at.isoformat()
        edited = event.comment.edited_at
        plain["comment"]["edited_at"] = edited.isoformat() if edited else None
    return plain


def event_from_json(plain: dict[str, Any]) -> InboundEvent:
    """The event that was stored; raises Unreadable with what is wrong."""
    try:
        if plain["format"] != FORMAT:
            raise Unreadable(f"event format {plain['format']} is unknown here")
        cause = plain["gone_cause"]
        return InboundEvent(
            key=plain["key"],
            kind=EventKind(plain["kind"]),
            external_id=plain["external_id"],
            observed_at=datetime.fromisoformat(plain["observed_at"]),
            comment=_comment(plain["comment"]) if plain["comment"] else None,
            gone_cause=GoneCause(cause) if cause else None,
            gone_method=plain["gone_method"],
            gone_confidence=plain["gone_confidence"],
            payload=plain["payload"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"a stored event cannot be read: {error!r}") from error


def _comment(plain: dict[str, Any]) -> InboundComment:
    edited = plain["edited_at"]
    return InboundComment(
        **{
            **plain,
            "author": InboundAuthor(**plain["author"]),
            "published_at": datetime.fromisoformat(plain["published_at"]),
            "edited_at": datetime.fromisoformat(edited) if edited else None,
            "mail": _mail(plain.get("mail")),
            "attachments": tuple(InboundAttachment(**one) for one in plain["attachments"]),
            "orders": tuple(InboundOrder(**one) for one in plain.get("orders", ())),
        }
    )


def _mail(plain: dict[str, Any] | None) -> InboundMail | None:
    if plain is None:
        return None
    lists = {name: tuple(plain[name]) for name in ("references", "tokens", "files")}
    return InboundMail(**{**plain, **lists})
