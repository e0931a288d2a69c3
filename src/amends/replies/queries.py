"""Reads of replies; they are reached through a case that the person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import may_delegate
from amends.cases.models import Case
from amends.core.digest import approval_digest
from amends.inbox.queries import latest_version
from amends.replies.models import (
    Approval,
    ApprovalRequest,
    Delivery,
    HandOver,
    MessageKind,
    PrivateMessage,
    Reply,
    ReplyStatus,
    RequestOutcome,
)

_AROUND = (
    *("comment", "version__content", "account", "workspace"),
    *("hand_over__reach", "closes__author", "answers__content"),
)
OPEN_REPLIES = (
    ReplyStatus.DRAFT,
    ReplyStatus.AWAITING_APPROVAL,
    ReplyStatus.APPROVED,
    ReplyStatus.FROZEN,
)


def reply_digest(reply: Reply) -> str:
    """What an approval binds: text, account, target, version, attachments (none so far).

    In private the target is the conversation, and the version the message that is answered.
    """
    if reply.is_private:
        return approval_digest(
            text=reply.text,
            account_id=str(reply.account_id),
            target_external_id=f"private:{reply.hand_over_id}",
            version_digest=reply.answers.content.digest if reply.answers else "",
            attachments=(),
        )
    return approval_digest(
        text=reply.text,
        account_id=str(reply.account_id),
        target_external_id=reply.comment.external_id,
        version_digest=reply.version.digest,
        attachments=(),
    )


def open_reply(case: Case) -> Reply | None:
    """The answer that is being worked on, if there is one."""
    return (
        case.replies.filter(status__in=OPEN_REPLIES)
        .select_related(*_AROUND, "begun_by")
        .order_by("-begun_at")
        .first()
    )


def sent_replies(case: Case) -> list[Reply]:
    return list(
        case.replies.filter(status=ReplyStatus.SENT)
        .select_related("delivery__approval", "begun_by")
        .order_by("begun_at")
    )


def delivery_of(reply: Reply) -> Delivery | None:
    return Delivery.objects.filter(reply=reply).select_related("account").first()


def lock_reply(pk: int) -> Reply:
    """The reply as it stands, held until the transaction ends; taken before its delivery, always.

    And before its case: the order of locks stands in pipeline/join.py.
    """
    return Reply.objects.select_for_update(of=("self",)).select_related("case", *_AROUND).get(pk=pk)


def lock_replies_of(hand_over: HandOver) -> None:
    """Hold the answers of a private conversation, before the conversation itself."""
    rows = Reply.objects.select_for_update(of=("self",)).filter(hand_over=hand_over)
    list(rows.order_by("pk").values_list("pk"))


def approval_in_force(reply: Reply) -> Approval | None:
    return reply.approvals.filter(revoked_at__isnull=True).select_related("approved_by").first()


def is_pinned_to_latest(reply: Reply) -> bool:
    """Whether the comment still stands as the writer of the reply read it; in private, whether the author
    has written nothing since.
    """
    if reply.hand_over_id is not None:
        latest_word = last_word(reply.hand_over_id)
        return (latest_word.pk if latest_word else None) == reply.answers_id
    latest = latest_version(reply.comment)
    return latest is not None and latest.pk == reply.version_id


def wrote_since(case: Case, *, since: datetime) -> PrivateMessage | None:
    """The last word of the author in private that came after a moment."""
    return (
        PrivateMessage.objects.filter(
            case=case,
            kind=MessageKind.WORD,
            written_by__isnull=True,
            content__created_at__gt=since,
        )
        .order_by("-pk")
        .first()
    )


def has_private_talk(case: Case, *, now: datetime) -> bool:
    """Whether a link can still be used, or a private conversation goes on or waits for its closing note."""
    open_ones = HandOver.objects.filter(case=case, revoked_at__isnull=True, ended_at__isnull=True)
    alive = open_ones.filter(Q(used_at__isnull=False) | Q(expires_at__gt=now))
    return case.needs_closing_note or alive.exists()


def last_word(hand_over: HandOver | int) -> PrivateMessage | None:
    """What the author wrote last in a private conversation: what is to be answered."""
    key = hand_over if isinstance(hand_over, int) else hand_over.pk
    return (
        PrivateMessage.objects.filter(hand_over=key, kind=MessageKind.WORD, written_by__isnull=True)
        .select_related("content")
        .order_by("-pk")
        .first()
    )


@dataclass(frozen=True, slots=True)
class ApprovalTimes:
    """How long the approvals of one level took; times are None where none was given yet."""

    level: str
    count: int
    median: timedelta | None
    p90: timedelta | None
    late: int
    waiting: int


def approval_times(
    user: User, *, workspace: Workspace, since: datetime
) -> tuple[ApprovalTimes, ...]:
    """How long approvals took since then, a level a row, for those who read the authority matrix (S1.14)."""
    if not may_delegate(user, workspace):
        return ()
    spans: dict[str, list[timedelta]] = {}
    late: dict[str, int] = {}
    waiting: dict[str, int] = {}
    rows = ApprovalRequest.objects.filter(workspace=workspace, asked_at__gte=since)
    for row in rows.exclude(approvals__is_self=True).iterator():
        late[row.level] = late.get(row.level, 0) + (row.timed_out_at is not None)
        spans.setdefault(row.level, [])
        if row.answered_at is None:
            waiting[row.level] = waiting.get(row.level, 0) + 1
        elif row.outcome in {RequestOutcome.APPROVED, RequestOutcome.RETURNED}:
            spans[row.level].append(row.answered_at - row.asked_at)
    return tuple(
        ApprovalTimes(
            level=level,
            count=len(taken),
            median=_share(taken, 0.5),
            p90=_share(taken, 0.9),
            late=late.get(level, 0),
            waiting=waiting.get(level, 0),
        )
        for level, taken in sorted(spans.items())
    )


def _share(taken: list[timedelta], share: float) -> timedelta | None:
    return sorted(taken)[min(int(len(taken) * share), len(taken) - 1)] if taken else None
