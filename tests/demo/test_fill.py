"""The demonstration's past is written into the practice network as it happened, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amends.demo.fill import SandboxNotEmptyError, fill_sandbox
from amends.demo.load import load_script
from amends.sandbox.models import Event, Person, Post, ScriptedItem
from amends.sandbox.people import person_for_token
from amends.sandbox.queries import events_for

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_everything_of_the_script_stands_at_its_time() -> None:
    filled = fill_sandbox(NOW)
    script = load_script()
    posts = Post.objects.in_bulk()
    assert len(posts) == len(script.everything_posted)
    for item in script.everything_posted:
        post = posts[filled.post_ids[item.id]]
        assert post.created_at == NOW + item.at
        assert post.text == (item.edits[-1].text if item.edits else item.text)
        assert (post.parent_id is None) == (item.parent is None)
        assert post.deleted_by == (item.deletion.by if item.deletion else "")
    assert ScriptedItem.objects.count() == len(script.stream)


def test_events_are_numbered_in_the_order_of_time() -> None:
    fill_sandbox(NOW)
    events = list(Event.objects.order_by("sequence"))
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    times = [event.at for event in events]
    assert times == sorted(times)
    assert times[-1] < NOW


def test_the_brand_hears_every_comment_with_the_token() -> None:
    filled = fill_sandbox(NOW)
    account = person_for_token(filled.tokens["lumbara"])
    assert account is not None
    page = events_for(account, after=0, limit=1000)
    heard = {event.post_id for event, _text in page.events}
    assert heard == set(filled.post_ids.values())


def test_a_network_with_people_is_not_filled_again() -> None:
    fill_sandbox(NOW)
    before = (Person.objects.count(), Post.objects.count())
    with pytest.raises(SandboxNotEmptyError, match="folder of its own"):
        fill_sandbox(NOW + timedelta(days=1))
    assert (Person.objects.count(), Post.objects.count()) == before
