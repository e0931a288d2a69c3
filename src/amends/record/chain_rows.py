"""Turns rows of the log into the plain types that the chain is made of, and back."""

from __future__ import annotations

from amends.core.chain import Link, LogEntry
from amends.core.heads import BatchHead, SignedHead
from amends.record.models import ActionLog, LogBatch, LogLink


def entry_of(row: ActionLog) -> LogEntry:
    return LogEntry(
        id=row.pk,
        at=row.at,
        workspace_id=row.workspace_id,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        actor_label=row.actor_label,
        action=row.action,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        subject_label=row.subject_label,
        data=row.data,
    )


def link_of(row: LogLink) -> Link:
    return Link(row.position, row.entry_id, row.hash)


def signed_head_of(row: LogBatch) -> SignedHead:
    """The head as it was signed; raises ValueError for a row whose values cannot be one."""
    head = BatchHead(
        number=row.number,
        first_position=row.first_position,
        count=row.count,
        hash=row.hash,
        previous_hash=row.previous_hash,
        sealed_at=row.sealed_at,
    )
    return SignedHead(head, row.signature)


def batch_row(signed: SignedHead) -> LogBatch:
    head = signed.head
    return LogBatch(
        number=head.number,
        first_position=head.first_position,
        count=head.count,
        hash=head.hash,
        previous_hash=head.previous_hash,
        sealed_at=head.sealed_at,
        signature=signed.signature,
    )
