"""Lets an erasure reach what a comment carried: bytes, address, description; their digest and time stay."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from amends.inbox.attachment_store import drop_unused
from amends.inbox.models import Attachment, AttachmentFile, Comment, FileState

AT_ONCE = 500


def erase_files(comment: Comment) -> int:
    """In the caller's transaction, which has erased the words; the bytes go when it commits.

    Says how many files are gone.
    """
    rows = AttachmentFile.objects.filter(attachment__version__comment=comment)
    digests = list(rows.filter(state=FileState.KEPT).values_list("digest", flat=True))
    rows.update(
        state=FileState.GONE,
        reason="erased",
        next_step="",
        due_at=None,
        lease_token="",
        last_error="",
    )
    _descriptions_of_erased().filter(version__comment=comment).update(url="", alt_text="")
    for digest in digests:
        transaction.on_commit(partial(drop_unused, digest))
    return len(digests)


def erase_files_of_erased() -> int:
    """What was carried by words that are erased goes too, as after a restore that brought it back; a job."""
    rows = AttachmentFile.objects.filter(
        state=FileState.KEPT, attachment__version__content__redacted_at__isnull=False
    )
    comments = Comment.objects.filter(pk__in=rows.values("attachment__version__comment"))
    _descriptions_of_erased().update(url="", alt_text="")
    gone = 0
    for comment in comments[:AT_ONCE]:
        with transaction.atomic():
            gone += erase_files(comment)
    return gone


def _descriptions_of_erased() -> QuerySet[Attachment]:
    """What still says where erased pictures and files lie, or what they show."""
    said = Attachment.objects.exclude(url="", alt_text="")
    return said.filter(version__content__redacted_at__isnull=False)
