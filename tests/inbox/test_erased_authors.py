"""Nothing of who was erased is written again, and what their pictures were called can go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from amends.connectors.kit.events import InboundAttachment, InboundAuthor
from amends.core.clock import ScriptedClock
from amends.inbox import context
from amends.inbox.erase_files import erase_files_of_erased
from amends.inbox.erase_names import erase_names
from amends.inbox.models import Attachment, Author, Comment, Version
from amends.record.log import COMMAND
from amends.record.redact import redact_content
from amends.record.triggers import MESSAGE
from amends.work.claim import claim_next

pytestmark = pytest.mark.django_db


class Everything:
    """A manifest that can do whatever it is asked for."""

    def can(self, *_args: Any, **_named: Any) -> bool:
        return True


@pytest.mark.parametrize("is_late", [False, True])
def test_a_profile_that_is_fetched_for_an_erased_author_is_not_written(
    is_late: bool,
    make_comment: Callable[..., Comment],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comment = make_comment()
    asked: list[str] = []

    def erase() -> None:
        erase_names(Author.objects.all(), actor=COMMAND, now=now)

    class Asked:
        def context(self, _external_id: str) -> tuple[()]:
            return ()

        def profile(self, external_id: str) -> InboundAuthor:
            asked.append(external_id)
            erase()
            return InboundAuthor(external_id, "ayse", "Ayşe K.", "https://a.example", followers=5)

    if not is_late:
        erase()
    monkeypatch.setattr(context, "manifest_of", lambda _account: Everything())
    monkeypatch.setattr(context, "open_account", lambda *_args, **_named: Asked())
    monkeypatch.setattr(context, "sealed_session", lambda _channel: b"")
    Version.objects.filter(comment=comment).update(next_step="fetch_context", due_at=now)
    clock = ScriptedClock(now)
    claim = claim_next(Version, step="fetch_context", now=now, lease=timedelta(minutes=1))
    assert claim is not None
    context.fetch_context(claim, clock=clock)
    author = Author.objects.get()
    assert (author.display_name, author.url, author.followers) == ("", "", None)
    assert asked == (["a-1"] if is_late else [])


def test_what_an_attachment_was_called_becomes_nothing_only_once_its_words_are_erased(
    make_comment: Callable[..., Comment], now: datetime
) -> None:
    picture = InboundAttachment("image", "https://a.example/1.png", alt_text="Ayşe")
    version = make_comment(attachments=(picture,)).versions.get()
    mine = Attachment.objects.filter(version=version)
    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
        mine.update(url="", alt_text="")
    assert version.content is not None
    redact_content(version.content, actor=COMMAND, reason="asked", now=now)
    for values in ({"url": "https://b.example"}, {"url": "", "kind": "link"}):
        with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
            mine.update(**values)
    assert erase_files_of_erased() == 0
    assert mine.values_list("url", "alt_text").get() == ("", "")
