"""How posts, people and events look as JSON; times are ISO 8601 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from amends.sandbox.models import DeletedBy, Event, EventType, Person, Post

if TYPE_CHECKING:
    from django.http import HttpRequest


def person_as_json(person: Person, *, request: HttpRequest) -> dict[str, Any]:
    """The public face of a person."""
    return {
        "id": person.id,
        "handle": person.handle,
        "name": person.name,
        "followers": person.followers,
        "url": request.build_absolute_uri(reverse("sandbox:person", args=[person.handle])),
    }


def post_as_json(post: Post, *, account: Person, request: HttpRequest) -> dict[str, Any]:
    """A post as it stands now, seen by `account`."""
    return {
        "id": post.id,
        "revision": post.revision,
        "text": post.text,
        "created_at": as_iso(post.created_at),
        "edited_at": as_iso(post.edited_at) if post.edited_at else None,
        "author": person_as_json(post.author, request=request),
        "parent_id": post.parent_id,
        "root_id": post.root_id,
        "url": request.build_absolute_uri(reverse("sandbox:post", args=[post.id])),
        "lang": post.lang,
        "attachments": [
            {**attachment, "url": request.build_absolute_uri(attachment["url"])}
            for attachment in post.attachments
        ],
        "is_mine": post.author_id == account.id,
        "is_hidden": post.hidden_by_id is not None,
    }


def event_as_json(
    event: Event, *, text: str, account: Person, request: HttpRequest
) -> dict[str, Any]:
    """An event with the post as it stood then; a deletion carries no post."""
    post: dict[str, Any] | None = None
    if event.type != EventType.DELETED:
        post = post_as_json(event.post, account=account, request=request) | {
            "revision": event.revision,
            "text": text,
            "edited_at": as_iso(event.at) if event.type == EventType.EDITED else None,
        }
    return {
        "seq": event.sequence,
        "type": event.type,
        "at": as_iso(event.at),
        "deleted_by": deleted_by_as_json(event.post, account=account)
        if event.type == EventType.DELETED
        else None,
        "post": post,
        "post_id": event.post_id,
    }


def deleted_by_as_json(post: Post, *, account: Person) -> str:
    """Who deleted it, seen by `account`: another brand's own deletion is its author's.

    What a brand removed from a thread of its own was "us" for that brand and the network's for others.
    """
    if post.removed_by_id is not None:
        return str(DeletedBy.US if post.removed_by_id == account.id else DeletedBy.PLATFORM)
    if post.deleted_by == DeletedBy.US and post.author_id != account.id:
        return str(DeletedBy.AUTHOR)
    return post.deleted_by


def as_iso(moment: datetime) -> str:
    """ISO 8601 with microseconds and offset, in UTC."""
    return moment.astimezone(UTC).isoformat()
