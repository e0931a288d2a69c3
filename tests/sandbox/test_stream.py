"""The living stream goes on, round after round, with new posts and other words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from amends.sandbox.models import DeletedBy, Person, Post, ScriptedItem, StreamState
from amends.sandbox.publish import delete_post
from amends.sandbox.stream import publish_next, vary_text

Say = Callable[..., Post]


def _script(customer: Person, root: Post) -> None:
    first = ScriptedItem.objects.create(
        position=0, act="post", author=customer, parent=root, text="{one|two} days", lang="en"
    )
    ScriptedItem.objects.create(
        position=1, act="edit", author=customer, target=first, text="edited {a|b}", lang="en"
    )
    ScriptedItem.objects.create(
        position=2, act="post", author=customer, target=first, text="and more", lang="en"
    )
    ScriptedItem.objects.create(position=5, act="delete", author=customer, target=first, lang="en")


def _next(at: datetime) -> Post:
    post = publish_next(at)
    assert post is not None
    return post


def test_items_come_in_order_and_then_again_with_new_ids(
    customer: Person, shop: Person, say: Say, now: datetime
) -> None:
    _script(customer, say(shop, "hello"))
    first, edited, answer, gone, second, *_ = (
        _next(now + timedelta(seconds=15 * step)) for step in range(8)
    )
    assert first.text == "one days"
    assert (edited.id, edited.text) == (first.id, "edited a")
    assert answer.parent_id == first.id
    assert (gone.id, gone.deleted_by) == (first.id, "author")
    assert second.id != first.id
    assert second.text == "two days"
    assert StreamState.objects.get().turn == 1


def test_without_a_script_nothing_comes(db: None, now: datetime) -> None:
    assert publish_next(now) is None


def test_an_item_whose_post_is_gone_is_left_out_and_the_stream_goes_on(
    customer: Person, shop: Person, say: Say, now: datetime
) -> None:
    root = say(shop, "hello")
    _script(customer, root)
    first = publish_next(now)
    assert first
    delete_post(first, by=DeletedBy.PLATFORM, now=now)
    assert [publish_next(now) for _ in range(3)] == [None, None, None]
    again = publish_next(now)
    assert again
    assert again.text == "two days"


def test_alternatives_take_turns() -> None:
    text = "{a|b} and {x|y|z}"
    assert vary_text(text, turn=0) == "a and x"
    assert vary_text(text, turn=1) == "b and y"
    assert len({vary_text(text, turn=turn) for turn in range(6)}) == 6
    assert vary_text(text, turn=6) == vary_text(text, turn=0)


@given(st.text(alphabet="ab{|} ", max_size=40), st.integers(0, 10_000))
def test_varying_any_text_ends_and_is_the_same_each_time(text: str, turn: int) -> None:
    varied = vary_text(text, turn=turn)
    assert varied == vary_text(text, turn=turn)
    assert len(varied) <= len(text)
