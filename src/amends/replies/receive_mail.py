"""A mail arrives: into the private conversation that it belongs to, or like any comment to its channel.

It is found by the Message-IDs that it answers, then by the token in our address. A machine's answer is
kept where it belongs and starts nothing; one that belongs nowhere opens no case (RFC 3834).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from amends.connectors.kit.events import InboundComment, InboundMail
from amends.core.clock import Clock
from amends.inbox.listen import payload_of
from amends.inbox.models import RawEvent
from amends.inbox.wire import Unreadable, event_from_json
from amends.replies.models import HandOver, MessageKind, PrivateMessage, Way
from amends.replies.receive import MAX_CHARS, Word, receive_word
from amends.work.claim import Claim, finish, park

FLOOD = 20  # mails of one conversation within an hour; what follows is taken for a machine's
WITHIN = timedelta(hours=1)
KINDS = {
    "": MessageKind.WORD,
    "automatic": MessageKind.AUTOMATIC,
    "bounce": MessageKind.BOUNCE,
}


def receive_mail(claim: Claim[RawEvent], *, clock: Clock) -> None:
    """Take one mail to where it belongs; safe to run twice."""
    raw = claim.row
    now = clock.now()
    try:
        event = event_from_json(payload_of(raw))
    except Unreadable as error:
        park(claim, error=str(error))
        return
    comment = event.comment
    mail = comment.mail if comment else None
    if comment is None or mail is None:
        finish(claim, next_step="capture", due_at=now)
        return
    talk = _conversation(raw, mail=mail)
    with transaction.atomic():
        if talk is not None:
            _take(talk, comment=comment, mail=mail, now=now)
            finish(claim)
        elif mail.automatic:
            finish(claim)
        else:
            finish(claim, next_step="capture", due_at=now)


def _conversation(raw: RawEvent, *, mail: InboundMail) -> HandOver | None:
    """The conversation of this mailbox that a mail names, the nearest Message-ID first."""
    talks = HandOver.objects.filter(
        workspace=raw.workspace_id, account=raw.account_id, ended_at__isnull=True
    )
    known = PrivateMessage.objects.filter(hand_over__in=talks, message_id__in=mail.references)
    by_id = dict(known.values_list("message_id", "hand_over"))
    nearest = next((by_id[one] for one in mail.references if one in by_id), None)
    if nearest is not None:
        return talks.filter(pk=nearest).first()
    return talks.filter(mail_token__in=mail.tokens).order_by("-pk").first() if mail.tokens else None


def _take(talk: HandOver, *, comment: InboundComment, mail: InboundMail, now: datetime) -> None:
    if PrivateMessage.objects.filter(
        workspace=talk.workspace_id, message_id=comment.external_id
    ).exists():
        return
    kind = KINDS.get(mail.automatic, MessageKind.AUTOMATIC)
    if kind == MessageKind.WORD and _is_flood(talk, now=now):
        kind = MessageKind.AUTOMATIC
    receive_word(
        talk,
        word=Word(
            text=comment.text[:MAX_CHARS],
            written_at=comment.published_at,
            kind=kind,
            way=Way.MAIL,
            message_id=comment.external_id,
            payload={
                "sender": mail.sender,
                "subject": mail.subject,
                "quoted": mail.quoted,
                "attachments": list(mail.files),
            },
        ),
        now=now,
    )


def _is_flood(talk: HandOver, *, now: datetime) -> bool:
    """Whether two machines may be talking: more mails within an hour than a person writes."""
    recent = PrivateMessage.objects.filter(
        hand_over=talk, written_by__isnull=True, content__created_at__gt=now - WITHIN
    )
    return recent.count() >= FLOOD
