"""Step 7, send: an approved reply reaches its channel exactly once, or is visibly unknown.

    ready ──(mark before the call)──▶ sending ──▶ sent | failed | unknown

The mark and the result are two short transactions with the call between them. A crash in between leaves
`sending` with a lease that runs out; the next run looks the reply up on the channel by the key that derives
from the Delivery, and sends again only where the channel promises that this changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from amends.accounts.models import User
from amends.accounts.permissions import may_approve
from amends.cases.models import Case, CaseStatus
from amends.cases.note_our_word import note_our_word
from amends.cases.open import wake_case
from amends.cases.places import next_to_answer, note_answered, turn_to
from amends.cases.queries import hold_in_force
from amends.cases.transitions import log_on_case, move_case, touch_case
from amends.cases.wait import begin_wait
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import OutboundReply, SentReply
from amends.connectors.kit.manifest import Action
from amends.connectors.kit.protocol import Channel
from amends.core.clock import Clock
from amends.inbox.channels import manifest_of, open_account, sealed_session
from amends.inbox.models import AccountStatus, ChannelAccount
from amends.inbox.recheck import capture_now
from amends.record.evidence import keep_evidence
from amends.record.log import WORKER, Actor, Subject
from amends.replies.approve import SEND
from amends.replies.asks_customer import asks_the_customer
from amends.replies.closing_note import note_told
from amends.replies.consent import lacks_consent
from amends.replies.freeze import freeze_reply
from amends.replies.level import is_approved_enough
from amends.replies.lint import lint_draft
from amends.replies.models import (
    Agreement,
    Approval,
    Delivery,
    DeliveryStatus,
    Reply,
    ReplyPurpose,
    ReplyStatus,
)
from amends.replies.override import is_stopped
from amends.replies.queries import (
    approval_in_force,
    is_pinned_to_latest,
    lock_reply,
    reply_digest,
    wrote_since,
)
from amends.replies.send_privately import outbound_mail, record_private
from amends.replies.way import is_on_page
from amends.work.claim import Claim, LeaseLost, back_off, finish, park, put_off

FOLLOW_UP = "follow_up"
WHILE_PAUSED = timedelta(seconds=30)
LOOK_UPS = 5  # how often an unknown delivery is looked up before a person must decide


def send(claim: Claim[Delivery], *, clock: Clock) -> None:
    """Bring one delivery a step further; every way out leaves a state that a person can read."""
    delivery = claim.row
    if is_on_page(delivery.reply):  # no channel carries it, so none can hold it back
        place_on_page(claim, clock=clock)
        return
    if delivery.account.status == AccountStatus.PAUSED:
        put_off(claim, until=clock.now() + WHILE_PAUSED, error="the channel is paused")
        return
    was_on_the_wire = delivery.status in {DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN}
    try:
        channel = open_account(delivery.account, clock=clock)
        if was_on_the_wire:
            sent = _look_up(claim, channel=channel, clock=clock)
        else:
            sent = _transmit(claim, channel=channel, clock=clock)
        _keep_session(delivery, channel=channel)
    except ChannelError as error:
        if was_on_the_wire or (error.maybe_done and delivery.status == DeliveryStatus.SENDING):
            _mark_unknown(claim, error=str(error), clock=clock, code=error.code)
        else:
            _note_refusal(claim, error=error, clock=clock)
        return
    if sent is not None:
        _mark_sent(claim, sent=sent, clock=clock)


def outbound(delivery: Delivery) -> OutboundReply:
    """What goes to the channel; the same for every try, down to the key and the time."""
    reply = delivery.reply
    if reply.is_private:
        return outbound_mail(delivery)
    target = reply.comment
    return OutboundReply(
        idempotency_key=delivery.idempotency_key,
        created_at=delivery.created_at,
        text=reply.text,
        language=reply.language,
        target_external_id=target.external_id,
        target_version_key=reply.version.key.partition("#")[0],
        thread_external_id=target.thread.root_external_id,
        target_url=target.url,
    )


def _transmit(claim: Claim[Delivery], *, channel: Channel, clock: Clock) -> SentReply | None:
    """Check, mark, send; None when something stood against it (then the reply is frozen)."""
    if not _check_target(claim, channel=channel, clock=clock):
        return None
    if not _mark_sending(claim, clock=clock):
        return None
    sent: SentReply = channel.reply(outbound(claim.row))  # type: ignore[attr-defined]
    return sent


def _check_target(claim: Claim[Delivery], *, channel: Channel, clock: Clock) -> bool:
    """Look at the comment once more, right before answering it; freezes the reply when it changed."""
    delivery = claim.row
    reply = delivery.reply
    if not reply.is_private and manifest_of(delivery.account).can(Action.REFETCH):
        event = channel.refetch(reply.comment.external_id)  # type: ignore[attr-defined]
        with transaction.atomic():
            capture_now(event, comment=reply.comment, clock=clock)
    if is_pinned_to_latest(reply):
        return True
    with transaction.atomic():
        finish(claim)
        freeze_reply(reply, why=_changed(reply), actor=WORKER, now=clock.now())
    return False


def _changed(reply: Reply) -> str:
    return "wrote_again" if reply.is_private else "comment_changed"


def _mark_sending(claim: Claim[Delivery], *, clock: Clock) -> bool:
    """Check everything that an approval rests on and mark the delivery, in one transaction."""
    delivery = claim.row
    reply = delivery.reply
    now = clock.now()
    with transaction.atomic():
        obstacle = _obstacle(delivery, now=now)
        if obstacle:
            finish(claim)
            freeze_reply(reply, why=obstacle, actor=WORKER, now=now)
            return False
        marked = Delivery.objects.filter(
            pk=delivery.pk, lease_token=claim.token, status=DeliveryStatus.READY
        ).update(status=DeliveryStatus.SENDING, sending_at=now)
        if not marked:
            raise LeaseLost(f"{delivery} was stopped or taken over")
    delivery.status = DeliveryStatus.SENDING
    return True


def _obstacle(delivery: Delivery, *, now: datetime) -> str:
    """Why this must not be sent now, as a code; empty when nothing stands against it."""
    reply = lock_reply(delivery.reply_id)
    approval = approval_in_force(reply)
    is_approved = approval is not None and reply.status == ReplyStatus.APPROVED
    if approval is None or not is_approved or approval.pk != delivery.approval_id:
        return "no_approval"
    if approval.digest != reply_digest(reply):
        return "not_what_was_approved"
    if not all(may_approve(one, reply.workspace) for one in _approvers(approval)):
        return "approver_left"
    if hold_in_force(reply.case):
        return "hold"
    if not is_pinned_to_latest(reply):
        return _changed(reply)
    if lacks_consent(reply):
        return "consent"
    if is_stopped(reply, now=now):
        return "findings"
    linted = lint_draft(reply, now=now)
    is_enough = is_approved_enough(reply, approval=approval, linted=linted, now=now)
    return "" if is_enough else "level"


def _approvers(approval: Approval) -> list[User]:
    """Everybody on whose word it rests."""
    rows = Agreement.objects.filter(request=approval.request_id).select_related("person")
    return [approval.approved_by, *(row.person for row in rows)]


def _look_up(claim: Claim[Delivery], *, channel: Channel, clock: Clock) -> SentReply | None:
    """After a crash or a time-out: did it arrive? Sent again only where that is harmless."""
    delivery = claim.row
    found: SentReply | None = channel.find_reply(outbound(delivery))  # type: ignore[attr-defined]
    if found is not None:
        return found
    now = clock.now()
    if manifest_of(delivery.account).capabilities[Action.REPLY].idempotent:
        with transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk, lease_token=claim.token).update(
                status=DeliveryStatus.READY
            )
            finish(claim, next_step=SEND, due_at=now)
        return None
    _mark_unknown(claim, error="the channel does not show the reply", clock=clock)
    return None


def _mark_sent(claim: Claim[Delivery], *, sent: SentReply, clock: Clock) -> None:
    delivery = claim.row
    now = clock.now()
    with transaction.atomic():
        lock_reply(delivery.reply_id)
        finish(claim, next_step=FOLLOW_UP, due_at=now + timedelta(minutes=2))
        record_sent(delivery, sent=sent, actor=WORKER, is_verified=True, clock=clock)


def record_sent(
    delivery: Delivery, *, sent: SentReply, actor: Actor, is_verified: bool, clock: Clock
) -> None:
    """Write that the reply stands on the channel, with its proof; in the caller's transaction."""
    now = clock.now()
    reply = delivery.reply
    Delivery.objects.filter(pk=delivery.pk).update(
        status=DeliveryStatus.SENT,
        sent_at=now,
        external_id=sent.external_id,
        url=sent.url,
        is_verified=is_verified,
        error_code="",
    )
    Reply.objects.filter(pk=reply.pk).update(status=ReplyStatus.SENT, changed_at=now)
    if reply.is_private:
        record_private(delivery, sent=sent, now=now)
    else:
        _keep_proof(delivery, sent=sent, actor=actor, now=now)
    case = Case.objects.get(pk=reply.case_id)
    _move_on(case, reply=reply, actor=actor, now=now)
    _log(delivery, "reply.send", actor=actor, clock=clock, url=sent.url)


def _keep_proof(delivery: Delivery, *, sent: SentReply, actor: Actor, now: datetime) -> None:
    reply = delivery.reply
    keep_evidence(
        subject=Subject("reply", str(reply.pk), reply.case.public_id),
        workspace_id=reply.workspace_id,
        kind="payload",
        source_url=sent.url,
        payload={"external_id": sent.external_id, "text": reply.text, "answer": sent.payload},
        captured_by=actor.label,
        method=f"{delivery.account.kind}.reply",
        now=now,
    )


def _move_on(case: Case, *, reply: Reply, actor: Actor, now: datetime) -> None:
    """What it means for the case: the clocks, the closing note, whose turn it is."""
    if reply.purpose != ReplyPurpose.STATEMENT:
        note_our_word(case, now=now)
        note_answered(reply.comment, now=now)
    if case.status == CaseStatus.APPROVED:
        move_case(case, to=CaseStatus.ANSWERED, actor=actor, now=now)
        if reply.purpose == ReplyPurpose.STATEMENT:  # no answer yet: the case still waits for one
            move_case(case, to=CaseStatus.TRIAGED, actor=actor, now=now)
        waiting = next_to_answer(case, besides=reply.comment)
        approval = approval_in_force(reply)
        since = approval.approved_at if approval else reply.changed_at
        word = wrote_since(case, since=since)
        if case.comment_id != reply.comment_id:  # they wrote again while we were answering
            wake_case(case, actor=actor, now=now)
        elif word is not None:  # the same in private
            wake_case(case, actor=actor, now=now, said_at=word.written_at)
        elif reply.purpose != ReplyPurpose.STATEMENT and waiting is not None:
            turn_to(case, waiting, actor=actor, now=now)
        elif reply.purpose == ReplyPurpose.ANSWER and asks_the_customer(reply):
            begin_wait(case, actor=actor, now=now)
    if reply.purpose == ReplyPurpose.CLOSING:
        note_told(reply, actor=actor, now=now)


def place_on_page(claim: Claim[Delivery], *, clock: Clock) -> None:
    """Put an answer on the private page: no call goes out, so mark and result are one transaction."""
    delivery = claim.row
    now = clock.now()
    with transaction.atomic():
        obstacle = _obstacle(delivery, now=now)
        if obstacle:
            finish(claim)
            freeze_reply(delivery.reply, why=obstacle, actor=WORKER, now=now)
            return
        ready = Delivery.objects.filter(
            pk=delivery.pk, lease_token=claim.token, status=DeliveryStatus.READY
        )
        if not ready.update(status=DeliveryStatus.SENDING, sending_at=now):
            raise LeaseLost(f"{delivery} was stopped or taken over")
        finish(claim)
        sent = SentReply(external_id="", url="")
        record_sent(delivery, sent=sent, actor=WORKER, is_verified=True, clock=clock)


def _note_refusal(claim: Claim[Delivery], *, error: ChannelError, clock: Clock) -> None:
    """The channel did nothing, and we know it: give up for good, or start over later with all checks."""
    delivery = claim.row
    now = clock.now()
    with transaction.atomic():
        rows = Delivery.objects.filter(pk=delivery.pk, lease_token=claim.token)
        if error.permanent:
            rows.update(status=DeliveryStatus.FAILED, error_code=error.code)
            park(claim, error=str(error))
            _log(delivery, "reply.fail", actor=WORKER, clock=clock, code=error.code)
        else:
            rows.update(status=DeliveryStatus.READY, error_code=error.code)
            pause = error.retry_after or back_off(delivery.attempts)
            put_off(claim, until=now + pause, error=str(error))
            touch_case(delivery.reply.case, now=now)


def _mark_unknown(
    claim: Claim[Delivery], *, error: str, clock: Clock, code: str = "unavailable"
) -> None:
    """The reply may stand or not: it is looked up a few times more, then a person settles it."""
    delivery = claim.row
    now = clock.now()
    with transaction.atomic():
        marked = Delivery.objects.filter(
            pk=delivery.pk, status__in=[DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN]
        ).update(status=DeliveryStatus.UNKNOWN, error_code=code)
        if not marked:  # a person said in the meantime that it did not arrive: their word counts
            finish(claim, next_step=SEND, due_at=now)
        elif delivery.status != DeliveryStatus.UNKNOWN:
            put_off(claim, until=now + back_off(1), error=error, attempts=0)
            _log(delivery, "reply.unknown", actor=WORKER, clock=clock, code=code)
        elif delivery.attempts >= LOOK_UPS:
            park(claim, error=error)
        else:
            put_off(claim, until=now + back_off(delivery.attempts), error=error)


def _keep_session(delivery: Delivery, *, channel: Channel) -> None:
    session = sealed_session(channel)
    if session:
        ChannelAccount.objects.filter(pk=delivery.account_id).update(sealed_session=session)


def _log(delivery: Delivery, action: str, *, actor: Actor, clock: Clock, **data: object) -> None:
    now = clock.now()
    case = delivery.reply.case
    log_on_case(
        case,
        action,
        actor=actor,
        now=now,
        data={"reply": delivery.reply_id, "delivery": delivery.pk, **data},
    )
