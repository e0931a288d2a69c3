"""Step 2 for many at once: what a burst brings is captured in some twenty statements a batch.

Only the plain case is done here: a comment that nobody knew, heard once, said to us or by us. Edits,
deletions, context, what is heard twice in a batch and what cannot be read go through `capture`, one by one,
which knows all cases; so does everything when another worker was faster. Both write the same rows (a test
compares them).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects

from amends.connectors.kit.events import EventKind, InboundComment, InboundEvent
from amends.core.clock import Clock
from amends.inbox.capture import (
    FIRST_RECHECK,
    attachments_of,
    next_for,
    own_key,
    write_author,
)
from amends.inbox.listen import payload_of
from amends.inbox.match import note_mention, rule_in_force
from amends.inbox.models import (
    Attachment,
    Author,
    ChannelAccount,
    Comment,
    RawEvent,
    Thread,
    Version,
)
from amends.inbox.wire import Unreadable, event_from_json
from amends.record.keep import new_content
from amends.record.models import Content
from amends.work.claim import Claim, LeaseLost, finish_all


@dataclass(frozen=True, slots=True)
class Heard:
    """A claimed event of a comment that is not known yet."""

    claim: Claim[RawEvent]
    event: InboundEvent
    found: InboundComment


def capture_batch(claims: Sequence[Claim[RawEvent]], *, clock: Clock) -> list[Claim[RawEvent]]:
    """Capture what is plain; returns the claims that `capture` must do, untouched."""
    prefetch_related_objects([claim.row for claim in claims], "content", "account")
    plain, rest = _sort(claims)
    groups: defaultdict[int, list[Heard]] = defaultdict(list)
    for one in plain:
        groups[one.claim.row.account_id].append(one)
    for account_id, heard in groups.items():
        known = _known(heard, account=heard[0].claim.row.account)
        fresh = [one for one in heard if one.found.external_id not in known]
        rest += [one.claim for one in heard if one.found.external_id in known]
        try:
            with transaction.atomic():
                _write(fresh, account=heard[0].claim.row.account, now=clock.now())
                finish_all([one.claim for one in fresh])
        except (IntegrityError, LeaseLost):  # another worker wrote one of them: look at each
            rest += [one.claim for one in groups[account_id] if one in fresh]
    return rest


def _sort(
    claims: Sequence[Claim[RawEvent]],
) -> tuple[list[Heard], list[Claim[RawEvent]]]:
    """The plain ones, each comment once, and the others."""
    plain: list[Heard] = []
    rest: list[Claim[RawEvent]] = []
    seen: set[tuple[int, str]] = set()
    for claim in claims:
        name = (claim.row.account_id, claim.row.external_id)
        heard = None if name in seen else _heard(claim)
        seen.add(name)
        if heard is None:
            rest.append(claim)
        else:
            plain.append(heard)
    return plain, rest


def _heard(claim: Claim[RawEvent]) -> Heard | None:
    try:
        payload = payload_of(claim.row)
        event = event_from_json(payload)
    except (Unreadable, ValueError):
        return None
    found = event.comment
    is_plain = found is not None and event.kind is EventKind.CREATED
    if found is None or not is_plain or payload.get("is_context"):
        return None
    return Heard(claim, event, found)


def _known(heard: Iterable[Heard], *, account: ChannelAccount) -> set[str]:
    """What there is a comment of, or a deletion that was heard before it."""
    names = [one.found.external_id for one in heard]
    place = {"workspace_id": account.workspace_id, "kind": account.kind, "host": account.host}
    comments = Comment.objects.filter(**place, external_id__in=names)
    gone = RawEvent.objects.filter(account=account, external_id__in=names, kind=EventKind.DELETED)
    return {
        *comments.values_list("external_id", flat=True),
        *gone.values_list("external_id", flat=True),
    }


def _write(heard: Sequence[Heard], *, account: ChannelAccount, now: datetime) -> None:
    if not heard:
        return
    authors = _authors(heard, account=account)
    threads = _threads(heard, account=account, now=now)
    comments = Comment.objects.bulk_create(
        _comment(one, account=account, author=authors, thread=threads, now=now) for one in heard
    )
    _join_parents(comments, account=account)
    contents = Content.objects.bulk_create(
        new_content(
            workspace_id=account.workspace_id,
            text=one.found.text,
            payload=one.event.payload,
            now=now,
        )
        for one in heard
    )
    versions = Version.objects.bulk_create(
        _version(one, comment=comment, content=content, now=now)
        for one, comment, content in zip(heard, comments, contents, strict=True)
    )
    Attachment.objects.bulk_create(
        attachment
        for one, version in zip(heard, versions, strict=True)
        for attachment in attachments_of(one.found, version=version)
    )
    if rule_in_force(account.brand_id) is not None:
        for one, version in zip(heard, versions, strict=True):
            if not version.comment.is_ours:
                note_mention(version, found=one.found, now=now)


def _authors(heard: Sequence[Heard], *, account: ChannelAccount) -> dict[str, Author]:
    """Who wrote, as these events leave them: strangers written at once, the known each guarded."""
    place = {"workspace_id": account.workspace_id, "kind": account.kind, "host": account.host}
    by_author: defaultdict[str, list[Heard]] = defaultdict(list)
    for one in heard:
        by_author[one.found.author.external_id].append(one)
    rows = Author.objects.filter(**place, external_id__in=by_author)
    authors = {author.external_id: author for author in rows}
    strangers = []
    for name, ones in by_author.items():
        author = authors.get(name)
        if author is None:
            strangers.append(_stranger(ones, place=place))
        elif not _is_brought_up_to_date(author, ones):  # somebody else did, in the same moment
            for one in ones:
                write_author(one.found.author, event=one.event, account=account)
    written = Author.objects.bulk_create(strangers)
    return authors | {author.external_id: author for author in written}


def _stranger(ones: Sequence[Heard], *, place: dict[str, Any]) -> Author:
    first = min(one.event.observed_at for one in ones)
    author = Author(
        **place,
        external_id=ones[0].found.author.external_id,
        described_at=first,
        first_seen_at=first,
    )
    for one in _in_time(ones):
        _describe(author, one)
    return author


def _is_brought_up_to_date(author: Author, ones: Sequence[Heard]) -> bool:
    """One UPDATE that counts only if the author is still as they were read; False where it does not."""
    before = {"described_at": author.described_at, "first_seen_at": author.first_seen_at}
    for one in _in_time(ones):
        is_tie = one.event.observed_at == author.described_at
        if one.event.observed_at > author.described_at or (
            is_tie and one.found.author.handle < author.handle
        ):
            _describe(author, one)
        author.first_seen_at = min(author.first_seen_at, one.event.observed_at)
    values = {
        name: getattr(author, name)
        for name in (*("handle", "display_name", "url", "followers"), *before)
    }
    return bool(Author.objects.filter(pk=author.pk, **before).update(**values))


def _in_time(ones: Sequence[Heard]) -> list[Heard]:
    """The order in which descriptions count; at the same moment the smaller handle has the last word."""
    by_handle = sorted(ones, key=lambda one: one.found.author.handle, reverse=True)
    return sorted(by_handle, key=lambda one: one.event.observed_at)


def _describe(author: Author, one: Heard) -> None:
    said = one.found.author
    author.handle, author.display_name, author.url = said.handle, said.display_name, said.url
    if said.followers is not None:
        author.followers = said.followers
    author.described_at = one.event.observed_at


def _threads(
    heard: Sequence[Heard], *, account: ChannelAccount, now: datetime
) -> dict[str, Thread]:
    place = {"workspace_id": account.workspace_id, "kind": account.kind, "host": account.host}
    names = dict.fromkeys(_root(one) for one in heard)
    rows = Thread.objects.filter(**place, root_external_id__in=names)
    known = set(rows.values_list("root_external_id", flat=True))
    Thread.objects.bulk_create(
        Thread(**place, root_external_id=name, created_at=now)
        for name in names
        if name not in known
    )
    return {thread.root_external_id: thread for thread in rows.all()}


def _root(one: Heard) -> str:
    return one.found.thread_external_id or one.found.external_id


def _comment(
    one: Heard,
    *,
    account: ChannelAccount,
    author: dict[str, Author],
    thread: dict[str, Thread],
    now: datetime,
) -> Comment:
    found = one.found
    return Comment(
        workspace_id=account.workspace_id,
        kind=account.kind,
        host=account.host,
        external_id=found.external_id,
        brand_id=account.brand_id,
        account=account,
        author=author[found.author.external_id],
        thread=thread[_root(one)],
        parent_external_id=found.parent_external_id,
        url=found.url,
        is_ours=found.is_ours,
        is_history=found.published_at < account.connected_at,
        published_at=found.published_at,
        observed_at=one.event.observed_at,
        recheck_at=now + FIRST_RECHECK,
    )


def _join_parents(comments: Sequence[Comment], *, account: ChannelAccount) -> None:
    """Whom each answers, here or captured before; and who waits already for one of these."""
    place = {"workspace_id": account.workspace_id, "kind": account.kind, "host": account.host}
    named = {one.parent_external_id for one in comments if one.parent_external_id}
    keys = dict(
        Comment.objects.filter(**place, external_id__in=named).values_list("external_id", "pk")
    )
    waiting = Comment.objects.filter(
        **place,
        parent__isnull=True,
        parent_external_id__in=[*keys, *(one.external_id for one in comments)],
    ).only("pk", "parent_external_id")
    keys |= {one.external_id: one.pk for one in comments}
    orphans = list(waiting)
    for orphan in orphans:
        orphan.parent_id = keys[orphan.parent_external_id]
    Comment.objects.bulk_update(orphans, ["parent"])


def _version(one: Heard, *, comment: Comment, content: Content, now: datetime) -> Version:
    return Version(
        workspace_id=comment.workspace_id,
        comment=comment,
        key=one.found.version_key or own_key(one.found),
        occurred_at=one.found.edited_at or one.found.published_at,
        captured_at=now,
        content=content,
        digest=content.digest,
        method=one.event.gone_method or str(one.event.kind),
        **next_for(comment, now=now),
    )
