"""Step 2 for many events at once: a file of history, a bulk of the API; the same state as one by one.

What `capture_event` promises holds here too: replays are harmless, the order does not matter, what is unique
is unique by constraint. Deletions, and what is known so far only as context, take the single way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery

from amends.connectors.kit.events import EventKind, InboundAuthor, InboundComment, InboundEvent
from amends.inbox.ask_for_files import ask_for_files
from amends.inbox.capture import (
    apply_earlier_deletions,
    attachments_of,
    capture_event,
    first_recheck,
    next_for,
    version_key,
    version_secret,
    write_orders,
)
from amends.inbox.match import note_mentions
from amends.inbox.models import (
    Attachment,
    Author,
    ChannelAccount,
    Comment,
    RawEvent,
    Thread,
    Version,
)
from amends.record.keep import new_content
from amends.record.models import Content

TRIES = 3  # somebody else may capture the same comment in the same moment
HISTORY_STEP = (
    "classify_history"  # history is judged beside the journey, so that nobody waits for it
)


@dataclass(frozen=True, slots=True)
class Captured:
    """What became of a batch: new comments, new versions of known ones, and what was known already."""

    new: int = 0
    changed: int = 0
    known: int = 0


def capture_many(
    events: Sequence[InboundEvent],
    *,
    account: ChannelAccount,
    now: datetime,
    is_history: bool | None = None,
) -> Captured:
    """Write what the events of one account say, in a transaction; some thousand at once are a good size.

    `is_history` says for all of them whether clocks stay still and nobody is asked; None lets the day decide
    on which the account was connected, as for a live channel.
    """
    alone = [event for event in events if event.comment is None]
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                batch = _Batch(account, now=now, is_history=is_history)
                done = batch.capture([event for event in events if event.comment is not None])
                for event in (*batch.set_aside, *alone):
                    capture_event(event, account=account, now=now)
                return done
        except IntegrityError:
            if attempt == TRIES:
                raise
    raise AssertionError("unreachable")


@dataclass(slots=True)
class _Found:
    """An event with its comment at hand, so that nobody asks again whether there is one."""

    event: InboundEvent
    comment: InboundComment


@dataclass(slots=True)
class _Batch:
    """One run over some events; holds what the database knows of them."""

    account: ChannelAccount
    now: datetime
    is_history: bool | None
    set_aside: list[InboundEvent] = field(default_factory=list)
    _place: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        of_all = {"workspace_id": self.account.workspace_id}
        self._place = {**of_all, "kind": self.account.kind, "host": self.account.host}

    def capture(self, events: Iterable[InboundEvent]) -> Captured:
        found = [_Found(event, event.comment) for event in events if event.comment is not None]
        ids = {one.comment.external_id for one in found}
        known = {
            one.external_id: one
            for one in Comment.objects.filter(**self._place, external_id__in=ids)
        }
        context = {key for key, one in known.items() if one.is_context}
        self.set_aside = [one.event for one in found if one.comment.external_id in context]
        found = [one for one in found if one.comment.external_id not in context]
        comments = self._write_comments(found, known=known)
        fresh = [key for key in comments if key not in known]
        versions, said = self._write_versions(found, comments=comments, known=known)
        new = len(fresh)
        changed = len(versions) - new
        self._note_seen_earlier(found, known=known)
        note_mentions(
            [pair for pair in said if not pair[0].comment.is_ours],
            brand_id=self.account.brand_id,
            now=self.now,
        )
        for one in found:
            write_orders(comments[one.comment.external_id], found=one.comment)
        self._bury_the_gone(fresh, comments=comments)
        return Captured(new, changed, len(found) - len(versions))

    def _write_comments(
        self, found: list[_Found], *, known: dict[str, Comment]
    ) -> dict[str, Comment]:
        authors = self._write_authors(found)
        first: dict[str, _Found] = {}
        for one in found:
            first.setdefault(one.comment.external_id, one)
        threads = self._write_threads(
            {_root(one.comment) for one in first.values() if one.comment.external_id not in known}
        )
        parents = self._known_parents(one.comment for one in first.values())
        recheck_at = first_recheck(self.account, now=self.now)
        rows = [
            Comment(
                **self._place,
                brand_id=self.account.brand_id,
                account=self.account,
                external_id=key,
                author_id=authors[one.comment.author.external_id],
                thread_id=threads[_root(one.comment)],
                parent_id=parents.get(one.comment.parent_external_id),
                parent_external_id=one.comment.parent_external_id,
                url=one.comment.url,
                is_ours=one.comment.is_ours,
                is_history=self._is_history(one.comment),
                published_at=one.comment.published_at,
                observed_at=one.event.observed_at,
                recheck_at=recheck_at,
            )
            for key, one in first.items()
            if key not in known
        ]
        made = {one.external_id: one for one in Comment.objects.bulk_create(rows)}
        self._tie_answers(list(made))
        return {**known, **made}

    def _is_history(self, comment: InboundComment) -> bool:
        if self.is_history is not None:
            return self.is_history
        return comment.published_at < self.account.connected_at

    def _known_parents(self, comments: Iterable[InboundComment]) -> dict[str, int]:
        wanted = {one.parent_external_id for one in comments} - {""}
        rows = Comment.objects.filter(**self._place, external_id__in=wanted)
        return dict(rows.values_list("external_id", "pk"))

    def _tie_answers(self, ids: list[str]) -> None:
        """Answers that came before what they answer, earlier or in this batch."""
        parent = Comment.objects.filter(**self._place, external_id=OuterRef("parent_external_id"))
        Comment.objects.filter(
            **self._place, parent__isnull=True, parent_external_id__in=ids
        ).update(parent_id=Subquery(parent.values("pk")[:1]))

    def _write_threads(self, roots: set[str]) -> dict[str, int]:
        rows = Thread.objects.filter(**self._place, root_external_id__in=roots)
        found = dict(rows.values_list("root_external_id", "pk"))
        made = Thread.objects.bulk_create(
            Thread(**self._place, root_external_id=root, created_at=self.now)
            for root in sorted(roots - set(found))
        )
        return found | {one.root_external_id: one.pk for one in made}

    def _write_authors(self, found: list[_Found]) -> dict[str, int]:
        latest: dict[str, tuple[datetime, InboundAuthor]] = {}
        earliest: dict[str, datetime] = {}
        for one in found:
            author, at = one.comment.author, one.event.observed_at
            earliest[author.external_id] = min(at, earliest.get(author.external_id, at))
            before = latest.get(author.external_id)
            if before is None or (before[0], before[1].handle) < (at, author.handle):
                latest[author.external_id] = (at, _with_reach(author, before))
        # Held until the end, in one order, since what is read here decides what is written below.
        rows = Author.objects.select_for_update().order_by("pk")
        known = {one.external_id: one for one in rows.filter(**self._place, external_id__in=latest)}
        made = Author.objects.bulk_create(
            Author(
                **self._place,
                external_id=key,
                **_description(author),
                followers=author.followers,
                described_at=at,
                first_seen_at=earliest[key],
            )
            for key, (at, author) in latest.items()
            if key not in known
        )
        _describe_anew(known, latest=latest, earliest=earliest)
        return {key: one.pk for key, one in known.items()} | {
            one.external_id: one.pk for one in made
        }

    def _write_versions(
        self, found: list[_Found], *, comments: dict[str, Comment], known: dict[str, Comment]
    ) -> tuple[list[Version], list[tuple[Version, InboundComment]]]:
        secret = version_secret()
        keys = [version_key(one.comment, secret=secret) for one in found]
        stored = Version.objects.filter(comment__in=[one.pk for one in known.values()])
        there = set(stored.values_list("comment_id", "key"))
        with_words = {comment for comment, _key in there}
        todo: list[tuple[_Found, str, bool]] = []
        for one, key in zip(found, keys, strict=True):
            comment = comments[one.comment.external_id]
            if (comment.pk, key) in there:
                continue
            todo.append((one, key, comment.pk in with_words))
            there.add((comment.pk, key))
            with_words.add(comment.pk)
        contents = [
            new_content(
                workspace_id=self.account.workspace_id,
                text=one.comment.text,
                payload=one.event.payload,
                now=self.now,
            )
            for one, _key, _is_later in todo
        ]
        Content.objects.bulk_create(contents)
        versions = [
            self._version(
                one, key=key, later=at if is_later else 0, comments=comments, content=content
            )
            for at, ((one, key, is_later), content) in enumerate(
                zip(todo, contents, strict=True), start=1
            )
        ]
        Version.objects.bulk_create(versions)
        self._write_attachments(versions, todo=[one for one, _key, _later in todo])
        return versions, [
            (version, one.comment) for version, (one, _k, _l) in zip(versions, todo, strict=True)
        ]

    def _version(
        self,
        one: _Found,
        *,
        key: str,
        later: int,
        comments: dict[str, Comment],
        content: Content,
    ) -> Version:
        comment, found, event = comments[one.comment.external_id], one.comment, one.event
        # A further state without a date of its own is an edit, dated by when we saw it; of two in one batch
        # the later one is later.
        is_edit = bool(later) or event.kind is not EventKind.CREATED
        is_dated_by_us = found.edited_at is None and is_edit
        said = found.edited_at or found.published_at
        kind = EventKind.EDITED if is_edit else event.kind
        step = next_for(comment, now=self.now)
        if step and self.is_history:  # a file of old words: judged beside the journey
            step["next_step"] = HISTORY_STEP
        return Version(
            workspace_id=comment.workspace_id,
            comment=comment,
            key=key,
            occurred_at=event.observed_at + timedelta(microseconds=later)
            if is_dated_by_us
            else said,
            captured_at=self.now,
            content=content,
            digest=content.digest,
            method=event.gone_method or str(kind),
            **step,
        )

    def _write_attachments(self, versions: list[Version], *, todo: list[_Found]) -> None:
        rows = [
            row
            for version, one in zip(versions, todo, strict=True)
            for row in attachments_of(one.comment, version=version)
        ]
        carried = Attachment.objects.bulk_create(rows)
        ask_for_files(
            [
                one
                for one in carried
                if not (one.version.comment.is_ours or one.version.comment.is_history)
            ],
            now=self.now,
        )

    def _note_seen_earlier(self, found: list[_Found], *, known: dict[str, Comment]) -> None:
        for one in found:
            row = known.get(one.comment.external_id)
            if row is not None and one.event.observed_at < row.observed_at:
                Comment.objects.filter(pk=row.pk, observed_at__gt=one.event.observed_at).update(
                    observed_at=one.event.observed_at
                )

    def _bury_the_gone(self, fresh: list[str], *, comments: dict[str, Comment]) -> None:
        """Deletions that were heard before what they delete."""
        heard = RawEvent.objects.filter(
            account=self.account, external_id__in=fresh, kind=EventKind.DELETED
        )
        for external_id in set(heard.values_list("external_id", flat=True)):
            apply_earlier_deletions(comments[external_id], account=self.account, now=self.now)


def _root(comment: InboundComment) -> str:
    return comment.thread_external_id or comment.external_id


def _description(author: InboundAuthor) -> dict[str, str]:
    return {"handle": author.handle, "display_name": author.display_name, "url": author.url}


def _describe_anew(
    known: dict[str, Author],
    *,
    latest: dict[str, tuple[datetime, InboundAuthor]],
    earliest: dict[str, datetime],
) -> None:
    """Known authors as the latest observation describes them, as `capture` does for one; not the erased."""
    changed: dict[int, Author] = {}
    for key, row in known.items():
        if row.erased_at is not None:
            continue
        at, author = latest[key]
        if (row.described_at, row.handle) < (at, author.handle):
            for name, value in _description(author).items():
                setattr(row, name, value)
            row.followers = row.followers if author.followers is None else author.followers
            row.described_at = at
            changed[row.pk] = row
        if earliest[key] < row.first_seen_at:
            row.first_seen_at = earliest[key]
            changed[row.pk] = row
    # They are there and held, so each is a conflict, and its update: far faster than one by one.
    Author.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[
            *("handle", "display_name", "url", "followers", "described_at", "first_seen_at"),
        ],
    )


def _with_reach(
    author: InboundAuthor, before: tuple[datetime, InboundAuthor] | None
) -> InboundAuthor:
    """Silence about the followers is no news of them."""
    if author.followers is not None or before is None or before[1].followers is None:
        return author
    return InboundAuthor(
        author.external_id,
        author.handle,
        author.display_name,
        author.url,
        followers=before[1].followers,
    )
