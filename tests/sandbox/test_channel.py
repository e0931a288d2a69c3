"""The desk's own channel and the practice network understand each other over real HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import pytest

from amends.connectors.channels.sandbox import Channel
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import EventKind, OutboundReply
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.protocol import ChannelContext
from amends.core.clock import ScriptedClock
from amends.core.vocabulary import GoneCause
from amends.sandbox.models import DeletedBy, Person, Post
from amends.sandbox.people import issue_token
from amends.sandbox.publish import delete_post, edit_post

Say = Callable[..., Post]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


@pytest.fixture
def connect(live_server: object, now: datetime) -> Callable[[str], Channel]:
    def make(token: str) -> Channel:
        address = str(live_server)
        place = urlsplit(address)
        return Channel(
            ChannelContext(
                settings={"base_url": f"{address}/sandbox/api", "token": token},
                guard=OutboundGuard(allow=[(str(place.hostname), int(place.port or 80))]),
                clock=ScriptedClock(now),
            )
        )

    return make


def _reply_to(post: Post, *, now: datetime) -> OutboundReply:
    return OutboundReply(
        idempotency_key=uuid.UUID(int=3).hex,
        created_at=now,
        text="Paketiniz bugün çıkıyor. Elif",
        language="tr",
        target_external_id=post.id,
        target_version_key="1",
        thread_external_id=post.root_id,
    )


def test_a_complaint_is_heard_answered_and_the_answer_taken_back(
    connect: Callable[[str], Channel], shop: Person, customer: Person, say: Say, now: datetime
) -> None:
    channel = connect(issue_token(shop))
    assert channel.identify().handle == "lumbara"
    post = say(customer, "@lumbara kargom yok")
    poll = channel.poll("")
    (event,) = poll.events
    assert event.comment is not None
    assert (event.kind, event.comment.text) == (EventKind.CREATED, "@lumbara kargom yok")
    assert event.comment.author.followers == 212

    reply = _reply_to(post, now=now)
    assert channel.find_reply(reply) is None
    sent = channel.reply(reply)
    assert channel.reply(reply).external_id == sent.external_id
    found = channel.find_reply(reply)
    assert found is not None
    assert found.external_id == sent.external_id
    assert len(channel.context(post.id)) == 2

    (own,) = channel.poll(poll.cursor).events
    assert own.comment is not None
    assert own.comment.is_ours
    channel.delete_own(sent.external_id)
    channel.delete_own(sent.external_id)  # taken back already: nothing to do, no error
    assert channel.find_reply(reply) is None


def test_edits_and_deletions_reach_the_desk(
    connect: Callable[[str], Channel], shop: Person, customer: Person, say: Say, now: datetime
) -> None:
    channel = connect(issue_token(shop))
    post = say(customer, "@lumbara kargom yok")
    edit_post(post, text="@lumbara kargom geldi", now=now)
    assert [event.kind for event in channel.poll("").events] == [
        EventKind.CREATED,
        EventKind.EDITED,
    ]
    delete_post(post, by=DeletedBy.AUTHOR, now=now)
    gone = channel.refetch(post.id)
    assert (gone.kind, gone.gone_cause) == (EventKind.DELETED, GoneCause.AUTHOR)


def test_a_wrong_token_is_a_permanent_error(
    connect: Callable[[str], Channel], shop: Person
) -> None:
    with pytest.raises(ChannelError) as caught:
        connect("practice-wrong").identify()
    assert (caught.value.permanent, caught.value.code) == (True, "credentials")
