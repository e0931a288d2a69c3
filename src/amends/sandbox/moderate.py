"""What a brand does about others, and takes back: the only door, each thing once under its key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from amends.core.clock import require_aware
from amends.sandbox.errors import RefusedError
from amends.sandbox.models import DeletedBy, EventType, MeasureAct, Moderation, Person, Post
from amends.sandbox.publish import delete_post, note_revision, record_event

_IN_OWN_THREADS = frozenset({MeasureAct.HIDE, MeasureAct.DELETE_OTHERS})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a brand asks for; `until` is the end of a ban, None for one without end."""

    act: MeasureAct
    brand: Person
    post: Post
    ground: str = ""
    until: datetime | None = None


def moderate_once(asked: Asked, *, key: str, now: datetime) -> tuple[Moderation, bool]:
    """Do it under `key`; the same key again returns what stands. Returns it and whether it is new.

    Raises RefusedError for an own post, for a thread that is not the brand's where only its own may be
    tidied, and for a key that stands for something else; PostGoneError for deleting what is gone.
    """
    at = require_aware(now)
    standing = Moderation.objects.filter(key=key).first()
    if standing is None:
        _check(asked, now=at)
        try:
            with transaction.atomic():
                return _do(asked, key=key, at=at), True
        except IntegrityError:
            standing = Moderation.objects.filter(key=key).first()
            if standing is None:
                raise
    same = (asked.act, asked.brand.id, asked.post.id)
    if same != (standing.act, standing.brand_id, standing.post_id):
        raise RefusedError(_("This key already stands for something else."), field="key")
    return standing, False


def lift(done: Moderation, *, now: datetime) -> None:
    """Take it back; what was taken back already stays so. A report cannot be taken back."""
    at = require_aware(now)
    if done.act == MeasureAct.REPORT:
        raise RefusedError(_("A report cannot be taken back."))
    with transaction.atomic():
        if not Moderation.objects.filter(pk=done.pk, lifted_at__isnull=True).update(lifted_at=at):
            return
        if done.act == MeasureAct.HIDE:
            Post.objects.filter(pk=done.post_id).update(hidden_by=None)
        elif done.act == MeasureAct.DELETE_OTHERS:
            _bring_back(done.post, at=at)


def _check(asked: Asked, *, now: datetime) -> None:
    if asked.post.author_id == asked.brand.id:
        raise RefusedError(_("This post is your own: take it back instead."), field="post_id")
    is_own_thread = asked.post.root.author_id == asked.brand.id
    if asked.act in _IN_OWN_THREADS and not is_own_thread:
        raise RefusedError(
            _("Only answers below your own posts can be hidden or removed."), field="post_id"
        )
    if asked.until is not None and asked.until <= now:
        raise RefusedError(_("The end of a ban must lie in the future."), field="until")


def _do(asked: Asked, *, key: str, at: datetime) -> Moderation:
    done = Moderation.objects.create(
        key=key,
        act=asked.act,
        brand=asked.brand,
        person_id=asked.post.author_id,
        post=asked.post,
        ground=asked.ground,
        until=asked.until,
        at=at,
    )
    if asked.act == MeasureAct.HIDE:
        Post.objects.filter(pk=asked.post.pk).update(hidden_by=asked.brand)
    elif asked.act == MeasureAct.DELETE_OTHERS:
        delete_post(asked.post, by=DeletedBy.US, now=at)
        Post.objects.filter(pk=asked.post.pk).update(removed_by=asked.brand)
    return done


def _bring_back(post: Post, *, at: datetime) -> None:
    """The post stands again with its words, as a new revision, so that listeners notice."""
    back = Post.objects.filter(pk=post.pk, removed_by__isnull=False).update(
        deleted_at=None, deleted_by="", removed_by=None, edited_at=at, revision=F("revision") + 1
    )
    if back:
        post.refresh_from_db()
        note_revision(post, at=at)
        record_event(post, EventType.EDITED, at=at)
