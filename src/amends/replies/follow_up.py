"""Step 8, follow up: looks whether our answer still stands where it was sent."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from amends.cases.transitions import log_on_case
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.manifest import Action, Mode
from amends.core.clock import Clock
from amends.inbox.channels import manifest_of, open_account
from amends.record.log import WORKER
from amends.replies.models import Delivery, DeliveryStatus
from amends.replies.send import FOLLOW_UP, outbound
from amends.work.claim import Claim, back_off, finish, park, put_off

AGES = (timedelta(minutes=2), timedelta(hours=1), timedelta(days=1), timedelta(days=7))


def follow_up(claim: Claim[Delivery], *, clock: Clock) -> None:
    """Note once when our answer has vanished; look again after an hour, a day, a week."""
    delivery = claim.row
    now = clock.now()
    if delivery.reply.is_private:  # a mailbox of ours is no proof, and tidying it no news
        finish(claim)
        return
    can_look = manifest_of(delivery.account).can(Action.FIND_REPLY, mode=Mode.API)
    if delivery.status != DeliveryStatus.SENT or delivery.sent_at is None or not can_look:
        finish(claim)
        return
    try:
        channel = open_account(delivery.account, clock=clock)
        found = channel.find_reply(outbound(delivery))  # type: ignore[attr-defined]
    except ChannelError as error:
        if error.permanent:
            park(claim, error=str(error))
            return
        put_off(claim, until=now + (error.retry_after or back_off(10)), error=str(error))
        return
    age = now - delivery.sent_at
    later = next((delivery.sent_at + mark for mark in AGES if mark > age), None)
    with transaction.atomic():
        if found is None:
            finish(claim)
            log_on_case(
                delivery.reply.case,
                "reply.vanish",
                actor=WORKER,
                now=now,
                data={"reply": delivery.reply_id, "url": delivery.url},
            )
        else:
            finish(claim, next_step=FOLLOW_UP if later else "", due_at=later)
