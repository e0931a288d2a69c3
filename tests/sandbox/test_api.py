"""The JSON interface: who may ask, what is new, what a post is, and one reply per key."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.sandbox.api import access
from amends.sandbox.api.limits import RateLimit
from amends.sandbox.models import DeletedBy, Person, Post
from amends.sandbox.people import issue_token
from amends.sandbox.publish import delete_post, edit_post
from tests.sandbox.conftest import Api

Say = Callable[..., Post]
KEY = uuid.UUID(int=7).hex


def _reply_to(post: Post, **changes: object) -> dict[str, object]:
    return {
        "parent_id": post.id,
        "text": "We are looking into it. Elif",
        "lang": "tr",
        "created_at": "2026-03-10T12:05:00+00:00",
        **changes,
    }


# --- who may ask -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/me", "/events", "/posts/x", "/posts/x/thread", "/people/x", "/replies/xxxxxxxx"]
)
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic abc", "Bearer practice-"])
def test_without_a_valid_token_nothing_is_told(shop: Person, path: str, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    answer = Client().get(f"/sandbox/api{path}", headers=headers)
    assert answer.status_code == 401
    assert set(answer.json()) == {"error"}
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_new_token_ends_the_former_one(api: Api, shop: Person) -> None:
    assert api.get("/me").status_code == 200
    newer = Api(client=api.client, token=issue_token(shop))
    assert api.get("/me").status_code == 401
    assert newer.get("/me").status_code == 200
    shop.refresh_from_db()
    assert shop.token_hash not in (None, newer.token)


def test_customers_get_no_token(customer: Person) -> None:
    with pytest.raises(ValueError, match="no brand account"):
        issue_token(customer)


def test_a_token_needs_neither_session_nor_form_token(
    shop: Person, customer: Person, say: Say
) -> None:
    strict = Api(client=Client(enforce_csrf_checks=True), token=issue_token(shop))
    post = say(customer, "@lumbara hello")
    assert strict.put(f"/replies/{KEY}", _reply_to(post)).status_code == 201


def test_me_says_whose_token_it_is(api: Api, shop: Person) -> None:
    assert api.get("/me").json() == {
        "id": shop.id,
        "handle": "lumbara",
        "name": "Lumbara",
        "url": "http://testserver/sandbox/people/lumbara/",
    }


def test_too_many_requests_are_told_when_to_come_back(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = RateLimit(allowed=2, window=timedelta(minutes=1))
    monkeypatch.setattr(access, "PER_ACCOUNT", limit)
    assert [api.get("/me").status_code for _ in range(3)] == [200, 200, 429]
    assert 1 <= int(api.get("/me")["Retry-After"]) <= 60


def test_the_limit_forgets_after_its_window(now: datetime) -> None:
    limit = RateLimit(allowed=1, window=timedelta(minutes=1))
    assert limit.wait_for("a", now=now) is None
    assert limit.wait_for("a", now=now + timedelta(seconds=20)) == timedelta(seconds=40)
    assert limit.wait_for("b", now=now) is None
    assert limit.wait_for("a", now=now + timedelta(seconds=60)) is None


@pytest.mark.parametrize(("method", "path"), [("post", "/me"), ("put", "/posts/x")])
def test_a_wrong_method_is_told_the_right_ones(api: Api, method: str, path: str) -> None:
    answer = getattr(api.client, method)(f"/sandbox/api{path}")
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]


# --- what is new -----------------------------------------------------------------------------


def test_only_threads_that_concern_the_account_come_in(
    api: Api, shop: Person, other_shop: Person, customer: Person, say: Say
) -> None:
    own = say(shop, "New mugs")
    answer = say(customer, "late again", to=own)
    mention = say(customer, "@lumbara hello")
    say(customer, "lumbara is awful")  # untagged
    say(customer, "@otherhouse hello")
    page = api.get("/events").json()
    assert [event["post_id"] for event in page["events"]] == [own.id, answer.id, mention.id]
    assert [event["post"]["is_mine"] for event in page["events"]] == [True, False, False]
    assert page["cursor"] == 5
    assert page["more"] is False


def test_pages_follow_each_other_without_loss_or_repetition(
    api: Api, customer: Person, say: Say
) -> None:
    posts = [say(customer, f"@lumbara number {n}") for n in range(7)]
    say(customer, "nobody listens")
    seen: list[str] = []
    cursor, more = 0, True
    while more:
        page = api.get(f"/events?after={cursor}&limit=3").json()
        seen += [event["post_id"] for event in page["events"]]
        cursor, more = page["cursor"], page["more"]
    assert seen == [post.id for post in posts]
    assert api.get(f"/events?after={cursor}").json() == {
        "events": [],
        "cursor": cursor,
        "more": False,
    }


def test_every_version_is_told_also_after_the_deletion(
    api: Api, customer: Person, say: Say, now: datetime
) -> None:
    post = say(customer, "@lumbara first")
    edited_at = now + timedelta(minutes=5)
    edit_post(post, text="second", now=edited_at)
    delete_post(post, by=DeletedBy.PLATFORM, now=now + timedelta(minutes=9))
    created, edited, deleted = api.get("/events").json()["events"]
    assert (created["type"], created["post"]["text"], created["post"]["revision"]) == (
        "created",
        "@lumbara first",
        1,
    )
    assert created["post"]["edited_at"] is None
    assert (edited["post"]["text"], edited["post"]["revision"]) == ("second", 2)
    assert datetime.fromisoformat(edited["post"]["edited_at"]) == edited_at
    assert (deleted["type"], deleted["post"], deleted["deleted_by"]) == (
        "deleted",
        None,
        "platform",
    )
    assert deleted["post_id"] == post.id
    assert [created["deleted_by"], edited["deleted_by"]] == [None, None]


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "after=1.5", "limit=0", "limit=501", "limit=ten", "after=²"]
)
def test_a_bad_page_is_named(api: Api, query: str) -> None:
    answer = api.get(f"/events?{query}")
    assert answer.status_code == 400
    assert answer.json()["field"] == query.partition("=")[0]


def test_a_cursor_of_another_network_is_not_swallowed(api: Api) -> None:
    answer = api.get("/events?after=99")
    assert answer.status_code == 422
    assert answer.json()["field"] == "after"


# --- posts and people ------------------------------------------------------------------------


def test_a_post_tells_everything_about_itself(api: Api, customer: Person, say: Say) -> None:
    root = say(customer, "@lumbara root")
    picture = {"kind": "image", "url": "/static/sandbox/pictures/mug.png", "alt": "a mug"}
    post = say(customer, "answer", to=root, attachments=[picture])
    assert api.get(f"/posts/{post.id}").json() == {
        "id": post.id,
        "revision": 1,
        "text": "answer",
        "created_at": "2026-03-10T12:00:00+00:00",
        "edited_at": None,
        "author": {
            "id": customer.id,
            "handle": "tugba",
            "name": "Tugba",
            "followers": 212,
            "url": "http://testserver/sandbox/people/tugba/",
        },
        "parent_id": root.id,
        "root_id": root.id,
        "url": f"http://testserver/sandbox/posts/{post.id}/",
        "lang": "tr",
        "attachments": [{**picture, "url": "http://testserver/static/sandbox/pictures/mug.png"}],
        "is_mine": False,
        "is_hidden": False,
    }


@pytest.mark.parametrize("by", [DeletedBy.AUTHOR, DeletedBy.PLATFORM])
def test_a_deleted_post_is_gone_and_says_by_whom(
    api: Api, customer: Person, say: Say, now: datetime, by: DeletedBy
) -> None:
    post = delete_post(say(customer, "@lumbara secret"), by=by, now=now)
    answer = api.get(f"/posts/{post.id}")
    assert answer.status_code == 410
    assert answer.json()["deleted_by"] == by
    assert "secret" not in answer.content.decode()


def test_another_brands_own_deletion_is_its_authors(
    api: Api, other_shop: Person, say: Say, now: datetime
) -> None:
    post = delete_post(say(other_shop, "@lumbara hi"), by=DeletedBy.US, now=now)
    assert api.get(f"/posts/{post.id}").json()["deleted_by"] == "author"
    assert api.get("/events").json()["events"][-1]["deleted_by"] == "author"


def test_a_thread_comes_whole_without_what_was_deleted(
    api: Api, customer: Person, shop: Person, say: Say, now: datetime
) -> None:
    root = say(customer, "@lumbara root")
    kept = say(shop, "kept", to=root, at=now + timedelta(minutes=1))
    gone = say(customer, "gone", to=root, at=now + timedelta(minutes=2))
    delete_post(gone, by=DeletedBy.AUTHOR, now=now)
    for start in (root, kept, gone):
        posts = api.get(f"/posts/{start.id}/thread").json()["posts"]
        assert [post["id"] for post in posts] == [root.id, kept.id]


def test_a_person_is_described(api: Api, customer: Person) -> None:
    person = api.get(f"/people/{customer.id}").json()
    assert (person["handle"], person["followers"], person["language"]) == ("tugba", 212, "tr")


@pytest.mark.parametrize("path", ["/posts/nope", "/posts/nope/thread", "/people/nope"])
def test_what_does_not_exist_is_not_found(api: Api, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]


# --- replies ---------------------------------------------------------------------------------


def test_a_reply_is_written_once_however_often_it_is_sent(
    api: Api, customer: Person, say: Say
) -> None:
    post = say(customer, "@lumbara where is it")
    assert api.get(f"/replies/{KEY}").status_code == 404
    first = api.put(f"/replies/{KEY}", _reply_to(post))
    again = api.put(f"/replies/{KEY}", _reply_to(post))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == api.get(f"/replies/{KEY}").json()
    reply = Post.objects.get(idempotency_key=KEY)
    assert reply.parent_id == post.id
    assert reply.created_at == datetime(2026, 3, 10, 12, 5, tzinfo=UTC)
    assert first.json()["is_mine"] is True


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"text": ""}, 422, "text"),
        ({"text": "x" * 1001}, 422, "text"),
        ({"text": 7}, 422, "text"),
        ({"text": "\ud800"}, 422, "text"),
        ({"lang": "not a language"}, 422, "lang"),
        ({"lang": 7}, 422, "lang"),
        ({"parent_id": "nope"}, 404, "parent_id"),
        ({"parent_id": None}, 422, "parent_id"),
        ({"created_at": "yesterday"}, 422, "created_at"),
        ({"created_at": "2026-13-45T00:00:00Z"}, 422, "created_at"),
        ({"created_at": "2026-03-10T12:00:00"}, 422, "created_at"),
        ({"created_at": "2999-01-01T00:00:00Z"}, 422, "created_at"),
    ],
)
def test_a_bad_reply_is_named_and_nothing_is_written(
    api: Api, customer: Person, say: Say, changes: dict[str, object], status: int, field: str
) -> None:
    post = say(customer, "@lumbara hello")
    answer = api.put(f"/replies/{KEY}", _reply_to(post, **changes))
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert Post.objects.count() == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_object_is_a_bad_request(api: Api, customer: Person, body: bytes) -> None:
    answer = api.put(f"/replies/{KEY}", body)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("key", ["short", "x" * 65, "with space", "ümlaut-key"])
def test_a_bad_key_is_refused(api: Api, key: str) -> None:
    assert api.get(f"/replies/{key}").status_code == 422


def test_a_reply_without_language_takes_that_of_the_comment(
    api: Api, customer: Person, say: Say
) -> None:
    post = say(customer, "@lumbara hello")
    assert api.put(f"/replies/{KEY}", _reply_to(post, lang="")).json()["lang"] == "tr"


def test_a_deleted_comment_cannot_be_answered_but_a_standing_reply_is_still_found(
    api: Api, customer: Person, say: Say, now: datetime
) -> None:
    post = say(customer, "@lumbara hello")
    assert api.put(f"/replies/{KEY}", _reply_to(post)).status_code == 201
    delete_post(post, by=DeletedBy.AUTHOR, now=now)
    assert api.put(f"/replies/{KEY}", _reply_to(post)).status_code == 200
    answer = api.put(f"/replies/{uuid.UUID(int=8).hex}", _reply_to(post))
    assert (answer.status_code, answer.json()["deleted_by"]) == (410, "author")


def test_a_brand_takes_back_its_own_reply_and_nobody_elses(
    api: Api, customer: Person, other_shop: Person, say: Say
) -> None:
    post = say(customer, "@lumbara hello")
    reply = api.put(f"/replies/{KEY}", _reply_to(post)).json()
    assert api.delete(f"/posts/{post.id}").status_code == 404
    stranger = Api(client=api.client, token=issue_token(other_shop))
    assert stranger.delete(f"/posts/{reply['id']}").status_code == 404
    assert stranger.get(f"/replies/{KEY}").status_code == 404
    assert api.delete(f"/posts/{reply['id']}").json()["deleted_by"] == "us"
    assert api.delete(f"/posts/{reply['id']}").status_code == 410
    assert api.get(f"/replies/{KEY}").status_code == 410
    assert api.put(f"/replies/{KEY}", _reply_to(post)).status_code == 410
    assert Post.objects.count() == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    body=st.dictionaries(st.sampled_from(["parent_id", "text", "lang", "created_at", "x"]), JSON)
)
def test_any_json_gets_an_answer_and_never_an_error_of_ours(
    api: Api, body: dict[str, object]
) -> None:
    answer = api.put(f"/replies/{KEY}", body)
    assert answer.status_code in {400, 404, 422}
    assert answer.json()["error"]


def test_the_timeline_shows_everything_from_now_on(
    api: Api, customer: Person, say: Say, now: datetime
) -> None:
    say(customer, "before")
    begin = api.get("/timeline").json()
    assert (begin["events"], begin["more"]) == ([], False)
    post = say(customer, "lumbara is awful")  # untagged
    edit_post(post, text="lumbara is fine", now=now)
    page = api.get(f"/timeline?after={begin['cursor']}").json()
    assert [event["post"]["text"] for event in page["events"]] == [
        "lumbara is awful",
        "lumbara is fine",
    ]
    first = api.get(f"/timeline?after={begin['cursor']}&limit=1").json()
    assert (first["more"], first["cursor"]) == (True, begin["cursor"] + 1)
    assert api.get("/timeline?after=999").status_code == 422
    assert api.get("/timeline?after=0&limit=501").status_code == 400
