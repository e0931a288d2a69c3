"""Posts change only through their verbs, every version stays, and a key stands for one reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.sandbox import publish
from amends.sandbox.errors import PostGoneError, RefusedError
from amends.sandbox.models import DeletedBy, Event, Person, Post, ThreadConcern
from amends.sandbox.publish import (
    PostDraft,
    delete_post,
    edit_post,
    mentioned_handles,
    publish_once,
    publish_post,
)

Say = Callable[..., Post]


def test_an_answer_belongs_to_the_thread_of_its_root(
    customer: Person, shop: Person, say: Say
) -> None:
    root = say(shop, "New mugs")
    answer = say(customer, "lovely", to=root)
    deeper = say(shop, "thank you", to=answer)
    assert (root.is_root, answer.is_root) == (True, False)
    assert deeper.root_id == root.id
    assert deeper.parent_id == answer.id


def test_an_edit_keeps_the_former_text(customer: Person, say: Say, now: datetime) -> None:
    post = say(customer, "first @lumbara")
    later = now + timedelta(hours=1)
    edit_post(post, text="second", now=later)
    assert (post.text, post.revision, post.edited_at) == ("second", 2, later)
    assert list(post.revisions.values_list("revision", "text")) == [
        (1, "first @lumbara"),
        (2, "second"),
    ]


def test_the_same_text_again_is_no_edit(customer: Person, say: Say, now: datetime) -> None:
    post = say(customer, "same")
    edit_post(post, text=" same\r\n", now=now)
    assert post.revision == 1
    assert Event.objects.count() == 1


def test_an_edit_on_an_old_look_is_refused(customer: Person, say: Say, now: datetime) -> None:
    post = say(customer, "first")
    stale = Post.objects.get(pk=post.pk)
    edit_post(post, text="second", now=now)
    with pytest.raises(RefusedError, match="somebody else"):
        edit_post(stale, text="third", now=now)
    assert Post.objects.get(pk=post.pk).text == "second"


def test_a_deleted_post_cannot_be_edited_answered_or_deleted(
    customer: Person, say: Say, now: datetime
) -> None:
    post = say(customer, "gone soon")
    stale = Post.objects.get(pk=post.pk)
    delete_post(post, by=DeletedBy.PLATFORM, now=now)
    with pytest.raises(PostGoneError):
        edit_post(post, text="back", now=now)
    with pytest.raises(PostGoneError):
        say(customer, "answer", to=post)
    with pytest.raises(PostGoneError) as caught:
        delete_post(stale, by=DeletedBy.AUTHOR, now=now)
    assert caught.value.deleted_by == "platform"
    assert Event.objects.filter(type="deleted").count() == 1


def test_a_brand_that_deletes_its_own_post_is_us(shop: Person, say: Say, now: datetime) -> None:
    assert delete_post(say(shop, "oops"), by=DeletedBy.AUTHOR, now=now).deleted_by == "us"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("x" * 1001, "1001 characters"),
        ("a\x00b", "cannot be stored"),
        ("a\ud800b", "cannot be stored"),
    ],
)
def test_a_bad_text_is_refused_and_nothing_is_written(
    customer: Person, now: datetime, text: str, complaint: str
) -> None:
    with pytest.raises(RefusedError, match=complaint) as caught:
        publish_post(PostDraft(author=customer, text=text, lang="tr"), now=now)
    assert caught.value.field == "text"
    assert not Post.objects.exists()


def test_a_time_without_zone_is_refused(customer: Person) -> None:
    naive = datetime(2026, 3, 10, 12)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        publish_post(PostDraft(author=customer, text="hello", lang="tr"), now=naive)


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@lumbara where is it", {"lumbara"}),
        ("(@Lumbara)", {"lumbara"}),
        ("@lumbara'dan aldım, @otherhouse da var", {"lumbara", "otherhouse"}),
        ("спасибо, @lumbara!", {"lumbara"}),
        ("write to me@lumbara.example", set()),
        ("@lumbara_fans are better", {"lumbara_fans"}),
        ("lumbara rezalet", set()),
        ("@@lumbara", set()),
        ("@ lumbara", set()),
    ],
)
def test_mentions_are_whole_handles(text: str, handles: set[str]) -> None:
    assert mentioned_handles(text) == handles


@given(st.text(max_size=200))
def test_mentions_of_any_text_are_handles(text: str) -> None:
    for handle in mentioned_handles(text):
        assert f"@{handle}" in text.lower()


def test_a_thread_concerns_the_brands_that_wrote_or_were_called(
    customer: Person, shop: Person, other_shop: Person, say: Say, now: datetime
) -> None:
    unseen = say(customer, "lumbara is late again")
    called = say(customer, "@lumbara late again")
    edit_post(called, text="@otherhouse is no better", now=now)
    own = say(shop, "hello")
    concerns = set(ThreadConcern.objects.values_list("root_id", "person_id"))
    assert concerns == {(called.id, shop.id), (called.id, other_shop.id), (own.id, shop.id)}
    assert not unseen.concerns.exists()


def _reply(
    shop: Person, parent: Post, text: str = "We are on it", key: str = "k" * 12
) -> PostDraft:
    return PostDraft(author=shop, text=text, lang="en", parent=parent, idempotency_key=key)


def test_the_same_key_gives_the_same_reply(
    customer: Person, shop: Person, say: Say, now: datetime
) -> None:
    root = say(customer, "@lumbara hello")
    first, is_new = publish_once(_reply(shop, root), now=now)
    again, is_new_again = publish_once(_reply(shop, root), now=now + timedelta(minutes=3))
    assert (is_new, is_new_again) == (True, False)
    assert first.id == again.id
    assert Post.objects.count() == 2
    assert Event.objects.count() == 2


def test_two_replies_at_the_same_moment_give_one(
    customer: Person, shop: Person, say: Say, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = say(customer, "@lumbara hello")
    first, _ = publish_once(_reply(shop, root), now=now)
    look = publish._post_by_key
    looks: list[str] = []

    def too_early(key: str) -> Post | None:
        """The first look happens before the other request has committed."""
        looks.append(key)
        return None if len(looks) == 1 else look(key)

    monkeypatch.setattr(publish, "_post_by_key", too_early)
    again, is_new = publish_once(_reply(shop, root), now=now)
    assert (again.id, is_new, len(looks)) == (first.id, False, 2)
    assert Event.objects.count() == 2


def test_a_key_that_stands_for_something_else_is_refused(
    customer: Person, shop: Person, other_shop: Person, say: Say, now: datetime
) -> None:
    root, other = say(customer, "@lumbara hello"), say(customer, "@lumbara again")
    publish_once(_reply(shop, root), now=now)
    for draft in (
        _reply(shop, root, text="Something else"),
        _reply(shop, other),
        _reply(other_shop, root),
    ):
        with pytest.raises(RefusedError, match="another reply"):
            publish_once(draft, now=now)
    assert Post.objects.count() == 3


def test_a_reply_that_was_taken_back_does_not_return(
    customer: Person, shop: Person, say: Say, now: datetime
) -> None:
    root = say(customer, "@lumbara hello")
    reply, _ = publish_once(_reply(shop, root), now=now)
    delete_post(reply, by=DeletedBy.US, now=now)
    with pytest.raises(PostGoneError):
        publish_once(_reply(shop, root), now=now)
    assert Post.objects.count() == 2


def test_an_edited_reply_still_answers_to_its_key(
    customer: Person, shop: Person, say: Say, now: datetime
) -> None:
    root = say(customer, "@lumbara hello")
    reply, _ = publish_once(_reply(shop, root), now=now)
    edit_post(reply, text="Corrected", now=now)
    again, is_new = publish_once(_reply(shop, root), now=now)
    assert (again.id, again.text, is_new) == (reply.id, "Corrected", False)
