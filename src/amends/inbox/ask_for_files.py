"""Puts what a comment carried on the list of what the worker fetches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from amends.inbox.models import Attachment, AttachmentFile

FETCH = "fetch_attachment"
FETCHED_KINDS = frozenset({"image", "file"})  # links are read by people, videos are too large


def ask_for_files(attachments: Iterable[Attachment], *, now: datetime) -> None:
    """In the transaction that captures them; asking twice changes nothing."""
    AttachmentFile.objects.bulk_create(
        [
            AttachmentFile(attachment=one, next_step=FETCH, due_at=now)
            for one in attachments
            if one.kind in FETCHED_KINDS
        ],
        ignore_conflicts=True,
    )
