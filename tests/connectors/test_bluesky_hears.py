"""The Bluesky channel on a real network: what people post, edit and delete is heard."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import EventKind
from amends.core.vocabulary import GoneCause
from tests.connectors.support import (
    complain,
    open_bluesky,
    poll_all,
    right_now,
    texts,
)
from tests.servers.bluesky import BlueskyNetwork, BlueskyPerson, timestamp, wait_until

pytestmark = pytest.mark.integration


def test_replies_mentions_and_quotes_are_heard_with_what_they_answer(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    channel = open_bluesky(bluesky_network, brand)
    announcement = brand.post("Yeni sezon geldi")
    wait_until(lambda: customer.sees(announcement))
    reply = customer.post("Kargom nerede?", answering=announcement, language="tr")
    quote = customer.post("Bunu almayın", quoting=announcement)
    mention = customer.post(f"Selam @{brand.handle}, çok kötü", mentioning=brand)
    for post in (reply, quote, mention):
        wait_until(lambda post=post: brand.sees(post))  # type: ignore[misc]

    events, _ = poll_all(channel)

    by_id = {event.external_id: event for event in events}
    assert set(by_id) == {announcement.uri, reply.uri, quote.uri, mention.uri}
    assert events[0].external_id == announcement.uri  # what is answered comes before the answer
    own = by_id[announcement.uri].comment
    heard = by_id[reply.uri].comment
    assert own is not None
    assert heard is not None
    assert own.is_ours
    assert not heard.is_ours
    assert (heard.text, heard.language, heard.version_key) == ("Kargom nerede?", "tr", reply.cid)
    assert heard.author.external_id == customer.did
    assert heard.author.handle == customer.handle
    assert heard.author.display_name == "Customer"
    assert heard.parent_external_id == heard.thread_external_id == announcement.uri
    assert heard.url == f"https://bsky.app/profile/{customer.did}/post/{reply.key}"
    assert abs(heard.published_at - right_now()) < timedelta(minutes=1)
    assert by_id[reply.uri].key == f"{reply.uri}@{reply.cid}"
    assert by_id[reply.uri].payload["record"]["text"] == "Kargom nerede?"
    quoted = by_id[quote.uri].comment
    assert quoted is not None
    assert [attachment.kind for attachment in quoted.attachments] == ["link"]
    assert announcement.key in quoted.attachments[0].url


def test_the_cursor_survives_a_restart_and_repeats_nothing(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    first = complain(brand, customer, "ilk")
    channel = open_bluesky(bluesky_network, brand)
    events, cursor = poll_all(channel)
    assert first.uri in {event.external_id for event in events}
    assert poll_all(channel, cursor)[0] == []

    second = complain(brand, customer, "ikinci")
    restarted = open_bluesky(bluesky_network, brand, session=channel.export_session())
    events, cursor = poll_all(restarted, cursor)
    heard = {event.external_id for event in events}
    assert second.uri in heard
    assert first.uri not in heard
    assert poll_all(restarted, cursor)[0] == []


def test_a_reply_of_a_slow_clock_is_heard(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    channel = open_bluesky(bluesky_network, brand)
    first = complain(brand, customer)
    _, cursor = poll_all(channel)
    moment = right_now() - timedelta(hours=5)
    late = customer.post("saatim geri", answering=first, claimed_at=moment)
    wait_until(lambda: brand.sees(late))
    events, _ = poll_all(channel, cursor)
    (heard,) = [event for event in events if event.external_id == late.uri]
    assert heard.payload["indexedAt"][:16] == timestamp(moment)[:16]  # sorted into the past


def test_an_edit_is_a_new_version_of_the_same_comment(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    channel = open_bluesky(bluesky_network, brand)
    before = channel.refetch(complaint.uri)
    assert before.key == f"{complaint.uri}@{complaint.cid}"

    edited = customer.edit(complaint, "Kargom geldi ama kırık")
    wait_until(lambda: brand.sees(edited))

    after = channel.refetch(complaint.uri)
    assert after.kind is EventKind.EDITED
    assert after.external_id == complaint.uri
    assert after.key == f"{complaint.uri}@{edited.cid}"
    assert after.comment.text == "Kargom geldi ama kırık"


def test_a_post_that_its_author_deleted_is_gone_by_the_author(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    customer.delete(complaint)
    wait_until(lambda: not brand.sees(complaint))
    gone = open_bluesky(bluesky_network, brand).refetch(complaint.uri)
    assert (gone.kind, gone.comment) == (EventKind.DELETED, None)
    assert (gone.gone_cause, gone.gone_confidence) == (GoneCause.AUTHOR, 0.9)
    assert "repository" in gone.gone_method


def test_a_post_of_a_suspended_account_is_gone_by_the_platform(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson
) -> None:
    offender = bluesky_network.join("offender")
    complaint = complain(brand, offender)
    bluesky_network.take_down({"did": offender.did})
    wait_until(lambda: not brand.sees(complaint))
    gone = open_bluesky(bluesky_network, brand).refetch(complaint.uri)
    assert (gone.gone_cause, gone.gone_confidence) == (GoneCause.PLATFORM, 0.95)


def test_a_post_that_the_network_hides_is_gone_by_the_platform(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    bluesky_network.hide(complaint)
    wait_until(lambda: not brand.sees(complaint))
    gone = open_bluesky(bluesky_network, brand).refetch(complaint.uri)
    assert (gone.gone_cause, gone.gone_confidence) == (GoneCause.PLATFORM, 0.8)


def test_a_post_of_a_closed_account_is_gone_by_the_author(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson
) -> None:
    leaver = bluesky_network.join("leaver")
    complaint = complain(brand, leaver)
    leaver.tell("com.atproto.server.deactivateAccount", {})
    wait_until(lambda: not brand.sees(complaint))
    gone = open_bluesky(bluesky_network, brand).refetch(complaint.uri)
    assert (gone.gone_cause, gone.gone_method) == (
        GoneCause.AUTHOR,
        "getRepoStatus says deactivated",
    )


def test_a_cause_that_cannot_be_learned_is_unknown(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    customer.delete(complaint)
    wait_until(lambda: not brand.sees(complaint))
    channel = open_bluesky(bluesky_network, brand, directory="http://127.0.0.1:9")
    gone = channel.refetch(complaint.uri)
    assert gone.gone_cause is GoneCause.UNKNOWN


def test_a_post_behind_a_block_is_not_called_deleted(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson
) -> None:
    blocker = bluesky_network.join("blocker")
    complaint = complain(brand, blocker)
    blocker.block(brand)
    wait_until(lambda: not brand.sees(complaint))
    event = open_bluesky(bluesky_network, brand).refetch(complaint.uri)
    assert event.kind is EventKind.EDITED
    assert event.key == f"{complaint.uri}@{complaint.cid}"


def test_the_context_holds_ancestors_siblings_and_answers(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    root = brand.post("kök")
    sibling = customer.post("kardeş", answering=root)
    complaint = customer.post("şikâyet", answering=root)
    answer = brand.post("yanıt", answering=complaint, root=root)
    removed = customer.post("silinen", answering=complaint, root=root)
    for post in (root, sibling, complaint, answer, removed):
        wait_until(lambda post=post: brand.sees(post))  # type: ignore[misc]
    customer.delete(removed)
    wait_until(lambda: not brand.sees(removed))

    events = open_bluesky(bluesky_network, brand).context(complaint.uri)

    assert texts(events) == ["kök", "kardeş", "şikâyet", "yanıt"]
    assert [event.comment.is_ours for event in events] == [True, False, False, True]
    with pytest.raises(ChannelError) as missing:
        open_bluesky(bluesky_network, brand).context(removed.uri)
    assert missing.value.code == "not_found"


def test_a_profile_tells_reach(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    channel = open_bluesky(bluesky_network, brand)
    author = channel.profile(customer.did)
    assert (author.handle, author.display_name, author.followers) == (
        customer.handle,
        "Customer",
        0,
    )
    identity = channel.identify()
    assert (identity.external_id, identity.handle) == (brand.did, brand.handle)
    with pytest.raises(ChannelError) as nobody:
        channel.profile("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")
    assert nobody.value.code == "not_found"
