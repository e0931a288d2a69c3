"""Takes a matter out of the public: a one-time link in the draft, and who comes in by it (K17, S1.24).

Opening the link never uses it up: mail readers and previews open links. The first message sent through it
does, by a guarded UPDATE, so of two who send at once one is told that somebody was faster. Its writer gets
an address of their own; what is written there, nobody sees who only read the public reply.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_draft, refuse_unless
from amends.accounts.tokens import hash_token, new_letter_token
from amends.cases.models import Case
from amends.cases.transitions import NotPossible, log_on_case
from amends.replies.draft import revoke_links, save_draft
from amends.replies.lint import gather_context, language_of
from amends.replies.models import HandOver, PrivateMessage, Reply, ReplyPurpose
from amends.replies.queries import lock_replies_of, lock_reply
from amends.replies.receive import Word, clean_text, keep_address, receive_word
from amends.replies.way import link_prefix
from amends_engine.compose.compose import lead_into_private
from amends_engine.compose.starters import UnknownLanguage

LINK_FOR = timedelta(days=14)  # until somebody uses it
TALK_FOR = timedelta(days=90)  # the personal address, from the last word on either side


class LinkState(StrEnum):
    """How a link stands: ready for its first message, or why it is not."""

    READY = "ready"
    UNKNOWN = "unknown"  # not copied whole, or never ours
    REPLACED = "replaced"  # a newer link took its place
    EXPIRED = "expired"
    USED = "used"
    CLOSED = "closed"  # its conversation has ended and its words are gone


@dataclass(frozen=True, slots=True)
class Link:
    """What stands behind a token of the public link."""

    state: LinkState
    hand_over: HandOver | None = None


class LinkSpent(NotPossible):
    """The link cannot take a first message any more; `state` says why."""

    def __init__(self, state: LinkState) -> None:
        super().__init__(_("This link was used already, or its time is over."))
        self.state = state


def offer_in_draft(reply: Reply, *, text: str, revision: int, by: User, now: datetime) -> Reply:
    """Save the typed text with a new link at its end, in a sentence that says why (Q06).

    A link that stood in this draft is replaced; one in a reply that went out works on. Raises
    NotPossible for what is no public answer, DraftConflict.
    """
    refuse_unless(may_draft(by, reply.workspace), _("write replies"))
    if reply.purpose != ReplyPurpose.ANSWER:
        raise NotPossible(_("Only a public answer can lead into private."))
    with transaction.atomic():
        lock_reply(reply.pk)
        token = make_link(reply.case, language=language_of(reply), reply=reply, by=by, now=now)
        link = f"{link_prefix()}{token}/"
        return save_draft(
            reply, text=_with_link(reply, text, link, now=now), revision=revision, by=by, now=now
        )


def make_link(
    case: Case, *, language: str, by: User, now: datetime, reply: Reply | None = None
) -> str:
    """The secret of a new link for the author of the comment that `reply` answers, else that of the case.

    An unused one of the same draft is worth nothing then. In the caller's transaction, which refuses where
    the reply is no draft any more: what stands in public must go on working.
    """
    refuse_unless(may_draft(by, case.workspace), _("write replies"))
    if not case.is_open:
        raise NotPossible(_("The case is closed: open it again first."))
    token = new_letter_token()
    if reply is not None:
        revoke_links(reply, now=now)
    comment = reply.comment if reply is not None else case.comment
    try:
        with transaction.atomic():
            made = HandOver.objects.create(
                workspace_id=case.workspace_id,
                case=case,
                author_id=comment.author_id,
                offered_in=reply,
                language=language.partition("-")[0] or "en",
                token_hash=hash_token(token),
                mail_token=new_letter_token(),
                created_by=by,
                created_at=now,
                expires_at=now + LINK_FOR,
            )
    except IntegrityError:
        raise NotPossible(_("A colleague made a link at the same moment: look again.")) from None
    about = {"hand_over": made.pk, "until": made.expires_at.isoformat()}
    log_on_case(case, "hand_over.offer", actor=actor_of(by), now=now, data=about)
    return token


def find_link(token: str, *, now: datetime) -> Link:
    """How the public link of a token stands; reading it changes nothing."""
    found = _with_case().filter(token_hash=hash_token(token)).first()
    if found is None:
        return Link(LinkState.UNKNOWN)
    if found.ended_at is not None:
        return Link(LinkState.CLOSED, found)
    if found.used_at is not None:
        return Link(LinkState.USED, found)
    if found.revoked_at is not None:
        return Link(LinkState.REPLACED, found)
    return Link(LinkState.EXPIRED if found.expires_at <= now else LinkState.READY, found)


def find_talk(token: str, *, now: datetime) -> HandOver | None:
    """The conversation behind a personal address, while it lasts."""
    rows = _with_case().filter(visitor_hash=hash_token(token), ended_at__isnull=True)
    return rows.filter(expires_at__gt=now).first()


def write_first(token: str, *, text: str, address: str = "", now: datetime) -> str:
    """Use the link up by its first message; returns the secret of the writer's personal address.

    Raises NotPossible for an empty or endless text or an address that is none, LinkSpent for a link that
    cannot be used (any more).
    """
    link = find_link(token, now=now)
    if link.hand_over is None or link.state is not LinkState.READY:
        raise LinkSpent(link.state)
    said = clean_text(text)
    visitor = new_letter_token()
    with transaction.atomic():
        unused = HandOver.objects.filter(
            pk=link.hand_over.pk,
            used_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=now,
        )
        if not unused.update(
            used_at=now, visitor_hash=hash_token(visitor), expires_at=now + TALK_FOR
        ):
            raise LinkSpent(find_link(token, now=now).state)
        used = _with_case().get(pk=link.hand_over.pk)
        if address.strip():
            keep_address(used, address=address, now=now)
        receive_word(used, word=Word(text=said, written_at=now), now=now)
    return visitor


def write_more(hand_over: HandOver, *, text: str, now: datetime) -> PrivateMessage:
    """A further message from the personal address; raises NotPossible as above."""
    said = clean_text(text)
    with transaction.atomic():
        lock_replies_of(hand_over)
        lasting = HandOver.objects.filter(
            pk=hand_over.pk, ended_at__isnull=True, expires_at__gt=now
        )
        if not lasting.update(expires_at=now + TALK_FOR):
            raise NotPossible(_("This conversation has ended."))
        return receive_word(hand_over, word=Word(text=said, written_at=now), now=now)


def _with_link(reply: Reply, text: str, link: str, *, now: datetime) -> str:
    earlier = re.compile(re.escape(link_prefix()) + r"[a-z]+/?")
    if earlier.search(text):
        return earlier.sub(link, text)
    language = language_of(reply).partition("-")[0]
    address = str(gather_context(reply, now=now).get("address", ""))
    try:
        sentence = lead_into_private(
            language=language, link=link, address=address, seed=reply.case.public_id
        )
    except UnknownLanguage:
        sentence = link
    return f"{text.rstrip()} {sentence}".strip()


def _with_case() -> models.QuerySet[HandOver]:
    return HandOver.objects.select_related(
        "case__workspace", "case__brand", "reach", "account", "author"
    )
