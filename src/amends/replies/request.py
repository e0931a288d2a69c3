"""The wish for an approval: opened when a text is handed over, closed with what became of it."""

from __future__ import annotations

from datetime import datetime

from amends.accounts.change_notices import take_back_notices
from amends.accounts.models import NotificationKind, User
from amends.accounts.queries import members_of
from amends.cases.tell import tell
from amends.core.vocabulary import ApprovalLevel
from amends.replies.level import TIME_OUTS
from amends.replies.models import ApprovalRequest, Reply, RequestOutcome

WATCH_APPROVAL = "watch_approval"
MOST_ASKED = 25  # persons who are told; the view Approvals shows it to all


def open_request(reply: Reply, *, level: ApprovalLevel, by: User, now: datetime) -> ApprovalRequest:
    """Let the time of the level run; in the caller's transaction."""
    return ApprovalRequest.objects.create(
        workspace_id=reply.workspace_id,
        reply=reply,
        revision=reply.revision,
        level=level,
        asked_by=by,
        asked_at=now,
        next_step=WATCH_APPROVAL,
        due_at=now + TIME_OUTS[level],
    )


def request_of(reply: Reply) -> ApprovalRequest | None:
    """The request that waits, if there is one."""
    return (
        ApprovalRequest.objects.filter(reply=reply, outcome="").select_related("asked_by").first()
    )


def close_request(reply: Reply, *, outcome: RequestOutcome, now: datetime) -> None:
    """Say what became of it, and how long it took; in the caller's transaction, once.

    Who was asked and has not looked need not look any more.
    """
    request = request_of(reply)
    if request is None:
        return
    ApprovalRequest.objects.filter(pk=request.pk, outcome="").update(
        outcome=outcome, answered_at=now, next_step="", due_at=None, lease_token=""
    )
    members = [one.user_id for one in members_of(reply.workspace)]
    keys = [f"approval:{request.pk}:{what}" for what in ("asked", "late")]
    take_back_notices(members, keys=keys, now=now)


def tell_approvers(
    request: ApprovalRequest, *, people: list[User], what: str, now: datetime
) -> None:
    """Tell those who may agree that they are wanted; `what` is asked, or late."""
    for person in people[:MOST_ASKED]:
        tell(
            person,
            case=request.reply.case,
            kind=NotificationKind.APPROVAL,
            now=now,
            key=f"approval:{request.pk}:{what}",
            facts={"what": what, "by": str(request.asked_by), "level": request.level},
        )


def tell_writer(request: ApprovalRequest, *, what: str, by: User, now: datetime) -> None:
    """Tell who handed it over how it ended; `what` is approved, or returned."""
    if request.asked_by_id != by.pk:
        tell(
            request.asked_by,
            case=request.reply.case,
            kind=NotificationKind.APPROVAL,
            now=now,
            key=f"approval:{request.pk}:{what}",
            facts={"what": what, "by": str(by)},
        )
