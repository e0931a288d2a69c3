"""Takes comments that an own system brings in: stored as raw events, captured like those of any channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_triage, refuse_unless
from amends.connectors.channels.api import KIND, Item, record_item
from amends.core.clock import ScriptedClock
from amends.core.digest import keyed_digest
from amends.core.keys import load_or_create_key
from amends.inbox.listen import store_event
from amends.inbox.models import AccountStatus, ChannelAccount
from amends.record.log import Subject, log_action

AT_ONCE = 500  # items in one transaction: others who write wait no longer than that takes
AHEAD = timedelta(minutes=5)  # how far a system's clock may run ahead of ours


class CannotIngest(Exception):
    """The channel takes nothing; the message is for whoever runs the system."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one item: accepted (new, or a new state), known, or rejected with the reason."""

    external_id: str
    status: str
    error: str = ""


def ingest_items(
    account: ChannelAccount, *, items: Sequence[Item], by: User, now: datetime
) -> list[Taken]:
    """Store each item for capture, in order; one that cannot be read keeps none of the others out.

    Sending the same again is harmless. Raises NotAllowed, and CannotIngest for a channel of another kind
    or one that is paused.
    """
    refuse_unless(may_triage(by, account.workspace), _("bring in comments"))
    if account.kind != KIND:
        raise CannotIngest(
            _("This channel is not one of your own systems: connect one of the kind api.")
        )
    if account.status != AccountStatus.ACTIVE:
        raise CannotIngest(_("This channel is paused: resume it on the page Channels."))
    taken: list[Taken] = []
    for start in range(0, len(items), AT_ONCE):
        with transaction.atomic():
            part = [_take(one, account=account, now=now) for one in items[start : start + AT_ONCE]]
            _note(account, taken=part, by=by, now=now)
        taken += part
    return taken


def _take(item: Item, *, account: ChannelAccount, now: datetime) -> Taken:
    problem = _problem(item, now=now)
    if problem:
        return Taken(item.external_id, "rejected", problem)
    try:
        event = record_item(item, state=_state(item), observed_at=now)
    except ValueError as error:
        return Taken(item.external_id, "rejected", str(error))
    stored = store_event(event, account=account, clock=ScriptedClock(now))
    return Taken(item.external_id, "accepted" if stored else "known")


def _problem(item: Item, *, now: datetime) -> str:
    if item.published_at is not None and item.published_at > now + AHEAD:
        return "published_at lies in the future"
    if item.edited_at is not None and item.edited_at > now + AHEAD:
        return "edited_at lies in the future"
    return ""


def _state(item: Item) -> str:
    """A name for the words as they stand; keyed, so that it gives none of them away."""
    secret = load_or_create_key(Path(settings.KEYS_DIR) / "versions.key").encode()
    edited = item.edited_at.isoformat() if item.edited_at else ""
    return keyed_digest(secret, {"text": item.text, "edited_at": edited})


def _note(account: ChannelAccount, *, taken: Sequence[Taken], by: User, now: datetime) -> None:
    """One entry for the part, and that the channel was heard."""
    accepted = sum(one.status == "accepted" for one in taken)
    if not accepted:
        return
    ChannelAccount.objects.filter(pk=account.pk).update(last_heard_at=now)
    log_action(
        "comment.ingest",
        workspace_id=account.workspace_id,
        actor=actor_of(by),
        subject=Subject("channel", str(account.pk), account.label),
        now=now,
        data={"accepted": accepted, "known": sum(one.status == "known" for one in taken)},
    )
