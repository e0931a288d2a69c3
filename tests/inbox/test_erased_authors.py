"""A channel that is asked about somebody who was erased meanwhile says nothing that is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from amends.connectors.kit.events import InboundAuthor
from amends.core.clock import ScriptedClock
from amends.inbox import context
from amends.inbox.erase_names import erase_names
from amends.inbox.models import Author, Comment, Version
from amends.record.log import COMMAND
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
