"""Asks a channel for what was said about a brand without its handle, and keeps only what is a mention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import InboundEvent, Poll
from amends.connectors.kit.manifest import Action, Mode
from amends.connectors.kit.protocol import Channel
from amends.inbox.channels import manifest_of
from amends.inbox.match import Rule, post_of, rule_in_force
from amends.inbox.models import ChannelAccount, Comment, RawEvent

AFTER_TROUBLE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Search:
    """What a search brought: events that are mentions, and where to go on.

    Trouble with the search never costs what was said to us: it is told by `error_code`, and the channel is
    left alone for `pause`.
    """

    cursor: str
    events: tuple[InboundEvent, ...] = ()
    more: bool = False
    error_code: str = ""
    pause: timedelta = timedelta()


def search_mentions(channel: Channel, *, account: ChannelAccount) -> Search:
    """Search once, where the channel can and somebody has said what counts as a mention.

    While nobody has, the cursor is forgotten, so that a later watch begins at its own moment.
    """
    if not manifest_of(account).can(Action.SEARCH, mode=Mode.API):
        return Search("")
    in_force = rule_in_force(account.brand_id)
    if in_force is None:
        return Search("")
    _row, rule = in_force
    try:
        poll: Poll = channel.search(rule.names, account.search_cursor)  # type: ignore[attr-defined]
    except ChannelError as error:
        return Search(
            account.search_cursor,
            error_code=error.code,
            pause=error.retry_after or AFTER_TROUBLE,
        )
    return Search(poll.cursor, _mentions(poll, rule=rule, account=account), poll.more)


def _mentions(poll: Poll, *, rule: Rule, account: ChannelAccount) -> tuple[InboundEvent, ...]:
    """What names the brand, and whatever happens to comments that we have already."""
    ids = {event.external_id for event in poll.events}
    known = set(
        Comment.objects.filter(
            workspace_id=account.workspace_id,
            kind=account.kind,
            host=account.host,
            external_id__in=ids,
            is_context=False,
        ).values_list("external_id", flat=True)
    )
    heard = RawEvent.objects.filter(account=account, external_id__in=ids)
    known.update(
        heard.exclude(key__startswith="context:").values_list("external_id", flat=True)
    )  # heard, and not captured yet
    kept = []
    for event in poll.events:
        if event.external_id not in known:
            if event.comment is None or event.comment.is_ours:
                continue
            if not rule.explain(post_of(event.comment, channel=account.kind)).is_met:
                continue
            known.add(event.external_id)
        kept.append(event)
    return tuple(kept)
