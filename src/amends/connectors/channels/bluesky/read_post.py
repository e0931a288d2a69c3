"""Turns what the AppView shows of a post into the desk's own types, tolerant of odd records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import (
    EventKind,
    InboundAttachment,
    InboundAuthor,
    InboundComment,
    InboundEvent,
)

POST = "app.bsky.feed.post"
_URI = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]+)/([A-Za-z0-9.-]+)/([A-Za-z0-9._:~-]+)")


def split_uri(uri: str) -> tuple[str, str, str]:
    """The DID, collection and record key of an at-URI; ChannelError for anything else."""
    match = _URI.fullmatch(uri)
    if match is None:
        raise ChannelError(
            f"{uri[:120]!r} is not the address of a Bluesky post: it should begin with at://did:",
            permanent=True,
            code="not_found",
        )
    return match[1], match[2], match[3]


def web_url(uri: str) -> str:
    """Where a person reads the post."""
    did, _, key = split_uri(uri)
    return f"https://bsky.app/profile/{did}/post/{key}"


def read_event(view: dict[str, Any], *, our_did: str, observed_at: datetime) -> InboundEvent:
    """The event that a post view stands for; its key names the post and its version.

    Raises ChannelError "bad_answer" for a view that lacks address, version or author.
    """
    comment = read_post(view, our_did=our_did)
    return InboundEvent(
        key=f"{comment.external_id}@{comment.version_key}",
        kind=EventKind.CREATED,
        external_id=comment.external_id,
        observed_at=observed_at,
        comment=comment,
        payload=view,
    )


def read_post(view: dict[str, Any], *, our_did: str) -> InboundComment:
    """One version of a post; `view` has uri, cid, author, record, indexedAt and perhaps embed."""
    uri, cid, author = view.get("uri"), view.get("cid"), view.get("author")
    record = _dict(view.get("record"))
    if not isinstance(uri, str) or not isinstance(cid, str) or not _dict(author).get("did"):
        raise ChannelError(
            "Bluesky showed a post without address, version or author; the desk asks again.",
            code="bad_answer",
        )
    split_uri(uri)
    reply = _dict(record.get("reply"))
    languages = record.get("langs")
    return InboundComment(
        external_id=uri,
        author=_read_author(_dict(author)),
        text=record["text"] if isinstance(record.get("text"), str) else "",
        published_at=_published_at(view, record=record),
        is_ours=_dict(author)["did"] == our_did,
        version_key=cid,
        url=web_url(uri),
        thread_external_id=_uri_of(reply.get("root")),
        parent_external_id=_uri_of(reply.get("parent")),
        language=str(languages[0]) if isinstance(languages, list) and languages else "",
        attachments=tuple(_attachments(view, record=record)),
    )


def related_uris(view: dict[str, Any]) -> list[str]:
    """The posts that this one answers or quotes."""
    record = _dict(view.get("record"))
    reply = _dict(record.get("reply"))
    embed = _dict(record.get("embed"))
    quoted = _dict(embed.get("record"))
    found = (reply.get("root"), reply.get("parent"), quoted, quoted.get("record"))
    return [uri for uri in map(_uri_of, found) if f"/{POST}/" in uri]


def walk_thread(thread: object) -> list[dict[str, Any]]:
    """Every post view of a thread; what is deleted, blocked or unknown has none and is left out."""
    views: list[dict[str, Any]] = []
    waiting = _dicts([thread])
    while waiting:
        node = waiting.pop()
        if isinstance(node.get("post"), dict):
            views.append(node["post"])
        waiting.extend(_dicts([node.get("parent")]) + _dicts(node.get("replies")))
    return views


def read_time(value: object) -> datetime | None:
    """A time of the network; None for what is none (records are written by strangers)."""
    try:
        moment = datetime.fromisoformat(str(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _published_at(view: dict[str, Any], *, record: dict[str, Any]) -> datetime:
    """The earlier of what the author claims and when the network saw it, as the app sorts."""
    claimed, seen = read_time(record.get("createdAt")), read_time(view.get("indexedAt"))
    if claimed and seen:
        return min(claimed, seen)
    found = claimed or seen
    if found is None:
        raise ChannelError(
            "Bluesky showed a post without a time; the desk asks again.", code="bad_answer"
        )
    return found


def _read_author(author: dict[str, Any]) -> InboundAuthor:
    did = str(author["did"])
    followers = author.get("followersCount")
    return InboundAuthor(
        external_id=did,
        handle=str(author.get("handle") or did),
        display_name=str(author.get("displayName") or ""),
        url=f"https://bsky.app/profile/{did}",
        followers=followers if isinstance(followers, int) else None,
    )


def _attachments(view: dict[str, Any], *, record: dict[str, Any]) -> Iterator[InboundAttachment]:
    embed = _dict(view.get("embed")) or _dict(record.get("embed"))
    for part in (embed, _dict(embed.get("media"))):
        for image in _dicts(part.get("images")):
            if isinstance(image.get("fullsize"), str):
                yield InboundAttachment(
                    "image", image["fullsize"], alt_text=str(image.get("alt") or "")
                )
        if isinstance(part.get("playlist"), str):
            yield InboundAttachment("video", part["playlist"], alt_text=str(part.get("alt") or ""))
        external = _dict(part.get("external"))
        if isinstance(external.get("uri"), str):
            yield InboundAttachment(
                "link", external["uri"], alt_text=str(external.get("title") or "")
            )
    quoted = _dict(_dict(record.get("embed")).get("record"))
    for uri in (_uri_of(quoted), _uri_of(quoted.get("record"))):
        if f"/{POST}/" in uri and _URI.fullmatch(uri):
            yield InboundAttachment("link", web_url(uri))
    for facet in _dicts(record.get("facets")):
        for feature in _dicts(facet.get("features")):
            if isinstance(feature.get("uri"), str):  # what is shown may be a shortened address
                yield InboundAttachment("link", feature["uri"])


def _uri_of(reference: object) -> str:
    uri = _dict(reference).get("uri")
    return uri if isinstance(uri, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
