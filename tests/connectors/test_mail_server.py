"""The mail channel against a real Dovecot and an SMTP server that misbehaves on demand."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from amends.connectors import registry
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import OutboundReply
from amends.connectors.kit.guard import OutboundGuard
from amends.connectors.kit.protocol import ChannelContext
from amends.core.clock import SystemClock
from tests.servers.mail import MailServer

BRAND, AYSE = "care@lumbara.test", "ayse@ornek.test"


def open_mail(server: MailServer, **changes: str) -> object:
    allowed = [(one.rpartition(":")[0], int(one.rpartition(":")[2])) for one in server.allowed]
    context = ChannelContext(
        settings=server.settings(BRAND) | changes,
        guard=OutboundGuard(allowed),
        clock=SystemClock(),
    )
    return registry.open_channel("mail", context=context)


def reply(**changes: object) -> OutboundReply:
    said: dict[str, object] = {
        "idempotency_key": uuid.uuid4().hex,
        "created_at": datetime.now(UTC),
        "text": "Merhaba Ayşe Hanım, yeni paketiniz yolda.",
        "language": "tr",
        "target_external_id": "first@ornek.test",
        "target_version_key": "",
        "thread_external_id": "first@ornek.test",
        "target_url": f"mailto:{AYSE}",
        "subject": "Lumbara · C-12",
        "return_token": "abcdefghijkl",
    }
    return OutboundReply(**(said | changes))  # type: ignore[arg-type]


def mail(text: str = "Kırık geldi.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = f"Ayşe <{AYSE}>", BRAND
    made["Message-ID"] = f"<{uuid.uuid4().hex}@ornek.test>"
    made["Subject"] = "Şikâyet"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def test_signing_in_says_whose_mailbox_it_is(mail_server: MailServer) -> None:
    assert open_mail(mail_server).identify().handle == BRAND  # type: ignore[attr-defined]


def test_a_wrong_password_is_told_as_one(mail_server: MailServer) -> None:
    with pytest.raises(ChannelError) as caught:
        open_mail(mail_server, password="wrong").identify()  # type: ignore[attr-defined]
    assert (caught.value.code, caught.value.permanent) == ("credentials", True)


def test_only_what_comes_from_now_on_is_heard_once_and_stays_unread(
    mail_server: MailServer,
) -> None:
    mail_server.deliver(mail("alt"), to=BRAND)
    channel = open_mail(mail_server)
    start = channel.poll("")  # type: ignore[attr-defined]
    assert start.events == ()
    for number in range(3):
        mail_server.deliver(mail(f"yeni {number}"), to=BRAND)
    heard = channel.poll(start.cursor)  # type: ignore[attr-defined]
    assert [one.comment.text for one in heard.events] == ["yeni 0", "yeni 1", "yeni 2"]
    assert channel.poll(heard.cursor).events == ()  # type: ignore[attr-defined]
    again = channel.poll("1:0")  # type: ignore[attr-defined]  # the server numbered anew
    assert {one.key for one in heard.events} <= {one.key for one in again.events}


def test_a_plus_address_reaches_the_same_mailbox_with_its_token(mail_server: MailServer) -> None:
    channel = open_mail(mail_server)
    start = channel.poll("")  # type: ignore[attr-defined]
    answer = mail()
    del answer["To"]
    answer["To"] = "care+abcdefghijkl@lumbara.test"
    mail_server.deliver(answer, to="care+abcdefghijkl@lumbara.test")
    (event,) = channel.poll(start.cursor).events  # type: ignore[attr-defined]
    assert event.comment.mail.tokens == ("abcdefghijkl",)


def test_what_goes_out_stands_in_its_thread_and_a_copy_is_found_by_its_key(
    mail_server: MailServer,
) -> None:
    channel, outgoing = open_mail(mail_server), reply()
    assert channel.find_reply(outgoing) is None  # type: ignore[attr-defined]
    sent = channel.reply(outgoing)  # type: ignore[attr-defined]
    (there,) = mail_server.mails_of(AYSE)
    assert there["Message-ID"] == f"<{sent.external_id}>"
    assert there["In-Reply-To"] == "<first@ornek.test>"
    assert there["References"] == "<first@ornek.test>"
    assert there["Reply-To"] == "care+abcdefghijkl@lumbara.test"
    assert there["Subject"] == "Re: Lumbara · C-12"
    assert "yeni paketiniz yolda" in there.get_content()
    assert len(mail_server.mails_of(BRAND, folder="Sent")) == 1
    assert channel.find_reply(outgoing) == sent  # type: ignore[attr-defined]


def test_a_mail_of_our_own_is_no_news(mail_server: MailServer) -> None:
    channel = open_mail(mail_server)
    start = channel.poll("")  # type: ignore[attr-defined]
    channel.reply(reply(target_url=f"mailto:{BRAND}"))  # type: ignore[attr-defined]
    assert len(mail_server.mails_of(BRAND)) == 1
    assert channel.poll(start.cursor).events == ()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("manner", "permanent", "maybe_done"),
    [
        ("refuses", True, False),
        ("wait", False, False),
        ("breaks", False, True),
        ("drops", False, True),
    ],
)
def test_each_failure_says_whether_it_may_have_gone_out(
    manner: str, permanent: bool, maybe_done: bool, mail_server: MailServer
) -> None:
    mail_server.manner = manner
    with pytest.raises(ChannelError) as caught:
        open_mail(mail_server).reply(reply())  # type: ignore[attr-defined]
    assert (caught.value.permanent, caught.value.maybe_done) == (permanent, maybe_done)


def test_without_an_address_nothing_is_sent(mail_server: MailServer) -> None:
    for to in ("mailto:", "mailto:a b@x.test", "mailto:a@x.test,b@x.test"):
        with pytest.raises(ChannelError) as caught:
            open_mail(mail_server).reply(reply(target_url=to))  # type: ignore[attr-defined]
        assert caught.value.code == "not_found"
    assert mail_server.taken == []


def test_a_password_never_goes_over_an_open_line_to_a_host_that_nobody_listed(
    mail_server: MailServer,
) -> None:
    context = ChannelContext(
        settings=mail_server.settings(BRAND) | {"imap_host": "mail.example"},
        guard=OutboundGuard(resolver=lambda _host, _port: ["93.184.216.34"]),
        clock=SystemClock(),
    )
    with pytest.raises(ChannelError, match="open line"):
        registry.open_channel("mail", context=context).identify()


def test_private_addresses_are_refused_like_everywhere(mail_server: MailServer) -> None:
    context = ChannelContext(
        settings=mail_server.settings(BRAND) | {"security": "tls"},
        guard=OutboundGuard(),
        clock=SystemClock(),
    )
    with pytest.raises(ChannelError, match="not on the public internet"):
        registry.open_channel("mail", context=context).identify()
