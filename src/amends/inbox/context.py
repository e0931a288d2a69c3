"""Fetches the conversation around a comment and who wrote it, once, after it was captured."""

from __future__ import annotations

from django.db import transaction

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import InboundAuthor, InboundEvent
from amends.connectors.kit.manifest import Action, Mode
from amends.connectors.kit.protocol import Channel
from amends.core.clock import Clock
from amends.inbox.channels import manifest_of, open_account, sealed_session
from amends.inbox.listen import store_event
from amends.inbox.models import AccountStatus, Author, ChannelAccount, Comment, Version
from amends.work.claim import Claim, back_off, finish, put_off


def fetch_context(claim: Claim[Version], *, clock: Clock) -> None:
    """Store the thread's other comments as events; what is known already is no news."""
    version = claim.row
    comment = version.comment
    account = comment.account
    manifest = manifest_of(account)
    is_wanted = not (version.is_tombstone or comment.is_history)
    is_reachable = account.status == AccountStatus.ACTIVE and is_wanted
    if not is_reachable or not manifest.can(Action.CONTEXT, mode=Mode.API):
        finish(claim)
        return
    try:
        channel = open_account(account, clock=clock)
        around: tuple[InboundEvent, ...] = channel.context(comment.external_id)  # type: ignore[attr-defined]
        profile = _profile(channel, comment=comment)
        session = sealed_session(channel)
    except ChannelError as error:
        if error.permanent:
            finish(claim)  # context is a courtesy: the comment itself is safe
        else:
            pause = error.retry_after or back_off(version.attempts)
            put_off(claim, until=clock.now() + pause, error=str(error))
        return
    with transaction.atomic():
        for event in around:
            store_event(event, account=account, clock=clock, is_context=True)
        if profile is not None:
            # Erased while the channel was asked: what it said of them is not written.
            Author.objects.filter(pk=comment.author_id, erased_at__isnull=True).update(
                followers=profile.followers, display_name=profile.display_name, url=profile.url
            )
        if session:
            ChannelAccount.objects.filter(pk=account.pk).update(sealed_session=session)
        finish(claim)


def _profile(channel: Channel, *, comment: Comment) -> InboundAuthor | None:
    can_ask = manifest_of(comment.account).can(Action.PROFILE, mode=Mode.API)
    is_erased = comment.author.erased_at is not None
    if not can_ask or is_erased or comment.author.followers is not None:
        return None
    found: InboundAuthor = channel.profile(comment.author.external_id)  # type: ignore[attr-defined]
    return found
