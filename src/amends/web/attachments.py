"""Pictures and files of comments from our own address: only for who may see the comment, never as a page."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.accounts.permissions import may_read
from amends.cases.author_history import comments_visible_to
from amends.inbox.attachment_store import THUMB, VIEW, read_bytes
from amends.inbox.models import AttachmentFile, FileState
from amends.web.cases import user_of
from amends.web.pages import page

# What is served can do nothing, even if a browser is talked into opening it as a page.
LOCKED = "default-src 'none'; sandbox"
FORMS = {"view": VIEW, "thumb": THUMB}
WEBP = "image/webp"


@page(may=may_read)
def picture(request: HttpRequest, attachment: int, form: str) -> HttpResponse:
    """The picture as the desk wrote it anew, or its thumbnail."""
    found = _find(request, attachment)
    body = read_bytes(found.digest, form=FORMS[form]) if found.is_image and form in FORMS else None
    if body is None:
        raise _none()
    return _serve(body, media_type=WEBP, name=f"attachment-{attachment}.webp", disposition="inline")


@page(may=may_read)
def download(request: HttpRequest, attachment: int) -> HttpResponse:
    """A file as it came, to be saved: never shown, never under the type that it claims."""
    found = _find(request, attachment)
    body = read_bytes(found.digest)
    if body is None:
        raise _none()
    name = _plain_name(found.attachment.url, attachment)
    return _serve(body, media_type="application/octet-stream", name=name, disposition="attachment")


def _find(request: HttpRequest, key: int) -> AttachmentFile:
    workspace = request.workspace  # type: ignore[attr-defined]
    rows = AttachmentFile.objects.filter(
        attachment=key, attachment__version__workspace=workspace, state=FileState.KEPT
    ).select_related("attachment__version__comment")
    found = rows.first()
    if found is None:
        raise _none()
    comment = found.attachment.version.comment
    seen = comments_visible_to(
        user_of(request), workspace=workspace, authors=[comment.author_id]
    ).filter(pk=comment.pk)
    if not seen.exists():
        raise _none()
    return found


def _none() -> Http404:
    return Http404(_("There is no such picture or file, or it is not yours to see."))


def _serve(body: bytes, *, media_type: str, name: str, disposition: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = LOCKED
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Who signs out or loses sight of the case must not find it in the browser for long.
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


def _plain_name(url: str, key: int) -> str:
    """A name without anything that a file system or a header could misread."""
    last = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", last).strip("._")[-80:]
    return plain or f"attachment-{key}"
