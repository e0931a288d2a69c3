"""What the pages and the API read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q

from amends.sandbox.models import (
    Event,
    EventCounter,
    MeasureAct,
    Moderation,
    Person,
    Post,
    PostRevision,
)

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class ThreadItem:
    """A post of a thread and how deep it stands: 0 is the root; below 3 they stand side by side."""

    post: Post
    depth: int


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events with the text that the post had then, and the number to go on from."""

    events: tuple[tuple[Event, str], ...]
    cursor: int
    has_more: bool


def newest_threads() -> QuerySet[Post]:
    """Roots, the one with the newest post first; each with `answer_count` and `last_at`."""
    alive = Q(thread__deleted_at__isnull=True)
    return (
        Post.objects.filter(parent__isnull=True)
        .select_related("author")
        .annotate(
            answer_count=Count("thread", filter=alive & Q(thread__parent__isnull=False)),
            last_at=Max("thread__created_at"),
        )
        .order_by("-last_at", "-id")
    )


def posts_of_thread(root_id: str) -> list[Post]:
    """Every post of a thread, deleted ones too, oldest first."""
    return list(
        Post.objects.filter(root_id=root_id).select_related("author").order_by("created_at", "id")
    )


def thread_in_reading_order(root_id: str) -> list[ThreadItem]:
    """The thread as people read it: each answer below the post that it answers."""
    answers: dict[str | None, list[Post]] = {}
    for post in posts_of_thread(root_id):
        answers.setdefault(post.parent_id, []).append(post)
    items: list[ThreadItem] = []
    waiting = [(post, 0) for post in reversed(answers.get(None, []))]
    while waiting:
        post, depth = waiting.pop()
        items.append(ThreadItem(post=post, depth=min(depth, 3)))
        waiting.extend((answer, depth + 1) for answer in reversed(answers.get(post.id, [])))
    return items


def posts_of_person(person: Person) -> QuerySet[Post]:
    """What somebody wrote and did not lose, newest first."""
    return (
        Post.objects.filter(author=person, deleted_at__isnull=True)
        .select_related("author", "parent__author")
        .order_by("-created_at", "-id")
    )


def standing_moderations(person: Person, *, now: datetime) -> QuerySet[Moderation]:
    """What brands did about somebody and stands now: bans, blocks, reports."""
    return (
        Moderation.objects.filter(person=person, lifted_at__isnull=True)
        .filter(act__in=[MeasureAct.BAN, MeasureAct.BLOCK, MeasureAct.REPORT])
        .exclude(act=MeasureAct.BAN, until__lte=now)
        .select_related("brand")
    )


def head_sequence() -> int:
    """The number of the newest event, 0 before the first."""
    return EventCounter.objects.filter(pk=1).values_list("value", flat=True).first() or 0


def events_for(account: Person, *, after: int, limit: int) -> EventPage:
    """The events after a number, in threads that concern the account."""
    concerning = Event.objects.filter(post__root__concerns__person=account)
    return _page_of(concerning, after=after, limit=limit)


def public_events(*, after: int, limit: int) -> EventPage:
    """The events after a number in all threads: everything on this network is public."""
    return _page_of(Event.objects.all(), after=after, limit=limit)


def _page_of(events: QuerySet[Event], *, after: int, limit: int) -> EventPage:
    """Some events, each with the text of its own revision, also when the post was edited or deleted since.

    So a listener that was away for a while sees every version, as if it had listened all the time.
    """
    head = head_sequence()  # before the events: what is committed later has a greater number
    found = list(
        events.filter(sequence__gt=after, sequence__lte=head)
        .select_related("post__author")
        .order_by("sequence")[: limit + 1]
    )
    has_more = len(found) > limit
    found = found[:limit]
    texts = {
        (post_id, revision): text
        for post_id, revision, text in PostRevision.objects.filter(
            post_id__in={event.post_id for event in found}
        ).values_list("post_id", "revision", "text")
    }
    return EventPage(
        events=tuple((event, texts[(event.post_id, event.revision)]) for event in found),
        cursor=found[-1].sequence if has_more else max(head, after),
        has_more=has_more,
    )
