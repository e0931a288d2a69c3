"""Reads of replies; they are reached through a case that the person may see."""

from __future__ import annotations

from amends.cases.models import Case
from amends.core.digest import approval_digest
from amends.inbox.queries import latest_version
from amends.replies.models import Approval, Delivery, Reply, ReplyStatus

OPEN_REPLIES = (
    ReplyStatus.DRAFT,
    ReplyStatus.AWAITING_APPROVAL,
    ReplyStatus.APPROVED,
    ReplyStatus.FROZEN,
)


def reply_digest(reply: Reply) -> str:
    """What an approval binds: text, account, target, version, attachments (none so far)."""
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
        .select_related("comment", "version__content", "account", "begun_by", "workspace")
        .order_by("-begun_at")
        .first()
    )


def sent_replies(case: Case) -> list[Reply]:
    return list(
        case.replies.filter(status=ReplyStatus.SENT)
        .select_related("delivery", "begun_by")
        .order_by("begun_at")
    )


def delivery_of(reply: Reply) -> Delivery | None:
    return Delivery.objects.filter(reply=reply).select_related("account").first()


def lock_reply(pk: int) -> Reply:
    """The reply as it stands, held until the transaction ends; taken before its delivery, always."""
    return (
        Reply.objects.select_for_update(of=("self",))
        .select_related("case", "workspace", "comment", "version", "account")
        .get(pk=pk)
    )


def approval_in_force(reply: Reply) -> Approval | None:
    return reply.approvals.filter(revoked_at__isnull=True).select_related("approved_by").first()


def is_pinned_to_latest(reply: Reply) -> bool:
    """Whether the comment still stands as the writer of the reply read it."""
    latest = latest_version(reply.comment)
    return latest is not None and latest.pk == reply.version_id
