"""How an answer in private goes out: as a mail in its thread, and into the conversation of the case."""

from __future__ import annotations

from datetime import datetime

from amends.connectors.kit.events import OutboundReply, SentReply
from amends.record.keep import keep_content
from amends.replies.hand_over import TALK_FOR
from amends.replies.models import Delivery, HandOver, PrivateMessage, Reply, Way
from amends.replies.way import is_on_page


def outbound_mail(delivery: Delivery) -> OutboundReply:
    """The mail as it goes out; the same for every try.

    It answers the last mail of the author, in the thread that began with the first one; `return_token` lets
    an answer find its case although a mail program dropped the headers.
    """
    reply = delivery.reply
    hand_over = _hand_over_of(reply)
    earlier = PrivateMessage.objects.filter(hand_over=hand_over).exclude(message_id="")
    ids = list(earlier.order_by("pk").values_list("message_id", flat=True))
    return OutboundReply(
        idempotency_key=delivery.idempotency_key,
        created_at=delivery.created_at,
        text=reply.text,
        language=reply.language,
        target_external_id=ids[-1] if ids else "",
        target_version_key="",
        thread_external_id=ids[0] if ids else "",
        target_url=f"mailto:{hand_over.address}",
        subject=f"{reply.case.brand.name} · {reply.case.public_id}",
        return_token=hand_over.mail_token,
    )


def record_private(delivery: Delivery, *, sent: SentReply, now: datetime) -> None:
    """The answer stands in the conversation from now on; in the caller's transaction."""
    reply = delivery.reply
    hand_over = _hand_over_of(reply)
    content = keep_content(workspace_id=reply.workspace_id, text=reply.text, payload={}, now=now)
    PrivateMessage.objects.create(
        workspace_id=reply.workspace_id,
        case_id=reply.case_id,
        hand_over=hand_over,
        content=content,
        way=Way.PAGE if is_on_page(reply) else Way.MAIL,
        message_id=sent.external_id,
        reply=reply,
        written_by=reply.begun_by,
        written_at=now,
    )
    HandOver.objects.filter(pk=hand_over.pk).update(expires_at=now + TALK_FOR)


def _hand_over_of(reply: Reply) -> HandOver:
    if reply.hand_over is None:
        raise ValueError(f"{reply} is not private")
    return reply.hand_over
