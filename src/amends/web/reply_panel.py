"""The answer to a case as the page shows it: draft, approval, delivery, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from amends.accounts.models import User
from amends.accounts.second_person import is_solo
from amends.cases.family import public_ids_of
from amends.cases.models import Case, CaseStatus
from amends.connectors.kit.manifest import Action, Manifest, Mode
from amends.core.diff import Piece, diff_words
from amends.core.starting.points import StartingPoint
from amends.inbox.channels import manifest_of
from amends.inbox.models import Version
from amends.record.models import ActionLog
from amends.replies.bystander import bystander_pass_in_force
from amends.replies.length import reply_length
from amends.replies.lint import language_of
from amends.replies.models import (
    Approval,
    BystanderPass,
    Delivery,
    Reply,
    ReplyPurpose,
    ReplyStatus,
)
from amends.replies.queries import (
    approval_in_force,
    delivery_of,
    open_reply,
    reply_digest,
    sent_replies,
)
from amends.replies.solo import solo_pause_until
from amends.replies.starting_points import points_for
from amends.replies.way import way_of
from amends.web.approval_panel import ApprovalView, read_approval
from amends.web.lint_panel import LintPanel, read_lint_panel
from amends.web.machine_panel import MachinePanel, read_machine_panel
from amends.web.sent_view import SentView, read_sent

if TYPE_CHECKING:
    from amends.web.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Returned:
    """That an approver sent the draft back, and why."""

    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Frozen:
    """Why an answer must not go out as it is."""

    is_gone: bool
    why: str
    pieces: tuple[Piece, ...]
    may_pin: bool


@dataclass(frozen=True, slots=True)
class ReplyPanel:
    """`state` is one of none, triage_first, gone, draft, waiting, frozen, approved."""

    state: str
    reply: Reply | None = None
    manifest: Manifest | None = None
    length: int = 0
    target_rank: int = 0
    digest: str = ""
    approval: Approval | None = None
    delivery: Delivery | None = None
    is_writer: bool = False
    is_alone: bool = False
    pause_until: datetime | None = None
    frozen: Frozen | None = None
    returned: Returned | None = None
    sent: tuple[SentView, ...] = ()
    starting_points: tuple[StartingPoint, ...] = ()
    lint: LintPanel | None = None
    bystander: BystanderPass | None = None
    approving: ApprovalView | None = None
    machine: MachinePanel | None = None

    @property
    def limit(self) -> int | None:
        return self.manifest.max_reply_chars if self.manifest else None

    @property
    def is_assisted(self) -> bool:
        """A person posts it by hand."""
        return self.manifest is not None and self.manifest.can(Action.REPLY, mode=Mode.ASSISTED)

    @property
    def may_lead(self) -> bool:
        """Whether a link into private may be put into it: a public answer that is being written."""
        is_answer = self.reply is not None and self.reply.purpose == ReplyPurpose.ANSWER
        is_public = self.manifest is not None and self.manifest.public
        return is_answer and is_public and self.state == "draft"

    @property
    def is_editable(self) -> bool:
        return self.state in {"draft", "waiting", "frozen"}

    @property
    def needs_other(self) -> bool:
        """The person wrote part of it and may not release it alone: somebody else must approve."""
        released = self.approving is not None and self.approving.may_release
        return self.is_writer and not self.is_alone and not released


def read_reply_panel(
    case: Case, *, user: User, has_triage: bool, conversation: Conversation, now: datetime
) -> ReplyPanel:
    """The answer that is worked on, or what would have to happen before one can be begun."""
    sent = read_sent(sent_replies(case))
    reply = open_reply(case)
    if reply is None:
        return ReplyPanel(
            _why_none(case, has_triage=has_triage, conversation=conversation),
            sent=sent,
            manifest=manifest_of(case.comment.account),
        )
    reply.case = case  # the same row: not read again for the digest and the pause
    manifest = way_of(reply)
    versions = [view.version for view in conversation.subject.versions]
    rank = next((n for n, one in enumerate(versions, 1) if one.pk == reply.version_id), 0)
    is_stale = _is_stale(reply, versions=versions)
    state = {
        ReplyStatus.DRAFT: "draft",
        ReplyStatus.AWAITING_APPROVAL: "waiting",
        ReplyStatus.APPROVED: "approved",
        ReplyStatus.FROZEN: "frozen",
    }[ReplyStatus(reply.status)]
    if is_stale and state in {"draft", "waiting"}:
        state = "frozen"
    alone = is_solo(case.workspace, case.lane)
    return ReplyPanel(
        state=state,
        reply=reply,
        manifest=manifest,
        length=reply_length(reply.text, manifest=manifest),
        target_rank=rank,
        digest=reply_digest(reply),
        approval=approval_in_force(reply),
        delivery=delivery_of(reply),
        is_writer=reply.revisions.filter(edited_by=user).exists(),
        is_alone=alone,
        pause_until=_pause(reply, alone=alone, now=now),
        frozen=_frozen(reply, conversation=conversation) if state == "frozen" else None,
        returned=_returned(reply) if state == "draft" else None,
        sent=sent,
        starting_points=points_for(reply, language=language_of(reply)) if state == "draft" else (),
        lint=read_lint_panel(reply, now=now) if state != "approved" else None,
        bystander=bystander_pass_in_force(reply) if state == "waiting" else None,
        approving=read_approval(reply, user=user, now=now)
        if state in {"draft", "waiting"}
        else None,
        machine=read_machine_panel(reply) if state == "draft" else None,
    )


def _is_stale(reply: Reply, *, versions: list[Version]) -> bool:
    """Whether what it answers has changed; in private the record of the freeze says so."""
    return not reply.is_private and bool(versions) and versions[-1].pk != reply.version_id


def _why_none(case: Case, *, has_triage: bool, conversation: Conversation) -> str:
    if conversation.subject.is_gone:
        return "gone"
    if not has_triage or case.status == CaseStatus.NEW:
        return "triage_first"
    return "none" if case.is_open else "closed"


def _pause(reply: Reply, *, alone: bool, now: datetime) -> datetime | None:
    until = solo_pause_until(reply)
    return until if alone and until > now else None


def _frozen(reply: Reply, *, conversation: Conversation) -> Frozen:
    latest = conversation.subject.latest
    is_stale = not reply.is_private and latest is not None and latest.version.pk != reply.version_id
    is_gone = conversation.subject.is_gone and not reply.is_private
    pieces: tuple[Piece, ...] = ()
    if is_stale and latest is not None and not is_gone:
        pieces = diff_words(reply.version.text, new=latest.text)
    return Frozen(
        is_gone=is_gone, why=_why_frozen(reply, is_stale=is_stale), pieces=pieces,
        may_pin=not is_gone,
    )  # fmt: skip


def _why_frozen(reply: Reply, *, is_stale: bool) -> str:
    if is_stale:
        return ""  # the difference says it
    entry = _last_entry(reply, "reply.freeze")
    reasons = {
        "hold": _("A hold stands on this case: nothing may be sent."),
        "approver_left": _("The person who approved it may no longer approve."),
        "no_approval": _("The approval was taken back."),
        "findings": _("The linter found something after the approval that stops the reply."),
        "not_what_was_approved": _("The text is no longer the one that was approved."),
        "level": _("The matter asks for a higher approval by now."),
        "consent": _("The author no longer agrees that this is said in public."),
        "wrote_again": _("The author wrote again in private after the reply was written."),
        "comment_changed": _("The comment changed after the reply was written."),
    }
    return reasons.get(entry.data.get("why", "") if entry else "", reasons["comment_changed"])


def _returned(reply: Reply) -> Returned | None:
    back = _last_entry(reply, "reply.send_back")
    if back is None:
        return None
    asked = _last_entry(reply, "reply.ask")
    if asked is not None and asked.pk > back.pk:
        return None
    return Returned(by=back.actor_label, reason=back.data.get("reason", ""), at=back.at)


def _last_entry(reply: Reply, action: str) -> ActionLog | None:
    return (
        ActionLog.objects.filter(
            workspace_id=reply.workspace_id,
            subject_kind="case",
            subject_id__in=public_ids_of(reply.case),
            action=action,
            data__reply=reply.pk,
        )
        .order_by("-id")
        .first()
    )
