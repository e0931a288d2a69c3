"""Lets an erasure reach the bytes of what a comment carried; their digest and time stay."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from amends.inbox.attachment_store import drop_unused
from amends.inbox.models import AttachmentFile, Comment, FileState

AT_ONCE = 500


def erase_files(comment: Comment) -> int:
    """In the caller's transaction; the bytes go when it commits. Says how many files are gone."""
    rows = AttachmentFile.objects.filter(attachment__version__comment=comment)
    digests = list(rows.filter(state=FileState.KEPT).values_list("digest", flat=True))
    rows.update(state=FileState.GONE, reason="erased", next_step="", due_at=None)
    for digest in digests:
        transaction.on_commit(partial(drop_unused, digest))
    return len(digests)


def erase_files_of_erased() -> int:
    """Bytes whose words are erased already go too, as after a restore that brought them back; a job."""
    rows = AttachmentFile.objects.filter(
        state=FileState.KEPT, attachment__version__content__redacted_at__isnull=False
    )
    comments = Comment.objects.filter(pk__in=rows.values("attachment__version__comment"))
    gone = 0
    for comment in comments[:AT_ONCE]:
        with transaction.atomic():
            gone += erase_files(comment)
    return gone
