"""Reading mails: nothing that anybody can send breaks it, and machines are told from people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.connectors.channels.mail.quotes import split_quotes
from amends.connectors.channels.mail.read import read_mail
from amends.connectors.channels.mail.text import text_of_html
from amends.connectors.kit.events import InboundEvent

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
OWN = "care@lumbara.test"


def read(raw: str | bytes) -> InboundEvent | None:
    data = raw.encode() if isinstance(raw, str) else raw
    return read_mail(data, received_at=NOW, observed_at=NOW, own_address=OWN)


def head(**headers: str) -> str:
    said = {"From": "ayse@ornek.test", "To": OWN, "Message-ID": "<a@ornek.test>"}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    return "".join(f"{name}: {value}\n" for name, value in said.items()) + "\nMerhaba\n"


def automatic(raw: str) -> str:
    event = read(raw)
    assert event is not None
    assert event.comment is not None
    assert event.comment.mail is not None
    return event.comment.mail.automatic


@given(st.binary(max_size=2000))
def test_no_bytes_break_it(raw: bytes) -> None:
    read(raw)


@given(st.text(max_size=500), st.text(max_size=300))
def test_no_header_and_no_text_break_it(header: str, text: str) -> None:
    read(f"From: {header}\nSubject: {header}\nDate: {header}\nTo: {header}\n\n{text}")


@given(st.text(max_size=800))
def test_quotes_and_html_are_split_without_losing_words(text: str) -> None:
    said, quoted = split_quotes(text)
    assert set(f"{said}\n{quoted}".split()) == set(text.split())
    text_of_html(text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner=x"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"List_Id": "<news.ornek.test>"},
        {"From": "MAILER-DAEMON@ornek.test"},
        {"From": "no-reply@ornek.test"},
    ],
)
def test_what_a_machine_wrote_is_told_from_what_a_person_wrote(headers: dict[str, str]) -> None:
    assert automatic(head(**headers)) == "automatic"


@pytest.mark.parametrize("headers", [{}, {"Auto_Submitted": "no"}, {"Return_Path": "<a@b.test>"}])
def test_what_a_person_wrote_is_not_taken_for_a_machines(headers: dict[str, str]) -> None:
    assert automatic(head(**headers)) == ""


def test_our_own_mails_are_no_events() -> None:
    assert read(head(From=OWN)) is None
    assert read(head(From="Care@Lumbara.test")) is None
    assert read(head(Message_ID="<amends-abc@lumbara.test>")) is None


def test_a_senders_clock_is_believed_within_reason_only() -> None:
    for said, written in (
        ("Tue, 10 Mar 2026 11:00:00 +0000", NOW - timedelta(hours=1)),
        ("Tue, 10 Mar 2026 12:30:00 +0000", NOW),
        ("Tue, 10 Mar 2020 11:00:00 +0000", NOW),
        ("Tue, 10 Mar 2036 11:00:00 +0000", NOW),
        ("yesterday", NOW),
    ):
        event = read(head(Date=said))
        assert event is not None
        assert event.comment is not None
        assert event.comment.published_at == written


@pytest.mark.parametrize(
    "line",
    [
        "On Tue, 10 Mar 2026 at 11:00, Lumbara <care@lumbara.test> wrote:",
        "Op di 10 mrt 2026 om 11:00 schreef Lumbara <care@lumbara.test>:",
        "10 Mart 2026 Salı tarihinde Lumbara <care@lumbara.test> şunu yazdı:",
        "Pada Sel, 10 Mar 2026 pukul 11.00 Lumbara <care@lumbara.test> menulis:",
        "вт, 10 мар. 2026 г. в 11:00, Lumbara <care@lumbara.test> написал(а):",
        "-----Original Message-----",
        "On Tue, 10 Mar 2026 at 11:00, Lumbara Customer Care\n<care@lumbara.test> wrote:",
    ],
)
def test_the_older_mail_is_folded_away(line: str) -> None:
    said, quoted = split_quotes(f"Geldi, sağ olun.\n\n{line}\n> Yolda\n> Mert\n")
    assert said == "Geldi, sağ olun."
    assert "Yolda" in quoted


def test_answers_between_the_quotes_stay_and_so_does_a_sentence_that_only_looks_like_one() -> None:
    said, _ = split_quotes("> Hangi sipariş?\n4711\n> Ne zaman?\nDün")
    assert said == "4711\nDün"
    own = "On Monday your driver came and he wrote:\nNobody at home"
    assert split_quotes(own) == (own, "")
