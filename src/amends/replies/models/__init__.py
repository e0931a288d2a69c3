"""Tables of answers."""

from amends.replies.models.machine_draft import MachineDraft, MachineDraftStatus
from amends.replies.models.reply import (
    LEVELS,
    Agreement,
    Approval,
    ApprovalRequest,
    BystanderPass,
    Delivery,
    DeliveryMode,
    DeliveryStatus,
    Finding,
    Override,
    Promise,
    PromiseStatus,
    Reply,
    ReplyPurpose,
    ReplyRevision,
    ReplyStatus,
    RequestOutcome,
)

__all__ = [
    "LEVELS",
    "Agreement",
    "Approval",
    "ApprovalRequest",
    "BystanderPass",
    "Delivery",
    "DeliveryMode",
    "DeliveryStatus",
    "Finding",
    "MachineDraft",
    "MachineDraftStatus",
    "Override",
    "Promise",
    "PromiseStatus",
    "Reply",
    "ReplyPurpose",
    "ReplyRevision",
    "ReplyStatus",
    "RequestOutcome",
]
