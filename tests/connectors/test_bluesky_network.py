"""The Bluesky channel against a real network: what people post there, and what we answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from amends.connectors.kit.events import EventKind
from amends.core.vocabulary import GoneCause
from tests.connectors.support import (
    ChannelError,
    answer_to,
    open_bluesky,
    poll_all,
    texts,
)
from tests.servers.bluesky import BlueskyNetwork, BlueskyPerson, Post, timestamp, wait_until

pytestmark = pytest.mark.integration


@pytest.fixture
def brand(bluesky_network: BlueskyNetwork) -> BlueskyPerson:
    return bluesky_network.join("brand")


@pytest.fixture(scope="module")
def customer(bluesky_network: BlueskyNetwork) -> BlueskyPerson:
    return bluesky_network.join("customer")


def right_now() -> datetime:
    return datetime.now(UTC)


def complain(
    brand: BlueskyPerson, customer: BlueskyPerson, text: str = "Kargom hâlâ gelmedi"
) -> Post:
    """A complaint below a post of the brand that everybody sees."""
    announcement = brand.post("Yeni sezon geldi")
    wait_until(lambda: customer.sees(announcement))
    complaint = customer.post(text, answering=announcement, language="tr")
    wait_until(lambda: brand.sees(complaint))
    return complaint


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


def test_a_reply_sent_twice_makes_one_post(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    channel = open_bluesky(bluesky_network, brand)
    reply = answer_to(complaint, text="Özür dileriz, bugün yola çıkıyor.", created_at=right_now())
    assert channel.find_reply(reply) is None

    sent = channel.reply(reply)
    again = open_bluesky(bluesky_network, brand).reply(reply)

    assert sent.external_id == again.external_id
    found = channel.find_reply(reply)
    assert found is not None
    assert found.external_id == sent.external_id
    standing = [post for post in brand.posts() if post["value"]["text"] == reply.text]
    assert len(standing) == 1
    record = standing[0]["value"]
    assert record["langs"] == ["tr"]
    assert record["reply"]["parent"] == complaint.reference
    assert record["reply"]["root"]["uri"] != complaint.uri  # the thread's first post, not ours
    wait_until(lambda: customer.sees(Post(sent.external_id, standing[0]["cid"])))


def test_a_reply_is_not_written_over_after_somebody_edited_it(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    channel = open_bluesky(bluesky_network, brand)
    reply = answer_to(complaint, text="Özür dileriz.", created_at=right_now())
    sent = channel.reply(reply)
    (standing,) = [post for post in brand.posts() if post["uri"] == sent.external_id]
    brand.edit(Post(standing["uri"], standing["cid"]), "Çok özür dileriz.")
    assert channel.reply(reply).external_id == sent.external_id
    (edited,) = [post for post in brand.posts() if post["uri"] == sent.external_id]
    assert edited["value"]["text"] == "Çok özür dileriz."


def test_replies_of_one_moment_do_not_meet_under_one_key(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    channel = open_bluesky(bluesky_network, brand)
    moment = right_now()
    sent = {
        channel.reply(answer_to(complaint, text=f"Yanıt {i}", created_at=moment)).external_id
        for i in range(5)
    }
    assert len(sent) == 5


def test_links_and_mentions_are_marked_by_bytes(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    text = f"Üzgünüz 🙏 @{customer.handle} — @kimse.test: (https://ör.example/iade?x=1)."
    channel = open_bluesky(bluesky_network, brand)
    sent = channel.reply(answer_to(complaint, text=text, created_at=right_now()))
    (record,) = [post["value"] for post in brand.posts() if post["uri"] == sent.external_id]
    marked = {
        text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): facet
        for facet in record["facets"]
    }
    assert set(marked) == {f"@{customer.handle}", "https://ör.example/iade?x=1"}
    assert marked[f"@{customer.handle}"]["features"][0]["did"] == customer.did


def test_a_comment_that_changed_or_went_is_not_answered(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    channel = open_bluesky(bluesky_network, brand)
    edited = customer.edit(complaint, "Şaka yaptım")
    wait_until(lambda: brand.sees(edited))
    with pytest.raises(ChannelError, match="edited after") as refused:
        channel.reply(answer_to(complaint, text="Özür dileriz.", created_at=right_now()))
    assert refused.value.permanent
    assert not refused.value.maybe_done
    customer.delete(complaint)
    wait_until(lambda: not brand.sees(edited))
    with pytest.raises(ChannelError) as gone:
        channel.reply(answer_to(edited, text="Özür dileriz.", created_at=right_now()))
    assert gone.value.code == "not_found"
    assert len(brand.posts()) == 1  # the announcement alone


def test_what_is_too_long_is_refused_before_it_is_sent(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    channel = open_bluesky(bluesky_network, brand)
    with pytest.raises(ChannelError) as refused:
        channel.reply(answer_to(complaint, text="ş" * 301, created_at=right_now()))
    assert (refused.value.code, refused.value.permanent) == ("too_long", True)
    channel.reply(answer_to(complaint, text="👩‍👧" * 270, created_at=right_now()))


def test_own_replies_can_be_taken_back_and_no_others(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson, customer: BlueskyPerson
) -> None:
    complaint = complain(brand, customer)
    channel = open_bluesky(bluesky_network, brand)
    reply = answer_to(complaint, text="Yanlış yanıt", created_at=right_now())
    sent = channel.reply(reply)
    channel.delete_own(sent.external_id)
    channel.delete_own(sent.external_id)  # gone already counts as done
    assert channel.find_reply(reply) is None
    with pytest.raises(ChannelError) as refused:
        channel.delete_own(complaint.uri)
    assert refused.value.code == "refused"
    assert brand.sees(complaint)


def test_wrong_credentials_are_permanent(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson
) -> None:
    for settings in ({"app_password": "wrong"}, {"handle": "nobody.test"}, {"app_password": ""}):
        with pytest.raises(ChannelError) as refused:
            open_bluesky(bluesky_network, brand, **settings).identify()
        assert (refused.value.code, refused.value.permanent) == ("credentials", True)


def test_an_app_password_is_enough(bluesky_network: BlueskyNetwork, brand: BlueskyPerson) -> None:
    password = brand.make_app_password("desk")
    channel = open_bluesky(bluesky_network, brand, app_password=password)
    assert channel.identify().external_id == brand.did
    assert poll_all(channel)[0] == []


def test_a_kept_session_needs_no_sign_in_and_a_spent_one_is_renewed(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson
) -> None:
    channel = open_bluesky(bluesky_network, brand)
    channel.identify()
    kept = channel.export_session()
    restarted = open_bluesky(bluesky_network, brand, session=kept)
    restarted.identify()
    assert restarted.export_session() == kept

    spent = spoil(kept, "access")
    renewed = open_bluesky(bluesky_network, brand, session=spent)
    assert renewed.identify().external_id == brand.did
    assert renewed.export_session() not in (spent, kept)

    lost = spoil(spoil(kept, "access"), "refresh")
    signed_in = open_bluesky(bluesky_network, brand, session=lost)
    assert signed_in.identify().external_id == brand.did

    with pytest.raises(ChannelError) as refused:  # a changed password does not ride on old tokens
        open_bluesky(bluesky_network, brand, session=kept, app_password="changed").identify()
    assert refused.value.code == "credentials"


def spoil(session: str, token: str) -> str:
    """The session with one token that the server will not take any more."""
    tokens = json.loads(session)
    head, body, signature = tokens[token].split(".")
    tokens[token] = f"{head}.{body}.{signature[::-1]}"
    return json.dumps(tokens)


def test_own_posts_are_never_announced_by_themselves(
    bluesky_network: BlueskyNetwork, brand: BlueskyPerson
) -> None:
    brand.post("Kimseye yanıt değil")
    events, _ = poll_all(open_bluesky(bluesky_network, brand))
    assert events == []
