"""Pictures for tests: drawn here, kept as the worker keeps them."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image

from amends.inbox.attachment_store import THUMB, VIEW, digest_of, keep_bytes
from amends.inbox.models import Attachment, AttachmentFile, Comment, FileState
from amends.inbox.read_picture import read_picture


def png(width: int = 640, height: int = 480, *, colour: str = "teal") -> bytes:
    """A picture of one colour as PNG."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def kept_file(
    comment: Comment, *, now: datetime, body: bytes | None = None, alt: str = ""
) -> AttachmentFile:
    """A picture of the latest version of a comment, as it is after it was fetched."""
    body = body or png()
    version = comment.versions.latest("pk")
    attachment = Attachment.objects.create(
        version=version,
        position=version.attachments.count(),
        kind="image",
        url="https://pictures.example/box.png",
        alt_text=alt,
    )
    picture = read_picture(body)
    digest = digest_of(body)
    for form, content in (("", body), (VIEW, picture.view), (THUMB, picture.thumb)):
        keep_bytes(digest, content, form=form)
    return AttachmentFile.objects.create(
        attachment=attachment,
        state=FileState.KEPT,
        digest=digest,
        size=len(body),
        media_type="image/png",
        width=picture.width,
        height=picture.height,
        fetched_at=now,
    )
