"""A private conversation by mail, over a real Dovecot: threaded, never sent twice, no loops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from amends.accounts.models import Brand, Notification, User, Workspace
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.inbox.channels import open_account
from amends.inbox.credentials import seal
from amends.inbox.models import ChannelAccount, Comment, RawEvent
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.replies.approve import approve_reply, ask_for_approval
from amends.replies.draft import save_draft
from amends.replies.erase_private import erase_private
from amends.replies.models import BystanderPass, Delivery, HandOver, PrivateMessage, Reply
from amends.replies.private import begin_private_reply, write_by_mail
from amends.replies.queries import reply_digest
from amends.replies.send import SEND, _mark_sending, outbound
from amends.work.claim import claim_next
from tests.servers.mail import MailServer
from tests.support.desk import WHY, Colleagues

BRAND, AYSE = "care@lumbara.test", "ayse@ornek.test"
WORDS = "Merhaba Ayşe Hanım, yeni paketiniz yarın saat 18.00'e kadar elinizde. Mert"


@pytest.fixture
def mailbox(
    workspace: Workspace,
    brand: Brand,
    mail_server: MailServer,
    settings: SimpleNamespace,
    clock: ScriptedClock,
) -> ChannelAccount:
    settings.OUTBOUND_ALLOW = mail_server.allowed
    values = mail_server.settings(BRAND)
    return ChannelAccount.objects.create(
        workspace=workspace,
        brand=brand,
        kind="mail",
        host="mail",
        external_id=BRAND,
        handle=BRAND,
        label=BRAND,
        settings={name: text for name, text in values.items() if name != "password"},
        sealed_settings=seal({"password": values["password"]}),
        connected_at=clock.now() - timedelta(days=1),
    )


@pytest.fixture
def case(make_case: Callable[..., Case], mailbox: ChannelAccount, colleagues: Colleagues) -> Case:
    made = make_case()
    colleagues.triage(made)
    return made


@pytest.fixture
def approve(case: Case, colleagues: Colleagues) -> Callable[..., Delivery]:
    """A mail of ours, approved and ready."""

    def make(reply: Reply | None = None) -> Delivery:
        by, now = colleagues.writer, colleagues.now
        case.refresh_from_db()
        begun = reply or write_by_mail(case, address=AYSE, by=by, now=now)
        begun = save_draft(begun, text=WORDS, revision=begun.revision, by=by, now=now)
        ask_for_approval(begun, by=by, now=now, override=WHY)
        begun = Reply.objects.get(pk=begun.pk)
        made = approve_reply(begun, digest=reply_digest(begun), by=colleagues.approver, now=now)
        assert made is not None
        return made

    return make


def hear(mailbox: ChannelAccount, desk: Desk) -> None:
    """Poll the mailbox, and let everything run that follows."""
    ChannelAccount.objects.filter(pk=mailbox.pk).update(next_step="listen", due_at=desk.clock.now())
    run_until_idle(desk)


def answer_to(mail: EmailMessage, text: str, *, number: int = 1, **headers: str) -> EmailMessage:
    """What a mail program of the customer makes of "answer"."""
    made = EmailMessage()
    made["From"], made["To"] = f"Ayşe <{AYSE}>", str(mail["Reply-To"])
    made["Message-ID"] = f"<a{number}@ornek.test>"
    made["Subject"] = str(mail["Subject"])
    made["In-Reply-To"] = str(mail["Message-ID"])
    made["References"] = str(mail["Message-ID"])
    for name, value in headers.items():
        name = name.replace("_", "-")
        del made[name]
        if value:
            made[name] = value
    made.set_content(text)
    return made


def sent(server: MailServer) -> EmailMessage:
    return server.mails_of(AYSE)[-1]


def test_a_whole_conversation_by_mail(
    case: Case,
    mailbox: ChannelAccount,
    mail_server: MailServer,
    approve: Callable[..., Delivery],
    desk: Desk,
    clock: ScriptedClock,
    agent: User,
) -> None:
    hear(mailbox, desk)
    delivery = approve()
    run_until_idle(desk)
    delivery.refresh_from_db()
    assert (delivery.status, len(mail_server.mails_of(AYSE))) == ("sent", 1)
    assert not BystanderPass.objects.exists()
    case.refresh_from_db()
    assert case.status == "answered"
    clock.advance(timedelta(hours=2))
    text = "Teşekkürler, geldi.\n\nOn Tue, 10 Mar 2026, Lumbara wrote:\n> Yolda\n"
    mail_server.deliver(answer_to(sent(mail_server), text), to=BRAND)
    hear(mailbox, desk)
    said = PrivateMessage.objects.get(written_by__isnull=True)
    assert said.content.text == "Teşekkürler, geldi."
    assert "Yolda" in said.content.payload
    assert (said.way, said.hand_over_id) == ("mail", HandOver.objects.get().pk)
    case.refresh_from_db()
    assert case.status == "new"
    assert case.needs_closing_note
    assert not Comment.objects.filter(kind="mail").exists()
    # and once more, in the same thread
    talk = HandOver.objects.select_related("case__workspace", "account", "reach").get()
    again = begin_private_reply(talk, by=agent, now=clock.now())
    approve(again)
    run_until_idle(desk)
    last = sent(mail_server)
    assert last["In-Reply-To"] == "<a1@ornek.test>"
    assert str(last["References"]).split()[0].startswith("<amends-")


def test_an_answer_without_headers_is_found_by_the_token_in_its_address(
    case: Case, mailbox: ChannelAccount, mail_server: MailServer,
    approve: Callable[..., Delivery], desk: Desk,
) -> None:  # fmt: skip
    hear(mailbox, desk)
    approve()
    run_until_idle(desk)
    first = sent(mail_server)
    fresh = answer_to(first, "Başka bir adresten", In_Reply_To="", References="",
                      From="is@ornek.test")  # fmt: skip
    mail_server.deliver(fresh, to=str(first["Reply-To"]))
    hear(mailbox, desk)
    said = PrivateMessage.objects.get(written_by__isnull=True)
    assert said.content.text == "Başka bir adresten"
    assert "is@ornek.test" in said.content.payload


def test_the_same_mail_twice_is_one_message(
    case: Case, mailbox: ChannelAccount, mail_server: MailServer,
    approve: Callable[..., Delivery], desk: Desk,
) -> None:  # fmt: skip
    hear(mailbox, desk)
    approve()
    run_until_idle(desk)
    said = answer_to(sent(mail_server), "Geldi")
    for _ in range(2):
        mail_server.deliver(said, to=BRAND)
    hear(mailbox, desk)
    RawEvent.objects.update(next_step="receive_mail", due_at=desk.clock.now())
    run_until_idle(desk)
    assert PrivateMessage.objects.filter(written_by__isnull=True).count() == 1


def test_machines_start_nothing_and_a_bounce_is_told(
    case: Case, mailbox: ChannelAccount, mail_server: MailServer,
    approve: Callable[..., Delivery], desk: Desk, agent: User,
) -> None:  # fmt: skip
    hear(mailbox, desk)
    approve()
    run_until_idle(desk)
    Case.objects.filter(pk=case.pk).update(assignee=agent)
    first = sent(mail_server)
    away = answer_to(first, "Ofis dışındayım", Auto_Submitted="auto-replied")
    mail_server.deliver(away, to=BRAND)
    hear(mailbox, desk)
    case.refresh_from_db()
    assert case.status == "answered"
    assert not Notification.objects.filter(user=agent, facts__what="private").exists()
    lost = answer_to(first, "Could not be delivered", number=2, From="MAILER-DAEMON@ornek.test")
    lost.replace_header("Content-Type", "multipart/report; report-type=delivery-status")
    mail_server.deliver(lost, to=BRAND)
    hear(mailbox, desk)
    assert Notification.objects.filter(user=agent, facts__what="bounce").exists()
    kinds = set(PrivateMessage.objects.values_list("kind", flat=True))
    assert kinds == {"word", "automatic", "bounce"}
    case.refresh_from_db()
    assert case.status == "answered"
    stray = answer_to(first, "Newsletter", number=3, In_Reply_To="", References="",
                      To=BRAND, Precedence="bulk")  # fmt: skip
    mail_server.deliver(stray, to=BRAND)
    hear(mailbox, desk)
    assert Case.objects.count() == 1


def test_a_flood_is_taken_for_a_machine(
    case: Case, mailbox: ChannelAccount, mail_server: MailServer,
    approve: Callable[..., Delivery], desk: Desk,
) -> None:  # fmt: skip
    hear(mailbox, desk)
    approve()
    run_until_idle(desk)
    for number in range(23):
        mail_server.deliver(answer_to(sent(mail_server), "Re", number=number), to=BRAND)
    hear(mailbox, desk)
    kinds = list(
        PrivateMessage.objects.filter(written_by=None).order_by("pk").values_list("kind", flat=True)
    )
    assert (kinds[:20], kinds[20:]) == (["word"] * 20, ["automatic"] * 3)


def test_a_mail_that_belongs_nowhere_becomes_a_case_of_its_own(
    case: Case, mailbox: ChannelAccount, mail_server: MailServer, desk: Desk
) -> None:
    hear(mailbox, desk)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = AYSE, BRAND, "<n@ornek.test>"
    mail["Subject"] = "Şikâyet"
    mail.set_content("Kargom nerede?")
    mail_server.deliver(mail, to=BRAND)
    hear(mailbox, desk)
    comment = Comment.objects.get(kind="mail")
    assert Case.objects.filter(comment=comment).exists()
    assert not PrivateMessage.objects.exists()


def test_a_worker_that_dies_while_sending_never_sends_twice(
    case: Case, mailbox: ChannelAccount, mail_server: MailServer,
    approve: Callable[..., Delivery], desk: Desk, clock: ScriptedClock,
) -> None:  # fmt: skip
    """It went out, and the worker died before it could write so: the copy in the mailbox proves it."""
    delivery = approve()
    claim = claim_next(Delivery, step=SEND, now=clock.now(), lease=timedelta(seconds=60))
    assert claim is not None
    assert _mark_sending(claim, clock=clock)
    channel = open_account(claim.row.account, clock=clock)
    channel.reply(outbound(claim.row))  # type: ignore[attr-defined]
    clock.advance(timedelta(seconds=61))
    run_until_idle(desk)
    delivery.refresh_from_db()
    assert delivery.status == "sent"
    assert len(mail_server.taken) == 1
    assert PrivateMessage.objects.filter(written_by__isnull=False).count() == 1


def test_a_line_that_breaks_off_leaves_it_unknown_and_nothing_is_sent_for_it(
    case: Case, mailbox: ChannelAccount, mail_server: MailServer,
    approve: Callable[..., Delivery], desk: Desk, clock: ScriptedClock,
) -> None:  # fmt: skip
    mail_server.manner = "breaks"
    delivery = approve()
    run_until_idle(desk)
    mail_server.manner = "takes"
    for _ in range(8):
        clock.advance(timedelta(minutes=10))
        run_until_idle(desk)
    delivery.refresh_from_db()
    assert delivery.status == "unknown"
    assert len(mail_server.taken) == 1


def test_an_address_that_is_none_is_refused_and_without_an_account_nobody_mails(
    case: Case, mailbox: ChannelAccount, colleagues: Colleagues
) -> None:
    for wrong in ("", "ayse", "ayse@", "a@b.test, c@d.test"):
        with pytest.raises(NotPossible):
            write_by_mail(case, address=wrong, by=colleagues.writer, now=colleagues.now)
    assert not HandOver.objects.exists()
    ChannelAccount.objects.filter(pk=mailbox.pk).update(status="failed")
    with pytest.raises(NotPossible):
        write_by_mail(case, address=AYSE, by=colleagues.writer, now=colleagues.now)


def test_erasing_reaches_the_mails_as_they_came_and_the_address(
    case: Case, mailbox: ChannelAccount, mail_server: MailServer,
    approve: Callable[..., Delivery], desk: Desk, owner: User,
) -> None:  # fmt: skip
    hear(mailbox, desk)
    approve()
    run_until_idle(desk)
    mail_server.deliver(answer_to(sent(mail_server), "IBAN TR12"), to=BRAND)
    hear(mailbox, desk)
    case.refresh_from_db()
    erase_private(case, reason="asked for", by=owner, now=desk.clock.now())
    talk = HandOver.objects.get()
    assert talk.address == ""
    raw = RawEvent.objects.get(external_id="a1@ornek.test")
    assert raw.content.payload == ""
    assert {one.content.text for one in PrivateMessage.objects.all()} == {""}
