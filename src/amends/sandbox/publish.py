"""Post, answer, edit and delete: the only door through which posts change, each with its event."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from amends.core.clock import require_aware
from amends.sandbox.errors import PostGoneError, RefusedError
from amends.sandbox.ids import make_post_id
from amends.sandbox.models import (
    MAX_TEXT_CHARS,
    DeletedBy,
    Event,
    EventCounter,
    EventType,
    MeasureAct,
    Moderation,
    Person,
    Post,
    PostRevision,
    ThreadConcern,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_MENTION = re.compile(r"(?<![\w@.])@([a-z0-9_]{2,30})(?![a-z0-9_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PostDraft:
    """What somebody wants to say; `parent` is the post that it answers, None for a new thread."""

    author: Person
    text: str
    lang: str
    parent: Post | None = None
    attachments: Sequence[dict[str, str]] = ()
    idempotency_key: str | None = None


def publish_post(draft: PostDraft, *, now: datetime) -> Post:
    """Publish a post or an answer.

    Raises RefusedError for a bad text, PostGoneError for a deleted parent.
    """
    at = require_aware(now)
    text = _accept_text(draft.text)
    if draft.parent is not None:
        _check_parent(draft.parent, author=draft.author, now=at)
    post_id = make_post_id()
    with transaction.atomic():
        post = Post.objects.create(
            id=post_id,
            author=draft.author,
            parent=draft.parent,
            root_id=draft.parent.root_id if draft.parent else post_id,
            text=text,
            lang=draft.lang,
            created_at=at,
            attachments=list(draft.attachments),
            idempotency_key=draft.idempotency_key,
        )
        PostRevision.objects.create(post=post, revision=1, text=text, at=at)
        _note_concerns(post)
        record_event(post, EventType.CREATED, at=at)
    return post


def publish_once(draft: PostDraft, *, now: datetime) -> tuple[Post, bool]:
    """Publish under `draft.idempotency_key`; the same key again returns the post that stands.

    Also two requests at the same moment give one post: the unique key decides, not a look before.
    Returns the post and whether it is new. Raises RefusedError where the key stands for something
    else, PostGoneError where the post under the key was deleted since (it is not written again).
    """
    if not draft.idempotency_key:
        raise ValueError("publish_once needs an idempotency key")
    standing = _post_by_key(draft.idempotency_key)
    if standing is None:
        try:
            with transaction.atomic():
                return publish_post(draft, now=now), True
        except IntegrityError:
            standing = _post_by_key(draft.idempotency_key)
            if standing is None:
                raise
    parent_id = draft.parent.id if draft.parent else None
    asked = (draft.author.id, parent_id, _accept_text(draft.text))
    if asked != (standing.author_id, standing.parent_id, _first_text(standing)):
        raise RefusedError(_("This key already stands for another reply."), field="idempotency_key")
    if standing.is_gone:
        raise PostGoneError(standing.deleted_by)
    return standing, False


def edit_post(post: Post, *, text: str, now: datetime) -> Post:
    """Give a post a new text and keep the old one; the same text again changes nothing.

    Raises RefusedError for a bad text or where somebody else edited first, PostGoneError for a
    deleted post.
    """
    at = require_aware(now)
    text = _accept_text(text)
    if post.is_gone:
        raise PostGoneError(post.deleted_by)
    if text == post.text:
        return post
    with transaction.atomic():
        changed = Post.objects.filter(
            pk=post.pk, revision=post.revision, deleted_at__isnull=True
        ).update(text=text, edited_at=at, revision=F("revision") + 1)
        if not changed:
            raise RefusedError(_("The post was changed by somebody else meanwhile. Open it again."))
        post.refresh_from_db()
        note_revision(post, at=at)
        _note_concerns(post)
        record_event(post, EventType.EDITED, at=at)
    return post


def delete_post(post: Post, *, by: DeletedBy, now: datetime) -> Post:
    """Take a post away; raises PostGoneError where it is gone already."""
    at = require_aware(now)
    if by is DeletedBy.AUTHOR and post.author.is_brand:
        by = DeletedBy.US
    with transaction.atomic():
        changed = Post.objects.filter(pk=post.pk, deleted_at__isnull=True).update(
            deleted_at=at, deleted_by=by
        )
        post.refresh_from_db()
        if not changed:
            raise PostGoneError(post.deleted_by)
        record_event(post, EventType.DELETED, at=at)
    return post


def mentioned_handles(text: str) -> set[str]:
    """Return the handles that a text calls by @, in small letters."""
    return {handle.lower() for handle in _MENTION.findall(text)}


def _check_parent(parent: Post, *, author: Person, now: datetime) -> None:
    """Refuse to answer what is gone, a brand that banned or blocked the author, or whom one blocked."""
    if parent.is_gone:
        raise PostGoneError(parent.deleted_by)
    shut_out = Moderation.objects.filter(
        Q(act=MeasureAct.BLOCK, brand=parent.author, person=author)
        | Q(act=MeasureAct.BLOCK, brand=author, person=parent.author)
        | Q(act=MeasureAct.BAN, brand=parent.root.author, person=author),
        Q(until__isnull=True) | Q(until__gt=now),
        lifted_at__isnull=True,
    ).first()
    if shut_out is None:
        return
    if shut_out.act == MeasureAct.BLOCK:
        raise RefusedError(_("One of you has blocked the other: no answer is possible."))
    if shut_out.until is None:
        raise RefusedError(_("The brand has banned you from its threads."))
    raise RefusedError(
        _("The brand has banned you from its threads until %(until)s.")
        % {"until": f"{shut_out.until:%Y-%m-%d %H:%M} UTC"}
    )


def _accept_text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise RefusedError(_("Write something first: the text is empty."), field="text")
    if len(text) > MAX_TEXT_CHARS:
        raise RefusedError(
            _("The text has %(length)d characters; at most %(limit)d are possible.")
            % {"length": len(text), "limit": MAX_TEXT_CHARS},
            field="text",
        )
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise RefusedError(_("The text contains a character that cannot be stored."), field="text")
    return text


def _note_concerns(post: Post) -> None:
    """Remember which brand accounts the thread concerns; once so, it stays so."""
    ids: set[Any] = set(
        Person.objects.filter(is_brand=True, handle__in=mentioned_handles(post.text)).values_list(
            "id", flat=True
        )
    )
    if post.author.is_brand:
        ids.add(post.author_id)
    ThreadConcern.objects.bulk_create(
        [ThreadConcern(root_id=post.root_id, person_id=person_id) for person_id in sorted(ids)],
        ignore_conflicts=True,
    )


def note_revision(post: Post, *, at: datetime) -> None:
    """Keep the text that a post has from now on; in the caller's transaction."""
    PostRevision.objects.create(post=post, revision=post.revision, text=post.text, at=at)


def record_event(post: Post, kind: EventType, *, at: datetime) -> None:
    """Number what happened, so that listeners hear of it; in the caller's transaction."""
    if not EventCounter.objects.filter(pk=1).update(value=F("value") + 1):
        EventCounter.objects.get_or_create(pk=1)
        EventCounter.objects.filter(pk=1).update(value=F("value") + 1)
    sequence = EventCounter.objects.values_list("value", flat=True).get(pk=1)
    Event.objects.create(sequence=sequence, type=kind, post=post, revision=post.revision, at=at)


def _post_by_key(key: str) -> Post | None:
    return Post.objects.select_related("author").filter(idempotency_key=key).first()


def _first_text(post: Post) -> str:
    return post.revisions.get(revision=1).text
