"""A word in private arrives: it is kept, stops what was being answered, starts the clock at its own time.

Who works on the case is told. The same whether it came by the page or by mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from amends.accounts.models import NotificationKind
from amends.cases.escalate import leads_of, tell_people
from amends.cases.family import survivor_of
from amends.cases.models import Case
from amends.cases.open import is_resting, wake_case
from amends.cases.transitions import NotPossible, log_on_case
from amends.cases.wake import wake_for_customer
from amends.inbox.models import AccountStatus, ChannelAccount
from amends.record.keep import keep_content
from amends.record.log import Actor
from amends.replies.freeze import freeze_reply
from amends.replies.models import (
    HandOver,
    MessageKind,
    PrivateMessage,
    Reply,
    ReplyStatus,
    Way,
)

MAX_CHARS = 10_000
AUTHOR = Actor("author", "", "the author, in private")
MAIL = "mail"  # the kind of channel that carries private mail


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody wrote, cleaned; `payload` is what came with it by mail, `written_at` their own time."""

    text: str
    written_at: datetime
    kind: MessageKind = MessageKind.WORD
    way: Way = Way.PAGE
    message_id: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


def clean_text(text: str) -> str:
    """The words as they are kept; raises NotPossible for none and for too many."""
    said = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not said:
        raise NotPossible(_("Write what happened: a sentence is enough."))
    if len(said) > MAX_CHARS:
        raise NotPossible(_("At most %(count)d characters, please.") % {"count": MAX_CHARS})
    return said


def receive_word(hand_over: HandOver, *, word: Word, now: datetime) -> PrivateMessage:
    """Keep it and let the case know; in the caller's transaction.

    An automatic answer and a bounce are kept and shown: they start no clock and ask nobody for an answer,
    but that a mail of ours did not arrive is told.
    """
    case = Case.objects.select_related("workspace", "assignee", "comment").get(pk=hand_over.case_id)
    case = survivor_of(case)  # a link that was made in the moment of a merge
    content = keep_content(
        workspace_id=case.workspace_id, text=word.text, payload=word.payload, now=now
    )
    message = PrivateMessage.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        hand_over=hand_over,
        content=content,
        kind=word.kind,
        way=word.way,
        message_id=word.message_id,
        written_at=min(word.written_at, now),
    )
    if word.kind == MessageKind.WORD:
        _ask_for_an_answer(case, message=message, now=now)
    about = {"hand_over": hand_over.pk, "message": message.pk, "kind": word.kind, "way": word.way}
    action = "hand_over.bounce" if word.kind == MessageKind.BOUNCE else "hand_over.receive"
    log_on_case(case, action, actor=AUTHOR, now=now, data=about)
    if word.kind != MessageKind.AUTOMATIC:
        tell_people(
            case,
            people=[case.assignee] if case.assignee else leads_of(case),
            kind=NotificationKind.ASSIGNMENT,
            key=f"private:{message.pk}",
            facts={"what": "bounce" if word.kind == MessageKind.BOUNCE else "private"},
            now=now,
        )
    return message


def _ask_for_an_answer(case: Case, *, message: PrivateMessage, now: datetime) -> None:
    # Replies before cases, as everywhere: whoever approves holds the reply first.
    stale = Reply.objects.filter(
        hand_over=message.hand_over_id,
        status__in=[ReplyStatus.DRAFT, ReplyStatus.AWAITING_APPROVAL, ReplyStatus.APPROVED],
    )
    for reply in stale.select_related("case"):
        freeze_reply(reply, why="wrote_again", actor=AUTHOR, now=now)
    # The row is ours from here on: closing the case at this moment waits, and is then refused.
    Case.objects.filter(pk=case.pk).update(needs_closing_note=True)
    case.refresh_from_db()
    wake_for_customer(case, now=now)
    if is_resting(case):
        wake_case(case, actor=AUTHOR, now=now, said_at=message.written_at)


def keep_address(hand_over: HandOver, *, address: str, now: datetime) -> None:
    """Answer by mail from now on, where the brand has an account for it; once set, it stays.

    In the caller's transaction. Raises NotPossible for what is no address.
    """
    account = mail_account(hand_over.case)
    if account is None or hand_over.reach_id is not None:
        return
    cleaned = clean_address(address)
    reach = keep_content(workspace_id=hand_over.workspace_id, text=cleaned, payload={}, now=now)
    HandOver.objects.filter(pk=hand_over.pk, reach__isnull=True).update(
        reach=reach, account=account
    )
    hand_over.reach, hand_over.account = reach, account


def clean_address(address: str) -> str:
    cleaned = address.strip()
    try:
        validate_email(cleaned)
    except ValidationError:
        raise NotPossible(
            _("This is no e-mail address: %(address)s") % {"address": cleaned[:80]}
        ) from None
    return cleaned


def mail_account(case: Case) -> ChannelAccount | None:
    """The brand's account for private mail, if one works."""
    return (
        ChannelAccount.objects.filter(workspace=case.workspace_id, brand=case.brand_id, kind=MAIL)
        .exclude(status=AccountStatus.FAILED)
        .order_by("pk")
        .first()
    )
