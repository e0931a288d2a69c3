"""Writes a reply under a record key that follows from the delivery: twice makes one post."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from amends.connectors.channels.bluesky.poll import fetch_posts
from amends.connectors.channels.bluesky.read_post import POST, split_uri, web_url
from amends.connectors.channels.bluesky.sign_in import Session, XrpcRefusedError
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import OutboundReply, SentReply
from amends.connectors.kit.length import count_length
from amends.core.vocabulary import UNDETERMINED

MAX_GRAPHEMES = 300
MAX_BYTES = 3000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_MINUTE = 60_000_000  # microseconds
_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}")
_MENTION = re.compile(r"(?<![\w@./])@((?:[a-zA-Z0-9-]{1,63}\.){1,8}[a-zA-Z][a-zA-Z0-9-]{0,62})")
_AFTER_LINK = ".,;:!?'\"…»”’"


def send_reply(session: Session, *, reply: OutboundReply) -> SentReply:
    """Write the reply, or return the one that stands there since an earlier attempt."""
    check_length(reply.text)
    found = find_sent(session, reply=reply)
    if found is not None:
        return found
    record = compose_record(session, reply=reply)
    body = {
        "repo": session.did,
        "collection": POST,
        "rkey": record_key(reply),
        "record": record,
        "swapRecord": None,  # "only where nothing stands": an earlier attempt is never overwritten
    }
    try:
        written = session.procedure("com.atproto.repo.putRecord", body)
    except XrpcRefusedError as refused:
        if refused.name != "InvalidSwap":
            raise
        found = find_sent(session, reply=reply)
        if found is None:
            raise ChannelError(
                "Another post of this account stands where the reply should: write it anew.",
                permanent=True,
                code="refused",
            ) from refused
        return found
    uri = f"at://{session.did}/{POST}/{record_key(reply)}"
    return SentReply(uri, web_url(uri), payload={"written": written, "record": record})


def find_sent(session: Session, *, reply: OutboundReply) -> SentReply | None:
    """The reply as it stands under its key; None where nothing or another answer stands there."""
    params = {"repo": session.did, "collection": POST, "rkey": record_key(reply)}
    try:
        found = session.query("com.atproto.repo.getRecord", params)
    except ChannelError as error:
        if error.code == "not_found":
            return None
        raise
    record = found.get("value")
    answered = record.get("reply") if isinstance(record, dict) else None
    parent = answered.get("parent") if isinstance(answered, dict) else None
    if not isinstance(parent, dict) or parent.get("uri") != reply.target_external_id:
        return None
    uri = f"at://{session.did}/{POST}/{record_key(reply)}"
    return SentReply(uri, web_url(uri), payload=found)


def compose_record(session: Session, *, reply: OutboundReply) -> dict[str, Any]:
    """The post as it will be written; ChannelError where what it answers is gone or was edited."""
    split_uri(reply.target_external_id)
    shown = fetch_posts(session, uris=[reply.target_external_id])
    if not shown:
        raise ChannelError(
            "The comment can no longer be seen: it was deleted, or its author blocks this account.",
            permanent=True,
            code="not_found",
        )
    version = str(shown[0].get("cid"))
    if reply.target_version_key not in ("", version):
        raise ChannelError(
            "The comment was edited after the reply was approved: read it again before answering.",
            permanent=True,
            code="refused",
        )
    parent = {"uri": reply.target_external_id, "cid": version}
    record = shown[0].get("record")
    answered = record.get("reply") if isinstance(record, dict) else None
    root = answered.get("root") if isinstance(answered, dict) else None
    composed: dict[str, Any] = {
        "$type": POST,
        "text": reply.text,
        "createdAt": _zulu(reply.created_at),
        "reply": {"root": root if isinstance(root, dict) else parent, "parent": parent},
    }
    if reply.language and reply.language != UNDETERMINED:
        composed["langs"] = [reply.language]
    facets = [*_link_facets(reply.text), *_mention_facets(reply.text, session=session)]
    if facets:
        composed["facets"] = sorted(facets, key=lambda facet: int(facet["index"]["byteStart"]))
    return composed


def check_length(text: str) -> None:
    """Refuse what the network would refuse, in its own units."""
    graphemes, size = count_length(text, unit="graphemes"), len(text.encode())
    if graphemes > MAX_GRAPHEMES or size > MAX_BYTES:
        raise ChannelError(
            f"The reply has {graphemes} characters ({size} bytes); Bluesky takes {MAX_GRAPHEMES} "
            f"({MAX_BYTES}). Shorten it.",
            permanent=True,
            code="too_long",
        )


def record_key(reply: OutboundReply) -> str:
    """A TID (atproto.com/specs/tid): 53 bits of microseconds, 10 bits of clock, in base 32.

    The minute is that of `created_at`; what is below comes from the idempotency key, so that many
    replies of one moment (sent together, or under a standing clock) do not meet under one key.
    """
    digest = int.from_bytes(hashlib.sha256(reply.idempotency_key.encode()).digest()[:8], "big")
    elapsed = reply.created_at - _EPOCH
    moment = (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000
    within = (digest >> 10) % _MINUTE
    number = ((moment - moment % _MINUTE + within) << 10) | (digest & 0x3FF)
    return "".join(_SORTABLE[(number >> shift) & 31] for shift in range(60, -1, -5))


def _link_facets(text: str) -> Iterator[dict[str, Any]]:
    for match in _LINK.finditer(text):
        uri = match[0].rstrip(_AFTER_LINK)
        while uri.endswith(")") and uri.count(")") > uri.count("("):
            uri = uri[:-1].rstrip(_AFTER_LINK)
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": uri}
        yield _facet(text, start=match.start(), end=match.start() + len(uri), feature=feature)


def _mention_facets(text: str, *, session: Session) -> Iterator[dict[str, Any]]:
    for match in _MENTION.finditer(text):
        try:
            found = session.query("com.atproto.identity.resolveHandle", {"handle": match[1]})
        except ChannelError as error:
            if error.permanent:
                continue  # nobody of that name: it stays plain text, as in the app
            raise
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": str(found.get("did"))}
        yield _facet(text, start=match.start(), end=match.end(), feature=feature)


def _facet(text: str, *, start: int, end: int, feature: dict[str, str]) -> dict[str, Any]:
    """Facets count bytes of UTF-8, not characters."""
    before, inside = len(text[:start].encode()), len(text[start:end].encode())
    index = {"byteStart": before, "byteEnd": before + inside}
    return {"index": index, "features": [feature]}


def _zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
