"""The private conversations of a case as its page shows them, and what the public is still to be told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amends.accounts.models import User
from amends.accounts.permissions import may_close, may_draft, may_erase
from amends.cases.models import Case
from amends.inbox.models import Author
from amends.replies.closing_note import closing_note_of
from amends.replies.consent import last_consent
from amends.replies.models import (
    ClosingConsent,
    ClosingNote,
    ConsentWay,
    HandOver,
    MessageKind,
    PrivateMessage,
)
from amends.replies.private import author_of
from amends.replies.receive import mail_account


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message; what came with a mail beside its words."""

    message: PrivateMessage
    text: str
    sender: str = ""
    subject: str = ""
    quoted: str = ""
    attachments: tuple[str, ...] = ()
    is_foreign: bool = False  # it came from another address than the one that we write to

    @property
    def is_word(self) -> bool:
        return self.message.kind == MessageKind.WORD


@dataclass(frozen=True, slots=True)
class TalkView:
    """One private conversation."""

    hand_over: HandOver
    messages: tuple[MessageView, ...]
    is_open: bool
    address: str
    may_answer: bool
    author: Author
    consent: ClosingConsent | None = None

    @property
    def is_waiting(self) -> bool:
        """The link is out, nobody has written by it."""
        return self.hand_over.used_at is None and self.is_open

    @property
    def is_by_link(self) -> bool:
        return bool(self.hand_over.token_hash)

    @property
    def needs_answer(self) -> bool:
        words = [one for one in self.messages if one.is_word]
        return bool(words) and not words[-1].message.is_ours


@dataclass(frozen=True, slots=True)
class PrivatePanel:
    """Everything private about a case."""

    talks: tuple[TalkView, ...] = ()
    note: ClosingNote | None = None
    needs_note: bool = False
    may_mail: bool = False
    may_draft: bool = False
    may_close: bool = False
    may_erase: bool = False
    ways: tuple[tuple[str, Any], ...] = tuple(
        (one.value, one.label) for one in ConsentWay if one is not ConsentWay.PAGE
    )

    @property
    def closable(self) -> tuple[TalkView, ...]:
        """The conversations of which the public may be told how they ended, with their author's consent."""
        return tuple(one for one in self.talks if one.hand_over.used_at is not None)

    @property
    def is_shown(self) -> bool:
        return bool(self.talks) or self.may_mail or self.needs_note


def read_private(case: Case, *, user: User, now: datetime) -> PrivatePanel:
    """Read it all; two queries where nothing is private."""
    may_write = may_draft(user, case.workspace) and case.is_open
    rows = HandOver.objects.filter(case=case, revoked_at__isnull=True)
    hand_overs = list(
        rows.select_related("reach", "account", "created_by", "author").order_by("pk")
    )
    may_mail = may_write and mail_account(case) is not None
    if not hand_overs:
        return PrivatePanel(may_mail=may_mail)
    messages = PrivateMessage.objects.filter(case=case).select_related("content", "written_by")
    by_talk: dict[int, list[PrivateMessage]] = {}
    for message in messages.order_by("pk"):
        by_talk.setdefault(message.hand_over_id, []).append(message)
    talks = tuple(
        _talk(one, messages=by_talk.get(one.pk, []), may_write=may_write, now=now)
        for one in hand_overs
    )
    return PrivatePanel(
        talks=talks,
        note=closing_note_of(case),
        needs_note=case.needs_closing_note,
        may_mail=may_mail and not any(one.address for one in talks),
        may_draft=may_write,
        may_close=may_close(user, case.workspace) and case.is_open,
        may_erase=may_erase(user, case.workspace) and bool(messages),
    )


def _talk(
    hand_over: HandOver, *, messages: list[PrivateMessage], may_write: bool, now: datetime
) -> TalkView:
    is_open = hand_over.ended_at is None and hand_over.expires_at > now
    address = hand_over.address
    return TalkView(
        hand_over=hand_over,
        messages=tuple(_message(one, address=address) for one in messages),
        is_open=is_open,
        address=address,
        may_answer=may_write and is_open and (bool(messages) or bool(address)),
        author=author_of(hand_over),
        consent=last_consent(hand_over) if hand_over.used_at is not None else None,
    )


def _message(message: PrivateMessage, *, address: str) -> MessageView:
    content = message.content
    came_with: dict[str, Any] = json.loads(content.payload) if content.payload else {}
    sender = str(came_with.get("sender", ""))
    return MessageView(
        message=message,
        text=content.text,
        sender=sender,
        subject=str(came_with.get("subject", "")),
        quoted=str(came_with.get("quoted", "")),
        attachments=tuple(str(one) for one in came_with.get("attachments", ())),
        is_foreign=bool(sender) and bool(address) and sender.casefold() != address.casefold(),
    )
