"""Step 6, approve: who the level asks for agrees to exactly this text, for this account, on this version.

At A0 the writer may release it alone; else nobody approves what they edited. Above that one person agrees
or two, as `seats.py` says; the last agreement makes the approval, and an approval makes the delivery.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.authority import log_use
from amends.accounts.models import User
from amends.accounts.permissions import may_approve, may_draft, refuse_unless
from amends.accounts.second_person import is_solo
from amends.cases.models import CaseStatus
from amends.cases.queries import hold_in_force
from amends.cases.transitions import NotPossible, log_on_case, move_case
from amends.connectors.kit.manifest import Action, Mode
from amends.core.playbook.rules import highest_approval
from amends.core.vocabulary import ApprovalLevel
from amends.record.log import Subject
from amends.replies.bystander import bystander_pass_in_force, read_as_bystander
from amends.replies.consent import check_consent
from amends.replies.draft import back_to_draft
from amends.replies.draft_by_machine import refuse_unread
from amends.replies.length import too_long_by
from amends.replies.level import Need, read_need
from amends.replies.lint import lint_draft
from amends.replies.mend import GAP, has_gap
from amends.replies.models import (
    Agreement,
    Approval,
    ApprovalRequest,
    Delivery,
    DeliveryMode,
    Reply,
    ReplyStatus,
    RequestOutcome,
)
from amends.replies.override import check_linter_again, pass_the_linter
from amends.replies.queries import is_pinned_to_latest, lock_reply, reply_digest
from amends.replies.request import (
    close_request,
    open_request,
    request_of,
    tell_approvers,
    tell_writer,
)
from amends.replies.seats import Table
from amends.replies.starting_points import refuse_unchanged
from amends.replies.way import way_of
from amends.replies.word import Word, read_word

SEND = "send"


def ask_for_approval(
    reply: Reply, *, by: User, now: datetime, override: str = "", agreed: Collection[str] = ()
) -> None:
    """Hand the draft to a colleague; raises NotPossible for a text that cannot be sent.

    `override` says why it must go out although the linter stops it; `agreed` are the statements of the
    bystander pass that its writer ticked (NotReadYet where this text was not read so).
    """
    refuse_unless(may_draft(by, reply.workspace), _("write replies"))
    _check_draft(reply)
    with transaction.atomic():
        request = _hand_over(reply, by=by, now=now, override=override, agreed=agreed)
        level = ApprovalLevel(request.level)
        people = Table(reply, request=request, level=level, now=now).people
        tell_approvers(request, people=[one for one in people if one != by], what="asked", now=now)


def release_reply(
    reply: Reply, *, digest: str, by: User, now: datetime, agreed: Collection[str] = ()
) -> Delivery:
    """The writer puts it on its way without a second person: at A0, within their authority, read as a
    bystander (`agreed`), and with nothing that the linter stops (K12). Raises NotPossible where one of
    these is missing.
    """
    refuse_unless(may_draft(by, reply.workspace), _("write replies"))
    _check_draft(reply)
    _check_ready(reply, digest=digest)
    with transaction.atomic():
        _hand_over(reply, by=by, now=now, override="", agreed=agreed)
        delivery = _agree(reply, digest=digest, by=by, now=now)
    if delivery is None:
        raise NotPossible(_("A colleague must agree to this first."))
    return delivery


def approve_reply(reply: Reply, *, digest: str, by: User, now: datetime) -> Delivery | None:
    """Agree to what was shown (`digest`), and put it on its way once nobody is missing (else None).

    Raises NotPossible when the reply or the comment changed since, when the approver wrote any of it
    (unless it is an A0 within their authority, or they are alone and the pause has passed), when the
    level asks for somebody else, while a hold stands, or when the linter stops it.
    """
    refuse_unless(may_approve(by, reply.workspace), _("approve replies"))
    if reply.status != ReplyStatus.AWAITING_APPROVAL:
        raise NotPossible(_("This reply is not waiting for approval."))
    _check_ready(reply, digest=digest)
    if way_of(reply).public and bystander_pass_in_force(reply) is None:
        raise NotPossible(
            _("Nobody has read this text as a bystander: send it back to its writer.")
        )
    is_alone = is_solo(reply.workspace, reply.case.lane)
    check_linter_again(reply, by=by, is_alone=is_alone, now=now)
    try:
        with transaction.atomic():
            return _agree(reply, digest=digest, by=by, now=now)
    except IntegrityError:
        raise NotPossible(_("Somebody else approved this reply in the same moment.")) from None


def send_back(reply: Reply, *, reason: str, by: User, now: datetime) -> None:
    """Return the draft to its writer with a reason."""
    refuse_unless(may_approve(by, reply.workspace), _("approve replies"))
    if reply.status != ReplyStatus.AWAITING_APPROVAL:
        raise NotPossible(_("This reply is not waiting for approval."))
    if not reason.strip():
        raise NotPossible(_("Say what should change: the writer cannot guess it."))
    request = request_of(reply)
    with transaction.atomic():
        close_request(reply, outcome=RequestOutcome.RETURNED, now=now)
        back_to_draft(reply, by=by, now=now)
        _log(reply, "reply.send_back", by=by, now=now, data={"reason": reason.strip()})
        if request is not None:
            tell_writer(request, what="returned", by=by, now=now)


def check_text(reply: Reply) -> None:
    """Refuse what no channel would take."""
    if not reply.text.strip():
        raise NotPossible(_("The reply is empty: write something first."))
    if has_gap(reply.text):
        raise NotPossible(_("There is still a gap to fill in: %(gap)s") % {"gap": GAP})
    surplus = too_long_by(reply.text, manifest=way_of(reply))
    if surplus:
        raise NotPossible(
            _("The reply is %(count)d characters too long for this channel.") % {"count": surplus}
        )


def _check_draft(reply: Reply) -> None:
    if reply.status != ReplyStatus.DRAFT:
        raise NotPossible(_("Only a draft can be handed over for approval."))
    check_text(reply)
    refuse_unread(reply)
    check_consent(reply)
    refuse_unchanged(reply)
    if not is_pinned_to_latest(reply):
        raise NotPossible(
            _("The comment changed since you read it: look at the new version first.")
        )


def _check_ready(reply: Reply, *, digest: str) -> None:
    check_text(reply)
    check_consent(reply)
    if digest != reply_digest(reply):
        raise NotPossible(
            _("The reply changed since you read it: read it again before you approve.")
        )
    if not is_pinned_to_latest(reply):
        raise NotPossible(
            _("The comment changed since the reply was written: it must be read again.")
        )
    if hold_in_force(reply.case):
        raise NotPossible(_("A hold stands on this case: nothing may be sent."))


def _hand_over(
    reply: Reply, *, by: User, now: datetime, override: str, agreed: Collection[str]
) -> ApprovalRequest:
    """Make it wait for approval at its level; in the caller's transaction."""
    changed = Reply.objects.filter(
        pk=reply.pk, status=ReplyStatus.DRAFT, revision=reply.revision
    ).update(status=ReplyStatus.AWAITING_APPROVAL, changed_at=now)
    if not changed:
        raise NotPossible(_("Somebody else changed this draft in the meantime."))
    linted = pass_the_linter(reply, reason=override, by=by, now=now)
    if way_of(reply).public:  # nobody stands by where nobody reads along
        read_as_bystander(reply, agreed=agreed, by=by, now=now)
    need = read_need(reply, by=by, now=now, linted=linted)
    move_case(reply.case, to=CaseStatus.AWAITING_APPROVAL, actor=actor_of(by), now=now)
    request = open_request(reply, level=need.level, by=by, now=now)
    about = {
        "revision": reply.revision,
        "score": linted.score,
        "findings": linted.counts,
        "level": need.level.value,
        "raised_by": list(need.why),
    }
    _log(reply, "reply.ask", by=by, now=now, data=about)
    reply.status, reply.changed_at = ReplyStatus.AWAITING_APPROVAL, now
    return request


def _agree(reply: Reply, *, digest: str, by: User, now: datetime) -> Delivery | None:
    """Take the word of one person; in the caller's transaction, which holds the reply.

    Of two who agree at once the second one finds the seat taken, or the reply approved.
    """
    held = lock_reply(reply.pk)
    is_same = held.status == ReplyStatus.AWAITING_APPROVAL and held.revision == reply.revision
    request = request_of(held) if is_same else None
    if request is None:
        raise NotPossible(
            _("The reply changed since you read it: read it again before you approve.")
        )
    linted = lint_draft(reply, now=now)
    need = read_need(reply, by=request.asked_by, now=now, linted=linted)
    level = highest_approval(ApprovalLevel(request.level), need.level)
    word = read_word(
        reply,
        request=request,
        need=Need(level, need.why, need.money),
        linted=linted,
        by=by,
        now=now,
    )
    about = Subject("case", reply.case.public_id, reply.case.public_id)
    for what, answer in word.used:
        log_use(answer, what=what, by=by, workspace=reply.workspace, about=about, now=now)
    if word.seat is not None:
        Agreement.objects.create(
            request=request,
            person=by,
            seat=word.seat.name,
            in_name_of=word.seat.in_name_of,
            digest=digest,
            agreed_at=now,
        )
    if not word.is_last:
        left = {"revision": reply.revision, "digest": digest, "level": level.value}
        _log(reply, "reply.agree", by=by, now=now, data=left)
        return None
    return _record_approval(reply, request=request, digest=digest, by=by, word=word, now=now)


def _record_approval(
    reply: Reply, *, request: ApprovalRequest, digest: str, by: User, word: Word, now: datetime
) -> Delivery:
    changed = Reply.objects.filter(
        pk=reply.pk, status=ReplyStatus.AWAITING_APPROVAL, revision=reply.revision
    ).update(status=ReplyStatus.APPROVED, changed_at=now)
    if not changed:
        raise NotPossible(
            _("The reply changed since you read it: read it again before you approve.")
        )
    is_self = word.seat is None and reply.revisions.filter(edited_by=by).exists()
    approval = Approval.objects.create(
        reply=reply,
        revision=reply.revision,
        digest=digest,
        approved_by=by,
        approved_at=now,
        is_solo=word.is_solo,
        is_self=is_self and not word.is_solo,
        level=word.level,
        request=request,
    )
    delivery = _make_delivery(reply, approval=approval, now=now)
    close_request(reply, outcome=RequestOutcome.APPROVED, now=now)
    move_case(reply.case, to=CaseStatus.APPROVED, actor=actor_of(by), now=now)
    about = {
        "revision": reply.revision,
        "digest": digest,
        "is_solo": approval.is_solo,
        "is_self": approval.is_self,
        "level": approval.level,
    }
    _log(reply, "reply.approve", by=by, now=now, data=about)
    tell_writer(request, what="approved", by=by, now=now)
    reply.status, reply.changed_at = ReplyStatus.APPROVED, now
    return delivery


def _make_delivery(reply: Reply, *, approval: Approval, now: datetime) -> Delivery:
    is_api = way_of(reply).can(Action.REPLY, mode=Mode.API)
    waiting = {"next_step": SEND, "due_at": now} if is_api else {}
    delivery, is_new = Delivery.objects.get_or_create(
        reply=reply,
        defaults={
            "workspace_id": reply.workspace_id,
            "approval": approval,
            "account_id": reply.account_id,
            "mode": DeliveryMode.API if is_api else DeliveryMode.ASSISTED,
            "idempotency_key": uuid.uuid4().hex,
            "created_at": now,
            **waiting,
        },
    )
    if not is_new:  # approved again after it was frozen on its way: the same key, the new approval
        Delivery.objects.filter(pk=delivery.pk).update(approval=approval, attempts=0, **waiting)
        delivery.refresh_from_db()
    return delivery


def _log(reply: Reply, action: str, *, by: User, now: datetime, data: dict[str, object]) -> None:
    about = {"reply": reply.pk, **data}
    log_on_case(reply.case, action, actor=actor_of(by), now=now, data=about)
