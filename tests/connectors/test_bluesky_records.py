"""Records written by strangers never break the reader; keys and facets are what the network expects."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.connectors.channels.bluesky.read_post import read_post, split_uri, walk_thread
from amends.connectors.channels.bluesky.write_reply import check_length, compose_record, record_key
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import OutboundReply
from tests.connectors.support import answer_to
from tests.servers.bluesky import Post

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
URI = "at://did:plc:them/app.bsky.feed.post/3kabc"
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
records = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("text", "createdAt", "langs", "reply", "embed", "facets", "$type"), anything
    ),
)


def view_of(record: Any, **changes: Any) -> dict[str, Any]:
    author = {"did": "did:plc:them", "handle": "them.test"}
    view = {"uri": URI, "cid": "c1", "author": author, "record": record}
    return {**view, "indexedAt": NOW.isoformat(), **changes}


@given(record=records | anything, embed=anything)
def test_no_record_breaks_the_reader(record: Any, embed: Any) -> None:
    comment = read_post(view_of(record, embed=embed), our_did="did:plc:ours")
    assert comment.external_id == URI
    assert comment.published_at <= NOW


@given(
    view=st.dictionaries(st.sampled_from(["uri", "cid", "author", "record", "indexedAt"]), anything)
)
def test_a_broken_view_is_a_channel_error(view: dict[str, Any]) -> None:
    with pytest.raises(ChannelError):
        read_post(view, our_did="did:plc:ours")


@given(node=anything)
def test_no_thread_breaks_the_walk(node: Any) -> None:
    assert walk_thread(node) == []
    assert walk_thread({"parent": node, "replies": node}) == []


@pytest.mark.parametrize(
    ("claimed", "published"),
    [
        ("2026-03-10T11:00:00Z", NOW - timedelta(hours=1)),
        ("2026-03-10T14:00:00+03:00", NOW - timedelta(hours=1)),
        ("2036-03-10T12:00:00Z", NOW),  # a claim about the future is not believed
        ("yesterday", NOW),
        (None, NOW),
    ],
)
def test_the_time_is_the_earlier_of_claimed_and_seen(claimed: Any, published: datetime) -> None:
    comment = read_post(view_of({"text": "a", "createdAt": claimed}), our_did="")
    assert comment.published_at == published


def test_pictures_videos_and_links_are_attachments() -> None:
    embed = {
        "media": {"images": [{"fullsize": "https://cdn.example/1.jpg", "alt": "kırık kutu"}]},
        "playlist": "https://cdn.example/1.m3u8",
    }
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": "https://long.example/whole"}
    record = {
        "text": "long.example/wh…",
        "facets": [{"index": {}, "features": [feature]}],
        "embed": {"record": {"record": {"uri": URI, "cid": "c0"}}},
    }
    comment = read_post(view_of(record, embed=embed), our_did="did:plc:them")
    assert comment.is_ours
    assert [(a.kind, a.url, a.alt_text) for a in comment.attachments] == [
        ("video", "https://cdn.example/1.m3u8", ""),
        ("image", "https://cdn.example/1.jpg", "kırık kutu"),
        ("link", "https://bsky.app/profile/did:plc:them/post/3kabc", ""),
        ("link", "https://long.example/whole", ""),
    ]


@given(uri=st.text(max_size=80) | st.from_regex(r"at://did:plc:x/[a-z.]*/?[^/]*", fullmatch=True))
def test_only_addresses_of_posts_are_taken_apart(uri: str) -> None:
    try:
        did, collection, key = split_uri(uri)
    except ChannelError:
        return
    assert uri == f"at://{did}/{collection}/{key}"


moments = st.timedeltas(timedelta(0), timedelta(days=25_000)).map(lambda age: NOW + age)


def keyed(key: str, moment: datetime) -> str:
    return record_key(answer_to(Post(URI, "c1"), text="a", created_at=moment, key=key))


@given(key=st.uuids().map(lambda one: one.hex), moment=moments)
def test_record_keys_are_tids_and_stay_the_same(key: str, moment: datetime) -> None:
    assert TID.fullmatch(keyed(key, moment))
    assert keyed(key, moment) == keyed(key, moment)
    assert keyed(key, moment) < keyed(key, moment + timedelta(minutes=1))


@given(keys=st.sets(st.uuids().map(lambda one: one.hex), min_size=2, max_size=50))
def test_record_keys_of_one_moment_differ(keys: set[str]) -> None:
    assert len({keyed(key, NOW) for key in keys}) == len(keys)


class Shown:
    """A session to which one post is shown and every handle is known."""

    did = "did:plc:ours"

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record

    def query(self, method: str, params: Any) -> dict[str, Any]:
        if method == "com.atproto.identity.resolveHandle":
            return {"did": f"did:web:{params['handle']}"}
        return {"posts": [view_of(self.record)]}


@given(text=st.text(st.sampled_from("aş🙏 @.:/()-\nhtpsx"), max_size=60) | st.text(max_size=60))
def test_facets_lie_on_whole_characters(text: str) -> None:
    reply = answer_to(Post(URI, "c1"), text=text, created_at=NOW)
    record = compose_record(Shown({"text": "x"}), reply=reply)  # type: ignore[arg-type]
    for facet in record.get("facets", []):
        span = text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]]
        assert span.decode().startswith(("@", "http"))


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("see https://a.example/b.", ["https://a.example/b"]),
        ("(https://a.example/b_(c))", ["https://a.example/b_(c)"]),
        ("“https://a.example”", ["https://a.example"]),
        ("mail a@b.example or @b.example!", ["@b.example"]),
        ("@nodot and @", []),
        ("https://a.example https://a.example/", ["https://a.example", "https://a.example/"]),
    ],
)
def test_links_and_mentions_end_where_a_reader_thinks(text: str, marked: list[str]) -> None:
    reply = answer_to(Post(URI, "c1"), text=text, created_at=NOW)
    record = compose_record(Shown({"text": "x"}), reply=reply)  # type: ignore[arg-type]
    spans = [facet["index"] for facet in record.get("facets", [])]
    assert [text.encode()[s["byteStart"] : s["byteEnd"]].decode() for s in spans] == marked


def test_the_root_is_that_of_the_answered_post() -> None:
    root = {"uri": "at://did:plc:ours/app.bsky.feed.post/3kroot", "cid": "c0"}
    record = {"text": "x", "reply": {"root": root, "parent": root}}
    reply = OutboundReply(
        idempotency_key="k",
        created_at=NOW,
        text="a",
        language="und",
        target_external_id=URI,
        target_version_key="",
        thread_external_id=root["uri"],
    )
    composed = compose_record(Shown(record), reply=reply)  # type: ignore[arg-type]
    assert composed["reply"] == {"root": root, "parent": {"uri": URI, "cid": "c1"}}
    assert "langs" not in composed
    assert composed["createdAt"] == "2026-03-10T12:00:00.000Z"


def test_length_is_counted_as_the_network_counts() -> None:
    check_length("a" * 300)
    check_length("👩‍👧‍👦" * 100)  # one character each to the reader
    for text in ("a" * 301, "👩‍👧‍👦" * 200):  # the second is short to the reader, long in bytes
        with pytest.raises(ChannelError) as refused:
            check_length(text)
        assert refused.value.code == "too_long"
