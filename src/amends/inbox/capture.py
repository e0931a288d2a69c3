"""Step 2, capture: a raw event becomes author, thread, comment and version.

It is idempotent and free of order: the same events, replayed and shuffled, leave the same state. What is
unique is unique by constraint; what may arrive out of order (author, parent, deletion) is settled by what
the events say, never by when they came.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from amends.connectors.kit.events import EventKind, InboundAuthor, InboundComment, InboundEvent
from amends.connectors.kit.manifest import Action, Mode
from amends.core.clock import Clock
from amends.core.digest import keyed_digest
from amends.core.keys import load_or_create_key
from amends.core.vocabulary import GoneCause
from amends.inbox.ask_for_files import ask_for_files
from amends.inbox.channels import manifest_of
from amends.inbox.listen import payload_of
from amends.inbox.match import note_mention
from amends.inbox.models import (
    Attachment,
    Author,
    ChannelAccount,
    Comment,
    OrderLink,
    RawEvent,
    Thread,
    Version,
)
from amends.inbox.wire import Unreadable, event_from_json
from amends.record.keep import keep_content
from amends.work.claim import Claim, finish, park

FIRST_RECHECK = timedelta(seconds=20)


def capture(claim: Claim[RawEvent], *, clock: Clock) -> None:
    """Capture one raw event; an unreadable one is parked as it is and seen by a person."""
    raw = claim.row
    try:
        payload = payload_of(raw)
        event = event_from_json(payload)
    except Unreadable as error:
        park(claim, error=str(error))
        return
    with transaction.atomic():
        is_context = bool(payload.get("is_context"))
        capture_event(event, account=raw.account, now=clock.now(), is_context=is_context)
        finish(claim)


def capture_event(
    event: InboundEvent, *, account: ChannelAccount, now: datetime, is_context: bool = False
) -> Version | None:
    """Write what an event says; returns the new version, or None when there is nothing new.

    What is known only as context (found around another comment) is kept and shown, and asks nobody.
    """
    if event.comment is None:
        comment = _known(event.external_id, account=account)
        # A deletion may be heard before what it deletes: `apply_earlier_deletions` comes back to it.
        return _bury(comment, event=event, now=now) if comment else None
    comment, is_new = _write_comment(event.comment, event=event, account=account, now=now)
    if is_new and is_context:
        Comment.objects.filter(pk=comment.pk).update(is_context=True)
        comment.is_context = True
    elif comment.is_context and not is_context:
        _address_to_us(comment, now=now)
    version = _write_version(comment, event=event, found=event.comment, now=now)
    write_orders(comment, found=event.comment)
    if not (comment.is_ours or comment.is_context):
        _note_mention(version, comment=comment, found=event.comment, now=now)
    if is_new:
        apply_earlier_deletions(comment, account=account, now=now)
    return version


def _note_mention(
    version: Version | None, *, comment: Comment, found: InboundComment, now: datetime
) -> None:
    """Also of a version that was known before as context only, and now turns out to be about us."""
    key = version_key(found)
    named = version or comment.versions.filter(key=key, mentions__isnull=True).first()
    if named is not None:
        note_mention(named, found=found, now=now)


def _known(external_id: str, *, account: ChannelAccount) -> Comment | None:
    return Comment.objects.filter(
        workspace_id=account.workspace_id,
        kind=account.kind,
        host=account.host,
        external_id=external_id,
    ).first()


def _write_comment(
    found: InboundComment, *, event: InboundEvent, account: ChannelAccount, now: datetime
) -> tuple[Comment, bool]:
    place = {"workspace_id": account.workspace_id, "kind": account.kind, "host": account.host}
    thread, _ = Thread.objects.get_or_create(
        **place,
        root_external_id=found.thread_external_id or found.external_id,
        defaults={"created_at": now},
    )
    comment, is_new = Comment.objects.get_or_create(
        **place,
        external_id=found.external_id,
        defaults={
            "brand_id": account.brand_id,
            "account": account,
            "author": write_author(found.author, event=event, account=account),
            "thread": thread,
            "parent": _known(found.parent_external_id, account=account)
            if found.parent_external_id
            else None,
            "parent_external_id": found.parent_external_id,
            "url": found.url,
            "is_ours": found.is_ours,
            "is_history": found.published_at < account.connected_at,
            "published_at": found.published_at,
            "observed_at": event.observed_at,
            "recheck_at": first_recheck(account, now=now),
        },
    )
    if is_new:
        Comment.objects.filter(
            **place, parent_external_id=comment.external_id, parent__isnull=True
        ).update(parent=comment)
    else:
        write_author(found.author, event=event, account=account)
        Comment.objects.filter(pk=comment.pk, observed_at__gt=event.observed_at).update(
            observed_at=event.observed_at
        )
    return comment, is_new


def write_author(found: InboundAuthor, *, event: InboundEvent, account: ChannelAccount) -> Author:
    """The author as the latest observation describes them; an older one changes nothing.

    Nor does any once the author was erased.
    """
    words = {
        "handle": found.handle,
        "display_name": found.display_name,
        "url": found.url,
    }
    author, is_new = Author.objects.get_or_create(
        workspace_id=account.workspace_id,
        kind=account.kind,
        host=account.host,
        external_id=found.external_id,
        defaults={
            **words,
            "followers": found.followers,
            "described_at": event.observed_at,
            "first_seen_at": event.observed_at,
        },
    )
    if not is_new:
        rows = Author.objects.filter(pk=author.pk, erased_at__isnull=True)
        rows.filter(first_seen_at__gt=event.observed_at).update(first_seen_at=event.observed_at)
        # Most events do not count followers; silence about them is no news.
        reach = {} if found.followers is None else {"followers": found.followers}
        tie = Q(described_at=event.observed_at, handle__lt=found.handle)
        rows.filter(Q(described_at__lt=event.observed_at) | tie).update(
            **words, **reach, described_at=event.observed_at
        )
    return author


def first_recheck(account: ChannelAccount, *, now: datetime) -> datetime | None:
    """When a new comment is looked at again; never where the channel cannot be asked."""
    can_be_asked = manifest_of(account).can(Action.REFETCH, mode=Mode.API)
    return now + FIRST_RECHECK if can_be_asked else None


def _write_version(
    comment: Comment, *, event: InboundEvent, found: InboundComment, now: datetime
) -> Version | None:
    key = version_key(found)
    if comment.versions.filter(key=key).exists():
        return None
    is_dated_by_us = found.edited_at is None and event.kind is not EventKind.CREATED
    content = keep_content(
        workspace_id=comment.workspace_id, text=found.text, payload=event.payload, now=now
    )
    version = Version.objects.create(
        workspace_id=comment.workspace_id,
        comment=comment,
        key=key,
        occurred_at=event.observed_at
        if is_dated_by_us
        else (found.edited_at or found.published_at),
        captured_at=now,
        content=content,
        digest=content.digest,
        method=event.gone_method or str(event.kind),
        **next_for(comment, now=now),
    )
    carried = Attachment.objects.bulk_create(attachments_of(found, version=version))
    if not (comment.is_ours or comment.is_history):
        ask_for_files(carried, now=now)
    return version


def attachments_of(found: InboundComment, *, version: Version) -> list[Attachment]:
    """What a version carried, unsaved."""
    return [
        Attachment(
            version=version,
            position=position,
            kind=one.kind,
            url=one.url,
            alt_text=one.alt_text,
            media_type=one.media_type,
        )
        for position, one in enumerate(found.attachments)
    ]


def write_orders(comment: Comment, *, found: InboundComment) -> None:
    """Orders only join; one that is told again may come with another address or state.

    A state that is not told leaves the one that is known: silence takes nothing back. Where every word of
    the comment was erased, its orders went too and do not come back.
    """
    if not found.orders or _is_erased(comment):
        return
    for order in found.orders:
        told = {"state": order.state} if order.state else {}
        OrderLink.objects.update_or_create(
            comment=comment, reference=order.reference, defaults={"url": order.url, **told}
        )


def _is_erased(comment: Comment) -> bool:
    words = comment.versions.filter(is_tombstone=False)
    is_gone = words.filter(content__redacted_at__isnull=False).exists()
    return is_gone and not words.filter(content__redacted_at__isnull=True).exists()


def version_key(found: InboundComment, *, secret: bytes | None = None) -> str:
    """The channel's name of a state, else one of ours; keyed, so that it gives no words away.

    `secret` saves who captures many from reading the key file (`version_secret`) for each.
    """
    if found.version_key:
        return found.version_key
    edited = found.edited_at.isoformat() if found.edited_at else ""
    said = {
        "text": found.text,
        "edited_at": edited,
        "attachments": [asdict(one) for one in found.attachments],
    }
    return f"h:{keyed_digest(secret or version_secret(), said)}"


def version_secret() -> bytes:
    return load_or_create_key(Path(settings.KEYS_DIR) / "versions.key").encode()


def _bury(comment: Comment, *, event: InboundEvent, now: datetime) -> Version | None:
    key = f"gone:{event.key}"[:400]
    if comment.versions.filter(key=key).exists():
        return None
    return Version.objects.create(
        workspace_id=comment.workspace_id,
        comment=comment,
        key=key,
        occurred_at=event.observed_at,
        captured_at=now,
        method=event.gone_method or str(event.kind),
        is_tombstone=True,
        gone_cause=event.gone_cause or GoneCause.UNKNOWN,
        gone_confidence=event.gone_confidence,
        **next_for(comment, now=now),
    )


def next_for(comment: Comment, *, now: datetime) -> dict[str, object]:
    """Our own posts and what was not said to us are context: nobody judges or answers them."""
    if comment.is_ours or comment.is_context:
        return {}
    return {"next_step": "classify", "due_at": now}


def _address_to_us(comment: Comment, *, now: datetime) -> None:
    """What was found around another comment turns out to be said to us: now it is judged."""
    Comment.objects.filter(pk=comment.pk).update(is_context=False)
    comment.is_context = False
    comment.versions.update(**next_for(comment, now=now))


def apply_earlier_deletions(comment: Comment, *, account: ChannelAccount, now: datetime) -> None:
    heard = RawEvent.objects.filter(
        account=account, external_id=comment.external_id, kind=EventKind.DELETED
    )
    for raw in heard.select_related("content"):
        _bury(comment, event=event_from_json(payload_of(raw)), now=now)
