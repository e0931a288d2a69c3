"""What a person does about a delivery: confirm a pasted reply, send again, settle what is unknown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_send, refuse_unless
from amends.cases.queries import hold_in_force
from amends.cases.transitions import NotPossible, log_on_case
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import SentReply
from amends.connectors.kit.manifest import Action, Mode
from amends.core.clock import ScriptedClock, SystemClock
from amends.inbox.channels import manifest_of, open_account
from amends.replies.approve import SEND
from amends.replies.consent import check_consent
from amends.replies.level import is_approved_enough
from amends.replies.lint import lint_draft
from amends.replies.models import Delivery, DeliveryMode, DeliveryStatus
from amends.replies.queries import approval_in_force, is_pinned_to_latest, lock_reply
from amends.replies.send import record_sent

MAX_ID_CHARS = 300


def confirm_published(delivery: Delivery, *, url: str, by: User, now: datetime) -> bool:
    """A person posted the approved text by hand: verify it at `url`, or take their word for it.

    Returns whether the desk saw the text itself. Raises NotPossible when the reply may not be out.
    """
    refuse_unless(may_send(by, delivery.workspace), _("send replies"))
    reply = delivery.reply
    if delivery.mode != DeliveryMode.ASSISTED or delivery.status == DeliveryStatus.SENT:
        raise NotPossible(_("This reply does not wait for a person to post it."))
    approval = approval_in_force(reply)
    if approval is None:
        raise NotPossible(_("The approval was taken back: this text should not be posted."))
    if not is_approved_enough(reply, approval=approval, linted=lint_draft(reply, now=now), now=now):
        raise NotPossible(_("The matter asks for a higher approval by now: ask for it again."))
    if not is_pinned_to_latest(reply):
        raise NotPossible(
            _("The comment changed since the reply was written: it must be read again.")
        )
    check_consent(reply)
    if hold_in_force(reply.case):
        raise NotPossible(_("A hold stands on this case: nothing may be sent."))
    seen = verify(delivery, url=url) if url else None
    sent = seen or _by_word(url)
    with transaction.atomic():
        lock_reply(reply.pk)
        marked = Delivery.objects.filter(pk=delivery.pk, status=delivery.status).update(
            confirmed_by=by
        )
        if not marked:
            raise NotPossible(_("Somebody else confirmed this reply in the meantime."))
        record_sent(
            delivery,
            sent=sent,
            actor=actor_of(by),
            is_verified=seen is not None,
            clock=ScriptedClock(now),
        )
    return seen is not None


def verify(delivery: Delivery, *, url: str) -> SentReply | None:
    """The reply as it stands at an address, or None where it cannot be seen."""
    if not manifest_of(delivery.account).can(Action.VERIFY_PUBLISHED, mode=Mode.API):
        return None
    channel = open_account(delivery.account, clock=SystemClock())
    try:
        found: SentReply | None = channel.verify_published(url, delivery.reply.text)  # type: ignore[attr-defined]
    except ChannelError:
        return None  # the person's word counts then, and the record says so
    return found


def _by_word(url: str) -> SentReply:
    """What a person says, unseen by the desk; addresses may be longer than ids are stored."""
    return SentReply(external_id=url[:MAX_ID_CHARS], url=url)


def send_again(delivery: Delivery, *, by: User, now: datetime) -> None:
    """Try a failed delivery once more, with the same key; all checks are made anew."""
    refuse_unless(may_send(by, delivery.workspace), _("send replies"))
    if delivery.status not in {DeliveryStatus.FAILED, DeliveryStatus.READY}:
        raise NotPossible(_("Only a delivery that failed can be sent again."))
    if delivery.mode != DeliveryMode.API or approval_in_force(delivery.reply) is None:
        raise NotPossible(_("The approval was taken back: this text should not be posted."))
    with transaction.atomic():
        waiting = Delivery.objects.filter(pk=delivery.pk, status=delivery.status)
        if not waiting.update(
            status=DeliveryStatus.READY, next_step=SEND, due_at=now, attempts=0, error_code=""
        ):
            raise NotPossible(_("Only a delivery that failed can be sent again."))
        _log(delivery, "reply.send_again", by=by, now=now, data={})


def settle_unknown(delivery: Delivery, *, arrived: bool, url: str, by: User, now: datetime) -> None:
    """A person looked on the channel: it stands there (at `url`), or it does not and is sent anew."""
    refuse_unless(may_send(by, delivery.workspace), _("send replies"))
    if delivery.status != DeliveryStatus.UNKNOWN:
        raise NotPossible(_("What became of this reply is known already."))
    with transaction.atomic():
        lock_reply(delivery.reply_id)
        unknown = Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.UNKNOWN)
        changes: dict[str, Any] = (
            {"confirmed_by": by, "next_step": "", "due_at": None, "lease_token": ""}
            if arrived
            else {"status": DeliveryStatus.READY, "next_step": SEND, "due_at": now, "attempts": 0}
        )
        if not unknown.update(**changes):
            raise NotPossible(_("What became of this reply is known already."))
        if arrived:
            record_sent(
                delivery,
                sent=_by_word(url),
                actor=actor_of(by),
                is_verified=False,
                clock=ScriptedClock(now),
            )
        _log(delivery, "reply.settle", by=by, now=now, data={"arrived": arrived, "url": url})


def _log(
    delivery: Delivery, action: str, *, by: User, now: datetime, data: dict[str, object]
) -> None:
    case = delivery.reply.case
    log_on_case(
        case,
        action,
        actor=actor_of(by),
        now=now,
        data={"reply": delivery.reply_id, "delivery": delivery.pk, **data},
    )
