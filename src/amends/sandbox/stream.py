"""The living stream: one scripted item at a time, round and round, never twice the same way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from amends.sandbox.errors import PostGoneError, RefusedError
from amends.sandbox.models import DeletedBy, Post, ScriptedItem, StreamState
from amends.sandbox.publish import PostDraft, delete_post, edit_post, publish_post

if TYPE_CHECKING:
    from datetime import datetime

_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


def publish_next(now: datetime) -> Post | None:
    """Carry out the next scripted item and return its post; after the last the first comes again.

    Every time round makes new posts with new ids and takes other alternatives of the text.
    Returns None where there is no script, where the item has nothing to act on (its post is gone),
    or where another process took the item first.
    """
    with transaction.atomic():
        state, _ = StreamState.objects.get_or_create(pk=1)
        item = _item_at_or_after(state.next_position)
        turn = state.turn
        if item is None:
            item, turn = _item_at_or_after(0), turn + 1
        if item is None:
            return None
        claimed = StreamState.objects.filter(
            pk=1, turn=state.turn, next_position=state.next_position
        ).update(turn=turn, next_position=item.position + 1)
        if not claimed:
            return None
        try:
            return _perform(item, turn=turn, now=now)
        except (PostGoneError, RefusedError):
            return None


def vary_text(text: str, *, turn: int) -> str:
    """Choose one alternative of each `{one|other}` by the turn; turn 0 takes the first ones.

    The turn is read as a number whose digits are the choices, so that a sentence comes back only
    after all its combinations; each choice is shifted by those before it, so that all of them move.
    """
    rest, shift = turn, 0

    def choose(found: re.Match[str]) -> str:
        nonlocal rest, shift
        alternatives = found.group(1).split("|")
        chosen = (rest + shift) % len(alternatives)
        rest //= len(alternatives)
        shift += chosen
        return alternatives[chosen]

    return _CHOICE.sub(choose, text)


def _item_at_or_after(position: int) -> ScriptedItem | None:
    return (
        ScriptedItem.objects.filter(position__gte=position)
        .select_related("author", "parent", "target__latest__author")
        .order_by("position")
        .first()
    )


def _perform(item: ScriptedItem, *, turn: int, now: datetime) -> Post | None:
    target = item.target.latest if item.target else None
    text = vary_text(item.text, turn=turn)
    if item.act == ScriptedItem.Act.DELETE:
        return delete_post(target, by=DeletedBy.AUTHOR, now=now) if target else None
    if item.act == ScriptedItem.Act.EDIT:
        return edit_post(target, text=text, now=now) if target else None
    if item.target is not None and target is None:
        return None  # it answers an item of this round that could not be published
    parent = target or item.parent
    post = publish_post(
        PostDraft(author=item.author, text=text, lang=item.lang, parent=parent), now=now
    )
    ScriptedItem.objects.filter(pk=item.pk).update(latest=post)
    return post
