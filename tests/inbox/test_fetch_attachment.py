"""What comments carried is fetched through the guard, told by its content, bounded, and erased."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings
from PIL import Image

from amends.accounts.models import User
from amends.cases.erase import erase_comment
from amends.connectors.kit.events import InboundAttachment
from amends.connectors.kit.guard import OutboundGuard
from amends.core.clock import ScriptedClock
from amends.inbox import fetch_attachment as step
from amends.inbox.ask_for_files import FETCH
from amends.inbox.attachment_store import THUMB, VIEW, path_of, read_bytes
from amends.inbox.models import AttachmentFile, Comment
from amends.inbox.read_picture import NoPicture, read_picture, sniff
from amends.record.models import Evidence
from amends.work.claim import claim_next
from tests.servers.faults import Answer, FaultServer
from tests.servers.ports import HOST
from tests.support.pictures import png

pytestmark = pytest.mark.django_db
MakeComment = Callable[..., Comment]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(DATA_DIR=tmp_path_factory.mktemp("data")):
        yield


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def carried(
    make_comment: MakeComment, server: FaultServer, *, kind: str = "image"
) -> AttachmentFile:
    url = f"http://{HOST}:{server.port}/box.png"
    make_comment("Bakın!", attachments=(InboundAttachment(kind, url, alt_text="A crushed box"),))
    return AttachmentFile.objects.get()


def fetch(
    server: FaultServer, clock: ScriptedClock, *, allow: bool = True, answer: Answer | None = None
) -> AttachmentFile:
    if answer is not None:
        server.script = lambda _request: answer
    guard = OutboundGuard(allow=[(HOST, server.port)] if allow else [])
    claim = claim_next(AttachmentFile, step=FETCH, now=clock.now(), lease=timedelta(minutes=1))
    assert claim is not None
    step.fetch_attachment(claim, clock=clock, guard=guard)
    return AttachmentFile.objects.get()


def test_a_picture_is_kept_by_digest_and_written_anew(
    make_comment: MakeComment, server: FaultServer, clock: ScriptedClock
) -> None:
    carried(make_comment, server)
    row = fetch(server, clock, answer=Answer(body=png(3000, 1500)))
    assert (row.state, row.media_type, row.width, row.height) == ("kept", "image/png", 2000, 1000)
    assert read_bytes(row.digest) == png(3000, 1500)
    shown = read_bytes(row.digest, form=VIEW)
    assert shown is not None
    assert sniff(shown) == "image/webp"
    evidence = Evidence.objects.get(kind="file")
    assert row.digest in evidence.content.payload


def test_the_guard_is_asked_and_a_private_address_refused(
    make_comment: MakeComment, server: FaultServer, clock: ScriptedClock
) -> None:
    carried(make_comment, server)
    row = fetch(server, clock, allow=False)
    assert (row.state, row.reason) == ("refused", "refused")
    assert server.requests == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [(SVG, "unreadable"), (b"<html><script>x</script>", "unreadable"), (png()[:200], "unreadable")],
)
def test_what_only_calls_itself_a_picture_is_not_kept(
    make_comment: MakeComment, server: FaultServer, clock: ScriptedClock, body: bytes, reason: str
) -> None:
    carried(make_comment, server)
    answer = Answer(body=body, headers={"Content-Type": "image/png"})
    row = fetch(server, clock, answer=answer)
    assert (row.state, row.reason, row.digest) == ("refused", reason, "")


def test_a_bomb_of_pixels_and_an_endless_file_are_refused(
    make_comment: MakeComment,
    server: FaultServer,
    clock: ScriptedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(NoPicture, match="too_large"):
        read_picture(_png_that_claims(30_000, 30_000))
    carried(make_comment, server)
    monkeypatch.setattr(step, "MAX_BYTES", 1000)
    row = fetch(server, clock, answer=Answer(body=b"\xff\xd8\xff" + b"x" * 2000))
    assert (row.state, row.reason) == ("refused", "too_large")


def _png_that_claims(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = b"\x89PNG\r\n\x1a\n"
    for kind, content in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 10)), (b"IEND", b"")):
        parts += struct.pack(">I", len(content)) + kind + content
        parts += struct.pack(">I", zlib.crc32(kind + content))
    return parts


def test_a_place_in_the_picture_does_not_come_along() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Evim burada"
    Image.new("RGB", (40, 40)).save(out, "JPEG", exif=exif)
    assert b"Evim burada" in out.getvalue()
    picture = read_picture(out.getvalue())
    assert b"Evim burada" not in picture.view + picture.thumb


def test_another_file_is_kept_as_it_came_and_never_as_a_picture(
    make_comment: MakeComment, server: FaultServer, clock: ScriptedClock
) -> None:
    carried(make_comment, server, kind="file")
    row = fetch(server, clock, answer=Answer(body=b"%PDF-1.7 x"))
    assert (row.state, row.media_type, row.width) == ("kept", "application/pdf", 0)
    assert not row.is_image


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_there_is_said_to_be_gone(
    make_comment: MakeComment, server: FaultServer, clock: ScriptedClock, status: int
) -> None:
    carried(make_comment, server)
    row = fetch(server, clock, answer=Answer(status=status))
    assert (row.state, row.reason) == ("gone", "not_there")


def test_a_server_in_trouble_is_asked_again_but_not_for_ever(
    make_comment: MakeComment, server: FaultServer, clock: ScriptedClock
) -> None:
    carried(make_comment, server)
    for _try in range(step.TRIES):
        row = fetch(server, clock, answer=Answer(status=503))
        clock.advance(timedelta(hours=1))
    assert (row.state, row.reason) == ("refused", "unreachable")
    assert row.next_step == ""


def test_links_videos_history_and_our_own_words_are_not_fetched(
    make_comment: MakeComment, now: datetime
) -> None:
    for kind in ("link", "video"):
        make_comment(attachments=(InboundAttachment(kind, "https://a.example/x"),))
    picture = (InboundAttachment("image", "https://a.example/x"),)
    make_comment(attachments=picture, is_ours=True)
    make_comment(attachments=picture, published_at=now - timedelta(days=9))
    assert not AttachmentFile.objects.exists()


def test_an_erasure_reaches_the_bytes_unless_another_comment_has_the_same(
    make_comment: MakeComment,
    server: FaultServer,
    clock: ScriptedClock,
    owner: User,
    now: datetime,
    django_capture_on_commit_callbacks: Any,
) -> None:
    url = f"http://{HOST}:{server.port}/box.png"
    twins = [make_comment(attachments=(InboundAttachment("image", url),)) for _n in range(2)]
    server.script = lambda _request: Answer(body=png())
    guard = OutboundGuard(allow=[(HOST, server.port)])
    for _twin in twins:
        claim = claim_next(AttachmentFile, step=FETCH, now=clock.now(), lease=timedelta(minutes=1))
        assert claim is not None
        step.fetch_attachment(claim, clock=clock, guard=guard)
    digest = AttachmentFile.objects.latest("pk").digest
    for number, comment in enumerate(twins):
        with django_capture_on_commit_callbacks(execute=True):
            erase_comment(comment, reason="asked", by=owner, now=now)
        is_left = number == 0
        for form in ("", VIEW, THUMB):
            assert path_of(digest, form=form).exists() is is_left
    states = set(AttachmentFile.objects.values_list("state", "reason", "digest"))
    assert states == {("gone", "erased", digest)}


def test_a_name_never_leads_out_of_the_folder() -> None:
    for digest in ("../../etc/passwd", "a" * 63 + "/", ""):
        with pytest.raises(ValueError, match="no digest"):
            path_of(digest)
