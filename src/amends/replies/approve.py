"""Step 6, approve: another person agrees to exactly this text, for this account, on this version."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Membership, User, Workspace
from amends.accounts.permissions import may_approve, may_draft, refuse_unless
from amends.cases.models import CaseStatus
from amends.cases.queries import hold_in_force
from amends.cases.transitions import NotPossible, log_on_case, move_case
from amends.connectors.kit.manifest import Action, Mode
from amends.inbox.channels import manifest_of
from amends.replies.bystander import bystander_pass_in_force, read_as_bystander
from amends.replies.draft import back_to_draft
from amends.replies.length import too_long_by
from amends.replies.mend import GAP, has_gap
from amends.replies.models import (
    Approval,
    Delivery,
    DeliveryMode,
    Reply,
    ReplyStatus,
)
from amends.replies.override import check_linter_again, pass_the_linter
from amends.replies.queries import is_pinned_to_latest, reply_digest

SEND = "send"


def is_solo(workspace: Workspace) -> bool:
    """Whether fewer than two people here may approve: then a pause takes the second person's place."""
    members = Membership.objects.filter(
        workspace=workspace, is_active=True, user__is_active=True
    ).select_related("user", "workspace")
    return sum(may_approve(member.user, workspace) for member in members) < 2


def solo_pause_until(reply: Reply) -> datetime:
    """The moment from which the only person may approve their own words."""
    return reply.changed_at + timedelta(minutes=reply.workspace.solo_pause_minutes)


def ask_for_approval(
    reply: Reply, *, by: User, now: datetime, override: str = "", agreed: Collection[str] = ()
) -> None:
    """Hand the draft to a colleague; raises NotPossible for a text that cannot be sent.

    `override` says why it must go out although the linter stops it; `agreed` are the statements of the
    bystander pass that its writer ticked (NotReadYet where this text was not read so).
    """
    refuse_unless(may_draft(by, reply.workspace), _("write replies"))
    if reply.status != ReplyStatus.DRAFT:
        raise NotPossible(_("Only a draft can be handed over for approval."))
    check_text(reply)
    if not is_pinned_to_latest(reply):
        raise NotPossible(
            _("The comment changed since you read it: look at the new version first.")
        )
    with transaction.atomic():
        changed = Reply.objects.filter(
            pk=reply.pk, status=ReplyStatus.DRAFT, revision=reply.revision
        ).update(status=ReplyStatus.AWAITING_APPROVAL, changed_at=now)
        if not changed:
            raise NotPossible(_("Somebody else changed this draft in the meantime."))
        linted = pass_the_linter(reply, reason=override, by=by, now=now)
        read_as_bystander(reply, agreed=agreed, by=by, now=now)
        move_case(reply.case, to=CaseStatus.AWAITING_APPROVAL, actor=actor_of(by), now=now)
        about = {"revision": reply.revision, "score": linted.score, "findings": linted.counts}
        _log(reply, "reply.ask", by=by, now=now, data=about)
    reply.status, reply.changed_at = ReplyStatus.AWAITING_APPROVAL, now


def approve_reply(reply: Reply, *, digest: str, by: User, now: datetime) -> Delivery:
    """Agree to what was shown (`digest`) and put it on its way.

    Raises NotPossible when the reply or the comment changed since, when the approver wrote any of it
    (unless they are alone and the pause has passed), while a hold stands, or when the linter stops it.
    """
    refuse_unless(may_approve(by, reply.workspace), _("approve replies"))
    if reply.status != ReplyStatus.AWAITING_APPROVAL:
        raise NotPossible(_("This reply is not waiting for approval."))
    check_text(reply)
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
    alone = _check_second_person(reply, by=by, now=now)
    if bystander_pass_in_force(reply) is None:
        raise NotPossible(
            _("Nobody has read this text as a bystander: send it back to its writer.")
        )
    check_linter_again(reply, by=by, is_alone=is_solo(reply.workspace), now=now)
    try:
        with transaction.atomic():
            return _record_approval(reply, digest=digest, by=by, is_solo=alone, now=now)
    except IntegrityError:
        raise NotPossible(_("Somebody else approved this reply in the same moment.")) from None


def send_back(reply: Reply, *, reason: str, by: User, now: datetime) -> None:
    """Return the draft to its writer with a reason."""
    refuse_unless(may_approve(by, reply.workspace), _("approve replies"))
    if reply.status != ReplyStatus.AWAITING_APPROVAL:
        raise NotPossible(_("This reply is not waiting for approval."))
    if not reason.strip():
        raise NotPossible(_("Say what should change: the writer cannot guess it."))
    with transaction.atomic():
        back_to_draft(reply, by=by, now=now)
        _log(reply, "reply.send_back", by=by, now=now, data={"reason": reason.strip()})


def check_text(reply: Reply) -> None:
    """Refuse what no channel would take."""
    if not reply.text.strip():
        raise NotPossible(_("The reply is empty: write something first."))
    if has_gap(reply.text):
        raise NotPossible(_("There is still a gap to fill in: %(gap)s") % {"gap": GAP})
    surplus = too_long_by(reply.text, manifest=manifest_of(reply.account))
    if surplus:
        raise NotPossible(
            _("The reply is %(count)d characters too long for this channel.") % {"count": surplus}
        )


def _check_second_person(reply: Reply, *, by: User, now: datetime) -> bool:
    """True when one person alone agrees with themselves; raises NotPossible where that may not be."""
    if not reply.revisions.filter(edited_by=by).exists():
        return False
    if not is_solo(reply.workspace):
        raise NotPossible(_("You wrote part of this reply: somebody else must approve it."))
    until = solo_pause_until(reply)
    if now < until:
        minutes = -((until - now) // timedelta(minutes=-1)) if until > now else 0
        raise NotPossible(
            _("You are alone here: read it once more in %(minutes)d min, then approve.")
            % {"minutes": abs(minutes)}
        )
    return True


def _record_approval(
    reply: Reply, *, digest: str, by: User, is_solo: bool, now: datetime
) -> Delivery:
    changed = Reply.objects.filter(
        pk=reply.pk, status=ReplyStatus.AWAITING_APPROVAL, revision=reply.revision
    ).update(status=ReplyStatus.APPROVED, changed_at=now)
    if not changed:
        raise NotPossible(
            _("The reply changed since you read it: read it again before you approve.")
        )
    approval = Approval.objects.create(
        reply=reply,
        revision=reply.revision,
        digest=digest,
        approved_by=by,
        approved_at=now,
        is_solo=is_solo,
    )
    is_api = manifest_of(reply.account).can(Action.REPLY, mode=Mode.API)
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
    move_case(reply.case, to=CaseStatus.APPROVED, actor=actor_of(by), now=now)
    _log(
        reply,
        "reply.approve",
        by=by,
        now=now,
        data={"revision": reply.revision, "digest": digest, "is_solo": is_solo},
    )
    reply.status, reply.changed_at = ReplyStatus.APPROVED, now
    return delivery


def _log(reply: Reply, action: str, *, by: User, now: datetime, data: dict[str, object]) -> None:
    about = {"reply": reply.pk, **data}
    log_on_case(reply.case, action, actor=actor_of(by), now=now, data=about)
