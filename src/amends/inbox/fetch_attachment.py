"""Fetches what a comment carried, through the guard, and keeps it by digest with its evidence.

No browser ever asks a stranger's server: what is shown comes from here. Trouble of that server costs
nothing of the comment; after some tries the page says that the file could not be had.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.http import HttpAnswer, HttpCall, HttpClient
from amends.connectors.kit.transport import AnswerTooLargeError, Bounds
from amends.core.clock import Clock
from amends.inbox.attachment_store import THUMB, VIEW, digest_of, drop_unused, keep_bytes
from amends.inbox.models import AttachmentFile, FileState
from amends.inbox.read_picture import NoPicture, read_picture, sniff
from amends.record.evidence import keep_evidence
from amends.record.log import Subject
from amends.work.claim import Claim, back_off, finish, put_off

MAX_BYTES = 10 * 1024 * 1024
TRIES = 6
METHOD = "attachment"


def fetch_attachment(claim: Claim[AttachmentFile], *, clock: Clock, guard: OutboundGuard) -> None:
    """One file; every way out leaves a state that a person can read."""
    row = claim.row
    if row.state != FileState.PENDING:
        finish(claim)
        return
    bounds = Bounds(max_bytes=MAX_BYTES)
    call = HttpCall(method="GET", url=row.attachment.url, follow_redirects=True)
    try:
        answer = HttpClient(guard, clock=clock, bounds=bounds).send(call)
    except AnswerTooLargeError:
        _refuse(claim, reason="too_large")
    except ChannelError as error:
        if error.permanent:
            _refuse(claim, reason="refused")
        else:
            _later(claim, clock=clock, error=str(error))
    else:
        _take(claim, answer=answer, clock=clock)


def _take(claim: Claim[AttachmentFile], *, answer: HttpAnswer, clock: Clock) -> None:
    if answer.status in {404, 410}:
        _refuse(claim, reason="not_there", state=FileState.GONE)
    elif answer.status >= 500 or answer.status == 429:
        _later(claim, clock=clock, error=f"the server answered {answer.status}")
    elif not answer.is_success or not answer.body:
        _refuse(claim, reason="refused")
    else:
        _keep(claim, body=answer.body, clock=clock)


def _keep(claim: Claim[AttachmentFile], *, body: bytes, clock: Clock) -> None:
    """Bytes first, the row after them: a crash leaves a file that the next run writes again."""
    digest, media_type = digest_of(body), sniff(body)
    width = height = 0
    if media_type.startswith("image/"):
        try:
            picture = read_picture(body)
        except NoPicture as refused:
            _refuse(claim, reason=str(refused))
            return
        keep_bytes(digest, picture.view, form=VIEW)
        keep_bytes(digest, picture.thumb, form=THUMB)
        width, height = picture.width, picture.height
    elif claim.row.attachment.kind == "image":
        _refuse(claim, reason="unreadable")
        return
    keep_bytes(digest, body)
    values = {"digest": digest, "size": len(body), "media_type": media_type}
    _store(claim, values=values | {"width": width, "height": height}, clock=clock)


def _store(claim: Claim[AttachmentFile], *, values: dict[str, Any], clock: Clock) -> None:
    row, now = claim.row, clock.now()
    with transaction.atomic():
        pending = AttachmentFile.objects.filter(
            pk=row.pk, lease_token=claim.token, state=FileState.PENDING
        )
        if pending.update(state=FileState.KEPT, fetched_at=now, **values):
            comment = row.attachment.version.comment
            about = {name: values[name] for name in ("digest", "size", "media_type")}
            keep_evidence(
                subject=Subject("comment", str(comment.pk), comment.external_id),
                workspace_id=comment.workspace_id,
                kind="file",
                source_url="",
                payload=about | {"attachment": row.attachment_id, "url": row.attachment.url},
                captured_by="worker",
                method=METHOD,
                now=now,
            )
        else:  # erased meanwhile: nothing of it stays
            transaction.on_commit(lambda: drop_unused(values["digest"]))
        finish(claim)


def _later(claim: Claim[AttachmentFile], *, clock: Clock, error: str) -> None:
    if claim.row.attempts >= TRIES:
        _refuse(claim, reason="unreachable")
        return
    pause = back_off(claim.row.attempts)
    attempts = claim.row.attempts  # counted on: a file is not worth asking for ever
    put_off(claim, until=clock.now() + pause, error=error, attempts=attempts)


def _refuse(
    claim: Claim[AttachmentFile], *, reason: str, state: FileState = FileState.REFUSED
) -> None:
    with transaction.atomic():
        rows = AttachmentFile.objects.filter(pk=claim.row.pk, state=FileState.PENDING)
        rows.update(state=state, reason=reason)
        finish(claim)
