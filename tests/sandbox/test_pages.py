"""The pages: for signed-in people, as one persona, and every change can be seen in the thread."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.sandbox.models import DeletedBy, Person, Post
from amends.sandbox.publish import delete_post, edit_post

Say = Callable[..., Post]


@pytest.fixture
def visitor(agent: User) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def play(visitor: Client) -> Callable[[Person], Client]:
    def choose(person: Person) -> Client:
        answer = visitor.post("/sandbox/people/", {"person_id": person.id})
        assert answer.status_code == 302
        return visitor

    return choose


@pytest.mark.parametrize(
    "path",
    ["", "newest", "people/", "people/tugba/", "posts/new/", "threads/{id}/", "posts/{id}/",
     "posts/{id}/answer/", "posts/{id}/edit/", "posts/{id}/delete/"],
)  # fmt: skip
def test_strangers_are_asked_to_sign_in(customer: Person, say: Say, path: str) -> None:
    post = say(customer, "secret thoughts")
    answer = Client().get("/sandbox/" + path.format(id=post.id))
    assert answer.status_code == 302
    assert "next=/sandbox/" in answer["Location"]


def test_the_timeline_shows_threads_the_busiest_now_first(
    visitor: Client, shop: Person, customer: Person, say: Say, now: datetime
) -> None:
    old = say(shop, "Old but awake")
    say(shop, "Younger and quiet", at=now + timedelta(hours=1))
    say(customer, "an answer", to=old, at=now + timedelta(hours=2))
    page = visitor.get("/sandbox/").content.decode()
    assert page.index("Old but awake") < page.index("Younger and quiet")
    assert "an answer" not in page
    assert "1 answer" in page
    assert "nothing leaves this machine" in page


def test_an_empty_timeline_says_what_to_do(visitor: Client) -> None:
    assert b"write the first post" in visitor.get("/sandbox/").content


@pytest.mark.parametrize("path", ["", "threads/{id}/", "people/", "people/tugba/"])
def test_pages_need_few_queries_however_many_posts(
    visitor: Client, customer: Person, say: Say, django_assert_max_num_queries: Any, path: str
) -> None:
    root = say(customer, "root")
    for n in range(30):
        say(customer, f"answer {n}", to=root)
        say(customer, f"thread {n}")
    with django_assert_max_num_queries(12):
        assert visitor.get("/sandbox/" + path.format(id=root.id)).status_code == 200


def test_writing_asks_first_whom_one_plays_and_comes_back(
    visitor: Client, customer: Person
) -> None:
    asked = visitor.get("/sandbox/posts/new/")
    assert asked["Location"] == "/sandbox/people/?back_to=%2Fsandbox%2Fposts%2Fnew%2F"
    chosen = visitor.post(
        asked["Location"], {"person_id": customer.id, "back_to": "/sandbox/posts/new/"}
    )
    assert chosen["Location"] == "/sandbox/posts/new/"
    assert b"Post as Tugba" in visitor.get("/sandbox/posts/new/").content


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_choosing_leads_nowhere_else(visitor: Client, customer: Person, elsewhere: str) -> None:
    chosen = visitor.post("/sandbox/people/", {"person_id": customer.id, "back_to": elsewhere})
    assert chosen["Location"] == "/sandbox/"


def test_a_customer_writes_answers_edits_and_deletes(
    play: Callable[[Person], Client], customer: Person
) -> None:
    visitor = play(customer)
    visitor.post("/sandbox/posts/new/", {"text": "@lumbara kargom yok", "lang": "tr"})
    post = Post.objects.get()
    visitor.post(f"/sandbox/posts/{post.id}/answer/", {"text": "hâlâ yok", "lang": "tr"})
    visitor.post(
        f"/sandbox/posts/{post.id}/edit/", {"text": "@lumbara geldi", "revision": post.revision}
    )
    thread = visitor.get(f"/sandbox/threads/{post.id}/").content.decode()
    assert "@lumbara geldi" in thread
    assert "hâlâ yok" in thread
    assert "edited" in thread
    gone = visitor.post(f"/sandbox/posts/{post.id}/delete/", {"by": "author"})
    assert gone["Location"] == f"/sandbox/threads/{post.id}/#{post.id}"
    thread = visitor.get(f"/sandbox/threads/{post.id}/").content.decode()
    assert "@lumbara geldi" not in thread
    assert "Its author deleted this post." in thread


def test_nobody_edits_the_words_of_others(
    play: Callable[[Person], Client], customer: Person, shop: Person, say: Say
) -> None:
    post = say(shop, "ours")
    answer = play(customer).post(
        f"/sandbox/posts/{post.id}/edit/", {"text": "theirs", "revision": 1}
    )
    assert answer.status_code == 404
    post.refresh_from_db()
    assert post.text == "ours"


def test_what_others_wrote_only_the_network_removes(
    play: Callable[[Person], Client], customer: Person, shop: Person, say: Say
) -> None:
    post = say(shop, "ours")
    visitor = play(customer)
    assert visitor.post(f"/sandbox/posts/{post.id}/delete/", {"by": "author"}).status_code == 422
    visitor.post(f"/sandbox/posts/{post.id}/delete/", {"by": "platform"})
    post.refresh_from_db()
    assert post.deleted_by == "platform"


def test_bad_input_is_explained_and_what_was_typed_stays(
    play: Callable[[Person], Client], customer: Person
) -> None:
    visitor = play(customer)
    empty = visitor.post("/sandbox/posts/new/", {"text": "  ", "lang": "tr"})
    assert (empty.status_code, b"the text is empty" in empty.content) == (422, True)
    long = visitor.post("/sandbox/posts/new/", {"text": "uzun " * 300, "lang": "tr"})
    assert (long.status_code, b"uzun uzun" in long.content) == (422, True)
    assert not Post.objects.exists()


def test_an_edit_that_comes_too_late_keeps_what_was_typed(
    play: Callable[[Person], Client], customer: Person, say: Say, now: datetime
) -> None:
    post = say(customer, "first")
    visitor = play(customer)
    edit_post(post, text="second", now=now)
    answer = visitor.post(f"/sandbox/posts/{post.id}/edit/", {"text": "third", "revision": 1})
    assert answer.status_code == 422
    assert b"changed meanwhile" in answer.content
    assert b"third" in answer.content
    assert b"second" in answer.content
    assert b'name="revision" value="2"' in answer.content
    assert Post.objects.get().text == "second"
    visitor.post(f"/sandbox/posts/{post.id}/edit/", {"text": "third", "revision": 2})
    assert Post.objects.get().text == "third"


def test_answering_a_post_that_vanished_keeps_what_was_typed(
    play: Callable[[Person], Client], customer: Person, say: Say, now: datetime
) -> None:
    post = delete_post(say(customer, "gone"), by=DeletedBy.AUTHOR, now=now)
    answer = play(customer).post(
        f"/sandbox/posts/{post.id}/answer/", {"text": "my careful words", "lang": "en"}
    )
    assert answer.status_code == 422
    assert b"deleted meanwhile" in answer.content
    assert b"my careful words" in answer.content


def test_texts_of_strangers_stay_text(visitor: Client, customer: Person, say: Say) -> None:
    post = say(customer, "<script>alert(1)</script> & <b>bold</b>")
    page = visitor.get(f"/sandbox/threads/{post.id}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_no_page_carries_inline_script_or_style(
    play: Callable[[Person], Client], customer: Person, say: Say
) -> None:
    post = say(customer, "hello")
    visitor = play(customer)
    for path in ("", "people/", "people/tugba/", "posts/new/", f"threads/{post.id}/",
                 f"posts/{post.id}/edit/", f"posts/{post.id}/delete/"):  # fmt: skip
        page = visitor.get(f"/sandbox/{path}").content.decode()
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page), path


def test_the_open_page_learns_that_something_is_new(
    visitor: Client, customer: Person, say: Say
) -> None:
    before = visitor.get("/sandbox/newest").json()["head"]
    say(customer, "hello")
    assert visitor.get("/sandbox/newest").json()["head"] == before + 1


@pytest.mark.parametrize("path", ["threads/nope/", "posts/nope/", "people/nope/"])
def test_what_does_not_exist_is_not_found(visitor: Client, path: str) -> None:
    assert visitor.get(f"/sandbox/{path}").status_code == 404
