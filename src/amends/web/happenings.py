"""What others did to a case since it was opened, in sentences."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.cases.models import OPEN_STATUSES, Case
from amends.record.models import ActionLog

MOST = 6


def sentences_since(case: Case, *, seen: datetime, user: User) -> list[str]:
    """Newest last; what the person did themself is left out, and so is what says nothing to a reader."""
    entries = (
        ActionLog.objects.filter(
            workspace_id=case.workspace_id,
            subject_kind="case",
            subject_id=case.public_id,
            at__gt=seen,
        )
        .exclude(actor_kind="person", actor_id=str(user.pk))
        .order_by("-id")[:MOST]
    )
    said = [_edited_or_gone(case, seen=seen)]
    said += [_sentence(entry) for entry in reversed(entries)]
    return list(dict.fromkeys(one for one in said if one))


def _edited_or_gone(case: Case, *, seen: datetime) -> str:
    newer = case.comment.versions.filter(captured_at__gt=seen).order_by("-occurred_at").first()
    if newer is None:
        return ""
    if newer.is_tombstone:
        return _("The comment was taken down.")
    if case.comment.versions.count() == 1:
        return _("The author wrote again.")
    return _("The comment was edited.")


def _sentence(entry: ActionLog) -> str:
    who = {"name": entry.actor_label}
    if entry.action == "case.move" and entry.data.get("to") not in OPEN_STATUSES:
        return _("%(name)s closed the case.") % who
    if entry.action == "case.assign":
        to = entry.data.get("name")
        if "rule" in entry.data:
            return _("A rule gave the case to %(to)s.") % {"to": to}
        if entry.data.get("to") == entry.actor_id:
            return _("%(name)s took the case.") % who
        if to:
            return _("%(name)s gave the case to %(to)s.") % (who | {"to": to})
        return _("%(name)s put the case back into the queue.") % who
    sentences = {
        "case.triage": _("%(name)s confirmed the triage."),
        "case.note": _("%(name)s wrote a note."),
        "case.snooze": _("%(name)s put the case to sleep."),
        "case.macro": _("%(name)s ran a macro."),
        "case.override_decision": _("%(name)s departed from the recommendation."),
        "case.lane": _("%(name)s changed who may see the case."),
        "silence.propose": _("%(name)s proposes to leave it without an answer."),
        "silence.rule": _("%(name)s ruled on the silence."),
        "silence.look": _("%(name)s looked again."),
        "troll.test": _("%(name)s took the troll test."),
        "troll.rule": _("%(name)s ruled on the label."),
        "case.close": _("%(name)s closed the case."),
        "case.merge": _("%(name)s merged another case into this one."),
        "case.merge_into": _("%(name)s merged this case into another one."),
        "case.undo_merge": _("%(name)s undid a merge."),
        "case.split": _("%(name)s made a case of its own of some comments."),
        "case.detach": _("%(name)s moved a comment to another case."),
        "case.attach": _("%(name)s moved a comment here."),
        "case.choose_comment": _("%(name)s chose another comment to answer."),
        "case.wait": _("%(name)s waits for the customer."),
        "task.ask": _("%(name)s asked a department."),
        "task.answer": _("%(name)s noted the answer of a department."),
        "task.withdraw": _("%(name)s took a department task back."),
        "promise.make": _("%(name)s made a promise."),
        "promise.keep": _("%(name)s kept a promise."),
        "promise.break": _("%(name)s noted that a promise was not kept."),
        "measure.propose": _("%(name)s asked for a measure."),
        "measure.confirm": _("%(name)s agreed to a measure."),
        "measure.decline": _("%(name)s declined a measure."),
        "measure.take_back": _("%(name)s took a measure back."),
        "appeal.decide": _("%(name)s decided about an appeal."),
        "reply.ask_machine": _("%(name)s asked a language model for a draft."),
        "reply.confirm_machine": _("%(name)s confirmed the draft of a language model."),
        "hand_over.offer": _("%(name)s made a link for a private conversation."),
        "hand_over.mail": _("%(name)s began a private conversation by e-mail."),
        "hand_over.erase": _("%(name)s erased what was said in private."),
        "reply.ask": _("%(name)s asked for approval."),
        "reply.override": _("%(name)s overrode the linter."),
        "reply.agree": _("%(name)s agreed to the reply."),
        "reply.approve": _("%(name)s approved the reply."),
        "reply.send_back": _("%(name)s sent the reply back."),
        "reply.withdraw": _("%(name)s withdrew the reply."),
        "reply.pin": _("%(name)s read the new version."),
    }
    quiet = _without_names()
    if entry.action in quiet:
        return quiet[entry.action]
    return sentences[entry.action] % who if entry.action in sentences else ""


def _without_names() -> dict[str, str]:
    """What happened by itself, or where it does not matter who did it."""
    return {
        "case.breach": _("A clock has run out."),
        "reply.machine_draft": _("A language model wrote a draft."),
        "case.remind": _("The customer has not answered: it is time for a reminder."),
        "task.overdue": _("A department task is overdue."),
        "promise.remind": _("A promise is due soon."),
        "promise.late": _("A promise is late."),
        "measure.act": _("A measure was carried out."),
        "measure.undo": _("A measure was taken back."),
        "measure.fail": _("A measure could not be carried out."),
        "measure.unknown": _("It is not known whether a measure stands."),
        "appeal.open": _("The author appealed."),
        "hand_over.receive": _("The author wrote in private."),
        "hand_over.bounce": _("A private mail of ours did not arrive."),
        "hand_over.consent": _("It is noted whether the public may be told."),
        "hand_over.closing_note": _("It is settled what the public is told."),
        "reply.send": _("The reply was sent."),
        "reply.fail": _("The reply could not be sent."),
        "reply.unknown": _("It is not known whether the reply arrived."),
        "reply.freeze": _("The reply was frozen."),
        "approval.time_out": _("The approval waits too long: deputies may give it now."),
    }
