"""The public closing note of what was solved in private, or the reason why nobody is told (K17).

A case that went private does not close without one of the two (cases/close.py).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_close, may_draft, refuse_unless
from amends.cases.family import family_of
from amends.cases.models import Case
from amends.cases.transitions import NotPossible, log_on_case
from amends.record.log import Actor
from amends.replies.consent import consent_in_force, talk_closed_by
from amends.replies.draft import save_draft
from amends.replies.models import ClosingNote, HandOver, Reply, ReplyPurpose
from amends.replies.private import author_of, begin_at_public
from amends.replies.queries import approval_in_force, last_word
from amends_engine.compose.compose import tell_the_public
from amends_engine.compose.starters import UnknownLanguage

MAX_REASON = 500


def begin_closing_note(hand_over: HandOver, *, by: User, now: datetime) -> Reply:
    """A public reply to the author of a private conversation, with a first text that must be changed.

    It stands under their last word in public and greets them. Raises NotPossible without their consent.
    """
    rows = Case.objects.select_related("workspace", "comment__author", "comment__account")
    case = hand_over.case = rows.get(pk=hand_over.case_id)
    refuse_unless(may_draft(by, case.workspace), _("write replies"))
    if consent_in_force(hand_over) is None:
        raise NotPossible(_("Ask the author first, and note that they agree."))
    language = hand_over.language  # theirs: another customer of the case may speak another one
    with transaction.atomic():
        reply = begin_at_public(
            case,
            purpose=ReplyPurpose.CLOSING,
            language=language,
            closes=hand_over,
            by=by,
            now=now,
        )
        text = _first_text(reply, language=language)
        return save_draft(reply, text=text, revision=0, by=by, now=now) if text else reply


def leave_untold(case: Case, *, reason: str, by: User, now: datetime) -> ClosingNote:
    """Say why the public is not told how it ended; the case can be closed then."""
    refuse_unless(may_close(by, case.workspace), _("close cases"))
    said = reason.strip()[:MAX_REASON]
    if not said:
        raise NotPossible(_("Say why the public is not told: it is all that others will read."))
    with transaction.atomic():
        waiting = Case.objects.filter(pk=case.pk, needs_closing_note=True)
        if not waiting.update(needs_closing_note=False):
            raise NotPossible(_("No closing note is wanted here (any more)."))
        note = ClosingNote.objects.create(
            workspace_id=case.workspace_id, case=case, reason=said, noted_by=by, noted_at=now
        )
        _log(case, note, actor=actor_of(by), now=now)
    case.needs_closing_note = False
    return note


def note_told(reply: Reply, *, actor: Actor, now: datetime) -> None:
    """The closing note stands in public; what came since asks for another. In the caller's transaction."""
    approval = approval_in_force(reply)
    case = reply.case
    talk = talk_closed_by(reply)
    consent = consent_in_force(talk)
    note = ClosingNote.objects.create(
        workspace_id=reply.workspace_id,
        case=case,
        hand_over=talk,
        reply=reply,
        consent=consent,
        reason="" if consent else _("The author took their consent back too late."),
        noted_by=approval.approved_by if approval else reply.begun_by,
        noted_at=now,
    )
    if not has_untold_talk(case):
        Case.objects.filter(pk=case.pk).update(needs_closing_note=False)
    _log(case, note, actor=actor, now=now)


def has_untold_talk(case: Case) -> bool:
    """Whether somebody wrote in private since the public was told how theirs ended, or why it is not told."""
    rows = ClosingNote.objects.filter(case__in=family_of(case)).select_related("reply")
    notes = list(rows.order_by("pk"))
    for talk in HandOver.objects.filter(case__in=family_of(case), ended_at__isnull=True):
        word = last_word(talk)
        told = [_told_until(one) for one in notes if one.hand_over_id in {None, talk.pk}]
        if word is not None and not (told and max(told) >= word.content.created_at):
            return True
    return False


def _told_until(note: ClosingNote) -> datetime:
    """What came after its words were approved, a closing note does not answer."""
    approval = note.reply.approvals.order_by("-pk").first() if note.reply is not None else None
    return approval.approved_at if approval else note.noted_at


def closing_note_of(case: Case) -> ClosingNote | None:
    """The last one, whether told or not."""
    rows = ClosingNote.objects.filter(case=case).select_related("noted_by", "reply")
    return rows.order_by("-pk").first()


def _first_text(reply: Reply, *, language: str) -> str:
    """To whom it was settled with: of a merged case that need not be who the case began with."""
    person = reply.comment.author if reply.closes is None else author_of(reply.closes)
    name = person.display_name.split()
    try:
        return tell_the_public(
            language=language,
            author=name[0] if name else person.handle,
            seed=reply.case.public_id,
        )
    except UnknownLanguage:
        return ""


def _log(case: Case, note: ClosingNote, *, actor: Actor, now: datetime) -> None:
    about = {"note": note.pk, "reply": note.reply_id, "is_told": note.reply_id is not None}
    log_on_case(case, "hand_over.closing_note", actor=actor, now=now, data=about)
