"""Answers in private: begun like any reply, with the same approval, linter and delivery (K17)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_draft, refuse_unless
from amends.accounts.tokens import new_letter_token
from amends.cases.models import Case, CaseComment, CaseStatus
from amends.cases.transitions import NotPossible, log_on_case, move_case
from amends.cases.triage import latest_triage
from amends.inbox.models import Author, Comment
from amends.inbox.queries import latest_version
from amends.replies.hand_over import TALK_FOR
from amends.replies.models import HandOver, Reply, ReplyPurpose
from amends.replies.queries import last_word, open_reply
from amends.replies.receive import keep_address, mail_account


def begin_private_reply(hand_over: HandOver, *, by: User, now: datetime) -> Reply:
    """The open answer in a private conversation, begun if there is none.

    Raises NotPossible while another reply of the case is being written, before the triage, and once the
    conversation has ended.
    """
    case = hand_over.case
    refuse_unless(may_draft(by, case.workspace), _("write replies"))
    if hand_over.ended_at is not None or hand_over.expires_at <= now:
        raise NotPossible(_("This conversation has ended: nobody would read it."))
    existing = open_reply(case)
    if existing is not None:
        if existing.hand_over_id == hand_over.pk:
            return existing
        raise NotPossible(_("Another reply to this case is being written: finish it first."))
    account = hand_over.account or case.comment.account
    return _begin(
        case,
        begun={
            "account": account,
            "language": hand_over.language,
            "purpose": ReplyPurpose.PRIVATE,
            "hand_over": hand_over,
            "answers": last_word(hand_over),
        },
        comment=comment_of(hand_over),
        by=by,
        now=now,
    )


def write_by_mail(case: Case, *, address: str, by: User, now: datetime) -> Reply:
    """Begin a private conversation by mail, with an address that the author gave us elsewhere."""
    refuse_unless(may_draft(by, case.workspace), _("write replies"))
    if mail_account(case) is None:
        raise NotPossible(_("This brand has no e-mail account: connect one under Channels."))
    with transaction.atomic():
        made = HandOver.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            author_id=case.comment.author_id,
            language=case.language.partition("-")[0] if case.language != "und" else "en",
            mail_token=new_letter_token(),
            created_by=by,
            created_at=now,
            used_at=now,  # there is no link that could be used
            expires_at=now + TALK_FOR,
        )
        keep_address(made, address=address, now=now)
        about = {"hand_over": made.pk}
        log_on_case(case, "hand_over.mail", actor=actor_of(by), now=now, data=about)
        return begin_private_reply(made, by=by, now=now)


def author_of(hand_over: HandOver) -> Author:
    """Whose conversation it is; of one that was begun before that was noted, who the case is with."""
    return hand_over.author or hand_over.case.comment.author


def comment_of(hand_over: HandOver) -> Comment:
    """What they said last in public: in a merged case each author is answered at their own place."""
    case = hand_over.case
    theirs = CaseComment.objects.filter(case=case, comment__author=hand_over.author_id)
    item = theirs.select_related("comment__author", "comment__account").order_by(
        "-comment__published_at", "-comment_id"
    )
    if case.comment.author_id == author_of(hand_over).pk or (found := item.first()) is None:
        return case.comment
    return found.comment


def begin_at_public(
    case: Case,
    *,
    purpose: ReplyPurpose,
    language: str,
    closes: HandOver,
    by: User,
    now: datetime,
) -> Reply:
    """A public reply to the author of a conversation, whatever state the case rests in.

    Raises NotPossible where what they said is gone.
    """
    comment = comment_of(closes)
    if comment.author_id != author_of(closes).pk:  # they moved to another case since
        raise NotPossible(
            _(
                "What this author wrote in public is no longer part of this case: nobody is told here."
            )
        )
    if open_reply(case) is not None:
        raise NotPossible(_("Another reply to this case is being written: finish it first."))
    version = latest_version(comment)
    if version is None or version.is_tombstone:
        raise NotPossible(
            _("The comment is gone from its channel: there is nothing to answer there.")
        )
    begun = {"account": comment.account, "language": language, "purpose": purpose, "closes": closes}
    return _begin(case, begun=begun, comment=comment, by=by, now=now)


def _begin(
    case: Case, *, begun: dict[str, object], comment: Comment, by: User, now: datetime
) -> Reply:
    version = latest_version(comment)
    if version is None or latest_triage(case) is None:
        raise NotPossible(_("Confirm the triage first: a reply needs to know what it answers."))
    try:
        with transaction.atomic():
            reply = Reply.objects.create(
                workspace_id=case.workspace_id,
                case=case,
                comment=comment,
                version=version,
                begun_by=by,
                begun_at=now,
                changed_at=now,
                **begun,
            )
            _take_up(case, by=by, now=now)
            if case.comment_id != comment.pk:
                Case.objects.filter(pk=case.pk).update(comment=comment)
                case.comment = comment
    except IntegrityError:
        raise NotPossible(
            _("Another reply to this case is being written: finish it first.")
        ) from None
    return reply


def _take_up(case: Case, *, by: User, now: datetime) -> None:
    """Whatever it rests in, it is being answered now; the triage that was confirmed still holds."""
    case.refresh_from_db(fields=["status", "reopened"])
    if case.status in {CaseStatus.NEW, CaseStatus.ANSWERED, CaseStatus.WAITING_FOR_CUSTOMER}:
        move_case(case, to=CaseStatus.TRIAGED, actor=actor_of(by), now=now)
    move_case(case, to=CaseStatus.DRAFTING, actor=actor_of(by), now=now)
