"""The Bluesky channel on a real network: we answer once, take back, and stay signed in."""

from __future__ import annotations

import json

import pytest

from amends.connectors.kit.errors import ChannelError
from tests.connectors.support import (
    answer_to,
    complain,
    open_bluesky,
    poll_all,
    right_now,
)
from tests.servers.bluesky import BlueskyNetwork, BlueskyPerson, Post, wait_until

pytestmark = pytest.mark.integration


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
