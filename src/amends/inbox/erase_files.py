"""Lets an erasure reach the bytes of what a comment carried; their digest and time stay."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from amends.inbox.attachment_store import drop_unused
from amends.inbox.models import AttachmentFile, Comment, FileState


def erase_files(comment: Comment) -> int:
    """In the caller's transaction; the bytes go when it commits. Says how many files are gone."""
    rows = AttachmentFile.objects.filter(attachment__version__comment=comment)
    digests = list(rows.filter(state=FileState.KEPT).values_list("digest", flat=True))
    rows.update(state=FileState.GONE, reason="erased", next_step="", due_at=None)
    for digest in digests:
        transaction.on_commit(partial(drop_unused, digest))
    return len(digests)
