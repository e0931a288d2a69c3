"""Step 5, reply: a person writes, pinned to the version that was read; nothing typed is overwritten."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_draft, refuse_unless
from amends.cases.models import Case, CaseStatus
from amends.cases.transitions import NotPossible, log_on_case, may_move, move_case
from amends.cases.triage import latest_triage, words_to_judge
from amends.core.vocabulary import UNDETERMINED
from amends.inbox.queries import latest_version
from amends.replies.models import (
    HandOver,
    Reply,
    ReplyPurpose,
    ReplyRevision,
    ReplyStatus,
    RequestOutcome,
)
from amends.replies.queries import last_word, open_reply
from amends.replies.request import close_request

MAX_CHARS = 20_000
EDITABLE = (ReplyStatus.DRAFT, ReplyStatus.AWAITING_APPROVAL, ReplyStatus.FROZEN)


class DraftConflict(Exception):
    """Somebody else saved another text since this one was begun; both are kept, a person chooses."""

    def __init__(self, theirs: Reply) -> None:
        super().__init__(_("Somebody else changed this draft in the meantime."))
        self.theirs = theirs


def begin_reply(
    case: Case, *, by: User, now: datetime, purpose: ReplyPurpose = ReplyPurpose.ANSWER
) -> Reply:
    """The open reply of a case, begun if there is none; `purpose` says what a new one is for.

    Raises NotPossible without a confirmed triage (K06), or when the comment is gone.
    """
    refuse_unless(may_draft(by, case.workspace), _("write replies"))
    existing = open_reply(case)
    if existing is not None:
        return existing
    version = latest_version(case.comment)
    triage = latest_triage(case)
    if triage is None or case.status == CaseStatus.NEW:
        raise NotPossible(_("Confirm the triage first: a reply needs to know what it answers."))
    if version is None or version.is_tombstone:
        raise NotPossible(
            _("The comment is gone from its channel: there is nothing to answer there.")
        )
    try:
        with transaction.atomic():
            reply = Reply.objects.create(
                workspace_id=case.workspace_id,
                case=case,
                account_id=case.comment.account_id,
                comment_id=case.comment_id,
                version=version,
                language=_spoken_in(case),
                purpose=purpose,
                begun_by=by,
                begun_at=now,
                changed_at=now,
            )
            move_case(case, to=CaseStatus.DRAFTING, actor=actor_of(by), now=now)
    except IntegrityError:  # a colleague began in the same moment: there is one reply, shared
        theirs = open_reply(case)
        if theirs is None:
            raise
        return theirs
    return reply


def _spoken_in(case: Case) -> str:
    """The language of the words that are answered, as the engine says."""
    words = words_to_judge(case)
    verdict = words.verdicts.order_by("-pk").first() if words else None
    return verdict.language if verdict else UNDETERMINED


def save_draft(reply: Reply, *, text: str, revision: int, by: User, now: datetime) -> Reply:
    """Store the text as a new revision; raises DraftConflict when `revision` is not the current one.

    Editing after approval was asked for, or given, takes the approval back.
    """
    refuse_unless(may_draft(by, reply.workspace), _("write replies"))
    if len(text) > MAX_CHARS:
        raise NotPossible(
            _("The reply is too long: at most %(count)d characters.") % {"count": MAX_CHARS}
        )
    if text == reply.text and revision == reply.revision:
        return reply
    if reply.status not in EDITABLE:
        raise NotPossible(_("This reply is on its way already and can no longer be edited."))
    with transaction.atomic():
        changed = Reply.objects.filter(pk=reply.pk, revision=revision, status=reply.status).update(
            text=text, revision=revision + 1, changed_at=now
        )
        if not changed:
            reply.refresh_from_db()
            raise DraftConflict(reply)
        ReplyRevision.objects.create(
            reply=reply, number=revision + 1, text=text, edited_by=by, edited_at=now
        )
        reply.refresh_from_db()
        if reply.status == ReplyStatus.AWAITING_APPROVAL:
            back_to_draft(reply, by=by, now=now)
    return reply


def back_to_draft(reply: Reply, *, by: User, now: datetime) -> None:
    """Make a reply a draft again, and its case with it; in the caller's transaction.

    Raises NotPossible when it is no longer what the caller saw: approved, sent, withdrawn.
    """
    rows = Reply.objects.filter(pk=reply.pk, status=reply.status)
    if not rows.update(status=ReplyStatus.DRAFT, changed_at=now):
        raise NotPossible(_("Somebody else changed this draft in the meantime."))
    reply.status = ReplyStatus.DRAFT
    close_request(reply, outcome=RequestOutcome.TAKEN_BACK, now=now)
    case = reply.case
    if may_move(case, to=CaseStatus.DRAFTING):
        move_case(case, to=CaseStatus.DRAFTING, actor=actor_of(by), now=now)


def pin_to_latest(reply: Reply, *, by: User, now: datetime) -> Reply:
    """Say that the new version of the comment was read: the reply answers that one from now on."""
    refuse_unless(may_draft(by, reply.workspace), _("write replies"))
    if reply.status not in EDITABLE:
        raise NotPossible(_("This reply is on its way already and can no longer be edited."))
    if reply.hand_over_id is not None:
        word = last_word(reply.hand_over_id)
        with transaction.atomic():
            back_to_draft(reply, by=by, now=now)
            Reply.objects.filter(pk=reply.pk).update(answers=word)
            reply.answers = word
            about: dict[str, object] = {"message": word.pk if word else None}
            _log(reply, "reply.pin", by=by, now=now, data=about)
        return reply
    version = latest_version(reply.comment)
    if version is None or version.is_tombstone:
        raise NotPossible(
            _("The comment is gone from its channel: there is nothing to answer there.")
        )
    with transaction.atomic():
        back_to_draft(reply, by=by, now=now)
        Reply.objects.filter(pk=reply.pk).update(version=version)
        reply.version = version
        _log(reply, "reply.pin", by=by, now=now, data={"version": version.pk})
    return reply


def withdraw_reply(reply: Reply, *, by: User, now: datetime) -> None:
    """Give a reply up before it is on its way; its revisions stay."""
    refuse_unless(may_draft(by, reply.workspace), _("write replies"))
    if reply.status not in EDITABLE:
        raise NotPossible(_("This reply is on its way already and can no longer be withdrawn."))
    with transaction.atomic():
        back_to_draft(reply, by=by, now=now)
        Reply.objects.filter(pk=reply.pk).update(status=ReplyStatus.WITHDRAWN)
        revoke_links(reply, now=now)
        reply.status = ReplyStatus.WITHDRAWN
        if may_move(reply.case, to=CaseStatus.TRIAGED):
            move_case(reply.case, to=CaseStatus.TRIAGED, actor=actor_of(by), now=now)
        _log(reply, "reply.withdraw", by=by, now=now, data={"revision": reply.revision})


def revoke_links(reply: Reply, *, now: datetime) -> None:
    """Nobody has seen the private link of a text that never went out: it leads nowhere from now on."""
    links = HandOver.objects.filter(offered_in=reply, used_at__isnull=True, revoked_at__isnull=True)
    links.update(revoked_at=now)


def _log(reply: Reply, action: str, *, by: User, now: datetime, data: dict[str, object]) -> None:
    about = {"reply": reply.pk, **data}
    log_on_case(reply.case, action, actor=actor_of(by), now=now, data=about)
