"""Where the bytes of attachments lie: below the data folder, by digest, so that none is kept twice."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from amends.inbox.models import AttachmentFile, FileState

VIEW, THUMB = "view.webp", "thumb.webp"


def folder() -> Path:
    return Path(settings.DATA_DIR) / "attachments"


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def path_of(digest: str, *, form: str = "") -> Path:
    """Where the bytes of a digest lie; `form` is one of VIEW and THUMB, empty for what came in.

    Raises ValueError for what is no digest: a name never leads out of the folder.
    """
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("this is no digest")
    if form not in {"", VIEW, THUMB}:
        raise ValueError("there is no such form")
    return folder() / digest[:2] / (f"{digest}.{form}" if form else digest)


def keep_bytes(digest: str, body: bytes, *, form: str = "") -> None:
    """Write them whole or not at all; the same bytes twice are the same file."""
    path = path_of(digest, form=form)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_bytes(digest: str, *, form: str = "") -> bytes | None:
    """None when they are gone."""
    try:
        return path_of(digest, form=form).read_bytes()
    except FileNotFoundError:
        return None


def drop_unused(digest: str) -> None:
    """Remove the bytes that no attachment has any more; called after the transaction that let go of them."""
    if AttachmentFile.objects.filter(digest=digest, state=FileState.KEPT).exists():
        return
    for form in ("", VIEW, THUMB):
        path_of(digest, form=form).unlink(missing_ok=True)
