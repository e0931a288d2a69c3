"""Step 1, listen: asks a channel what is new and keeps the raw events and the cursor together."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import EventKind, InboundEvent
from amends.core.clock import Clock
from amends.inbox.channels import manifest_of, open_account, sealed_session
from amends.inbox.models import AccountStatus, ChannelAccount, Comment, RawEvent, Version
from amends.inbox.queries import latest_version
from amends.inbox.search import search_mentions
from amends.inbox.wire import event_to_json
from amends.record.keep import keep_content
from amends.record.log import WORKER, Subject, log_action
from amends.work.claim import Claim, back_off, finish, park, put_off

LISTEN = "listen"
RECEIVE_MAIL = "receive_mail"


def listen(claim: Claim[ChannelAccount], *, clock: Clock) -> None:
    """Poll once, and search where the channel can; the cursors move in the transaction that stores what they
    stand for."""
    account = claim.row
    if account.status != AccountStatus.ACTIVE:
        park(claim, error="")
        return
    try:
        channel = open_account(account, clock=clock)
        poll = channel.poll(account.cursor)  # type: ignore[attr-defined]  # claimed by the manifest
        search = search_mentions(channel, account=account)
        session = sealed_session(channel)
    except ChannelError as error:
        note_trouble(claim, error=error, clock=clock)
        return
    now = clock.now()
    wait = max(manifest_of(account).poll_every, search.pause)
    pause = timedelta() if poll.more or search.more else wait
    with transaction.atomic():
        events = (*poll.events, *search.events)
        heard = [store_event(event, account=account, clock=clock) for event in events]
        finish(claim, next_step=LISTEN, due_at=now + pause)
        fresh = {"last_heard_at": now} if any(heard) else {}
        ChannelAccount.objects.filter(pk=account.pk).update(
            cursor=poll.cursor,
            search_cursor=search.cursor,
            sealed_session=session,
            last_polled_at=now,
            error_code=search.error_code,
            **fresh,
        )


def store_event(
    event: InboundEvent,
    *,
    account: ChannelAccount,
    clock: Clock,
    is_present: bool = False,
    is_context: bool = False,
) -> RawEvent | None:
    """Keep one event for capture; None when it is known already.

    `is_present` says that the event shows how the comment stands right now (a re-fetch): then a state that
    was seen before and came back (edited to and fro, restored) is news again, although its key is not.
    `is_context` says that the comment was found around another one: it was not said to us, so nobody is asked
    to answer it, unless the channel reports it as well.
    """
    known = Comment.objects.filter(
        workspace_id=account.workspace_id,
        kind=account.kind,
        host=account.host,
        external_id=event.external_id,
    ).first()
    latest = latest_version(known) if known else None
    if latest is not None:
        event = _in_the_light_of(latest, event=event, is_present=is_present)
    if is_context:
        if _is_known_version(event, latest=latest):
            return None
        event = replace(event, key=f"context:{event.key}")
    if RawEvent.objects.filter(account=account, key=event.key).exists():
        return None
    now = clock.now()
    payload = event_to_json(event, is_context=is_context)
    try:
        with transaction.atomic():
            content = keep_content(
                workspace_id=account.workspace_id, text="", payload=payload, now=now
            )
            return RawEvent.objects.create(
                workspace_id=account.workspace_id,
                account=account,
                key=event.key,
                kind=event.kind,
                external_id=event.external_id,
                observed_at=event.observed_at,
                received_at=now,
                content=content,
                next_step=_first_step(event),
                due_at=now,
            )
    except IntegrityError:  # another worker heard it in the same moment
        return None


def _first_step(event: InboundEvent) -> str:
    """A mail may belong to a private conversation, which is looked at before it is taken for a comment."""
    is_mail = event.comment is not None and event.comment.mail is not None
    return RECEIVE_MAIL if is_mail else "capture"


def note_trouble(claim: Claim[ChannelAccount], *, error: ChannelError, clock: Clock) -> None:
    """Wait as long as the channel asks; stop listening, and say so, when waiting cannot help."""
    account = claim.row
    now = clock.now()
    if not error.permanent:
        pause = error.retry_after or back_off(account.attempts)
        put_off(claim, until=now + pause, error=str(error))
        ChannelAccount.objects.filter(pk=account.pk).update(error_code=error.code)
        return
    with transaction.atomic():
        park(claim, error=str(error))
        ChannelAccount.objects.filter(pk=account.pk).update(
            status=AccountStatus.FAILED, error_code=error.code
        )
        log_action(
            "channel.fail",
            workspace_id=account.workspace_id,
            actor=WORKER,
            subject=Subject("channel", str(account.pk), account.label),
            now=now,
            data={"code": error.code},
        )


def _in_the_light_of(latest: Version, *, event: InboundEvent, is_present: bool) -> InboundEvent:
    """The event as news about a comment that is known: a new state without a date of its own is an edit,
    dated by when we saw it, and a state that came back gets a key of its own."""
    if event.comment is None:
        return event
    comment = event.comment
    returned = (
        is_present
        and bool(comment.version_key)
        and latest.key.partition("#")[0] != comment.version_key
        and latest.comment.versions.filter(key=comment.version_key).exists()
    ) or (is_present and latest.is_tombstone)
    if returned:
        mark = f"#{event.observed_at.isoformat()}"
        comment = replace(comment, version_key=(comment.version_key or "back") + mark)
        return replace(event, key=event.key + mark, kind=EventKind.EDITED, comment=comment)
    is_other = (
        bool(comment.version_key)
        and not latest.comment.versions.filter(key=comment.version_key).exists()
    )
    is_later = event.observed_at >= latest.occurred_at  # an old event may also arrive late
    if event.kind is EventKind.CREATED and is_other and is_later:
        return replace(event, kind=EventKind.EDITED)
    return event


def _is_known_version(event: InboundEvent, *, latest: Version | None) -> bool:
    if latest is None or event.comment is None:
        return False
    return latest.comment.versions.filter(key=event.comment.version_key).exists()


def payload_of(event: RawEvent) -> dict[str, Any]:
    """The stored event as JSON, for `wire.event_from_json`."""
    loaded: dict[str, Any] = json.loads(event.content.payload)
    return loaded
