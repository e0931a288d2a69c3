"""Measures on a real Bluesky network: hidden, blocked, reported, and taken back where that is possible."""

from __future__ import annotations

import pytest

from amends.connectors.channels.bluesky.measures import BLOCK, GATE, block_key
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import MeasureTarget
from amends.connectors.kit.grant import MeasureGrant
from amends.connectors.kit.manifest import Action
from tests.connectors.support import open_bluesky, right_now
from tests.servers.bluesky import BlueskyNetwork, BlueskyPerson, Post, wait_until
from tests.support.grants import mint_for_a_test

pytestmark = pytest.mark.integration
KEY = "ab" * 16


def grant_for(
    action: Action, *, by: BlueskyPerson, post: Post, author: BlueskyPerson, root: Post
) -> MeasureGrant:
    return mint_for_a_test(
        action,
        now=right_now(),
        account_external_id=by.did,
        external_id=post.uri,
        version_key=post.cid,
        thread_external_id=root.uri,
        author_external_id=author.did,
        key=KEY,
    )


def target_of(post: Post, *, author: BlueskyPerson, root: Post) -> MeasureTarget:
    return MeasureTarget(post.uri, author.did, thread_external_id=root.uri, key=KEY)


def gate_of(brand: BlueskyPerson, root: Post) -> dict[str, object]:
    found = brand.ask("com.atproto.repo.getRecord", repo=brand.did, collection=GATE, rkey=root.key)
    return dict(found["value"])


def test_a_reply_is_hidden_by_the_threadgate_and_shown_again(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    root = brand.post("New mugs!")
    rude = customer.post("You are filthy.", answering=root)
    channel = open_bluesky(bluesky_network, brand)
    target = target_of(rude, author=customer, root=root)
    assert channel.find_measure(Action.HIDE, target) is None

    where = {"by": brand, "post": rude, "author": customer, "root": root}
    done = channel.hide(grant_for(Action.HIDE, **where))
    channel.hide(grant_for(Action.HIDE, **where))  # twice is once

    assert done.reference.endswith(root.key)
    assert gate_of(brand, root)["hiddenReplies"] == [rude.uri]
    assert channel.find_measure(Action.HIDE, target) is not None

    def is_set_apart() -> bool:
        thread = brand.ask("app.bsky.feed.getPostThread", uri=root.uri)["thread"]
        gate = thread.get("threadgate") or thread["post"].get("threadgate") or {}
        return rude.uri in gate.get("record", {}).get("hiddenReplies", [])

    wait_until(is_set_apart)

    channel.unhide(target)
    channel.unhide(target)
    assert gate_of(brand, root)["hiddenReplies"] == []
    assert channel.find_measure(Action.HIDE, target) is None


def test_a_gate_that_stands_keeps_its_other_rules(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    root = brand.post("New mugs!")
    rude = customer.post("You are filthy.", answering=root)
    allow = [{"$type": f"{GATE}#mentionRule"}]
    record = {"post": root.uri, "allow": allow, "createdAt": "2026-03-10T12:00:00.000Z"}
    brand.put(GATE, key=root.key, record=record)
    where = {"by": brand, "post": rude, "author": customer, "root": root}
    open_bluesky(bluesky_network, brand).hide(grant_for(Action.HIDE, **where))
    gate = gate_of(brand, root)
    assert (gate["allow"], gate["hiddenReplies"]) == (allow, [rude.uri])


def test_a_thread_of_somebody_else_cannot_be_tidied(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    theirs = customer.post("My own thread.")
    rude = customer.post("You are filthy.", answering=theirs)
    channel = open_bluesky(bluesky_network, brand)
    where = {"by": brand, "post": rude, "author": customer, "root": theirs}
    with pytest.raises(ChannelError) as refused:
        channel.hide(grant_for(Action.HIDE, **where))
    assert (refused.value.code, refused.value.permanent) == ("refused", True)


def test_an_author_is_blocked_once_and_unblocked(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    """S3.30, S4.12: consider blocking."""
    root = brand.post("New mugs!")
    rude = customer.post("You are filthy.", answering=root)
    channel = open_bluesky(bluesky_network, brand)
    target = target_of(rude, author=customer, root=root)
    where = {"by": brand, "post": rude, "author": customer, "root": root}
    channel.block(grant_for(Action.BLOCK, **where))
    channel.block(grant_for(Action.BLOCK, **where))

    def blocks() -> list[dict[str, object]]:
        return list(
            brand.ask("com.atproto.repo.listRecords", repo=brand.did, collection=BLOCK)["records"]
        )

    assert [str(one["uri"]).rpartition("/")[2] for one in blocks()] == [block_key(KEY)]
    assert channel.find_measure(Action.BLOCK, target) is not None

    def is_blocked() -> bool:
        seen = brand.ask("app.bsky.actor.getProfile", actor=customer.did)
        return bool(seen["viewer"].get("blocking"))

    wait_until(is_blocked)
    channel.unblock(target)
    channel.unblock(target)
    assert blocks() == []
    assert channel.find_measure(Action.BLOCK, target) is None


def test_a_post_is_reported_to_the_moderation_service(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    """S2.34: report without hesitation."""
    root = brand.post("New mugs!")
    rude = customer.post("You are filthy.", answering=root)
    channel = open_bluesky(bluesky_network, brand)
    where = {"by": brand, "post": rude, "author": customer, "root": root}
    done = channel.report(grant_for(Action.REPORT, **where))
    assert done.reference
    assert done.payload["reasonType"].endswith("#reasonRude")
    assert done.payload["subject"]["cid"] == rude.cid
    with pytest.raises(ChannelError) as unknown:
        channel.find_measure(Action.REPORT, target_of(rude, author=customer, root=root))
    assert (unknown.value.code, unknown.value.permanent) == ("cannot_tell", True)
