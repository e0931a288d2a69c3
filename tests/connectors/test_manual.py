"""What a person brings in is one comment however often it is typed; published replies are found again."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.connectors.channels.manual import (
    ENTRY_LABELS,
    Entry,
    EntryKind,
    record_entry,
)
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.published import SHORTEST_PROOF, is_text_on_page
from tests.connectors.support import open_channel
from tests.servers.faults import Answer, FaultServer

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
REPLY = "Merhaba Ayşe Hanım, kargonuz bugün “hızlı” gönderiyle yola çıktı 🙏 — özür dileriz."


def entry(**changes: Any) -> Entry:
    fields: dict[str, Any] = {
        "id": "8f14e45fceea467a9575b0a3c9e7c001",
        "kind": EntryKind.PHONE,
        "text": "Paketim hâlâ gelmedi.",
        "author_name": "Ayşe",
        "published_at": NOW,
    }
    return Entry(**{**fields, **changes})


def test_an_entry_sent_twice_is_one_event() -> None:
    assert record_entry(entry(), observed_at=NOW) == record_entry(entry(), observed_at=NOW)


def test_two_people_who_paste_one_post_make_one_comment() -> None:
    url = "https://forum.example/t/7"
    one = record_entry(entry(kind=EntryKind.POST, url=url, id="a"), observed_at=NOW)
    two = record_entry(entry(kind=EntryKind.POST, url=f" {url} ", id="b"), observed_at=NOW)
    assert one.key == two.key
    corrected = record_entry(entry(kind=EntryKind.POST, url=url, text="Düzeltme"), observed_at=NOW)
    assert corrected.external_id == one.external_id
    assert corrected.key != one.key


def test_an_entry_without_text_is_refused() -> None:
    with pytest.raises(ValueError, match="write down what was said"):
        record_entry(entry(text=" \n"), observed_at=NOW)


def test_every_kind_of_entry_has_a_label() -> None:
    assert set(ENTRY_LABELS) == set(EntryKind)


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{REPLY}</p>",
        f"<p>{html.escape(REPLY)}</p>",
        "<p>Merhaba <b>Ayşe</b> Hanım,<br>\n kargonuz bugün &quot;hızlı&quot; gönderiyle yola çıktı "
        '<img alt="🙏" src="x"> - özür dileriz.</p>',
        f'<meta property="og:description" content="{html.escape(REPLY)}"><p>Loading…</p>',
        '<script type="application/json">{"a":[{"text":"Merhaba Ay\\u015fe Han\\u0131m, kargonuz '
        "bug\\u00fcn \\u201ch\\u0131zl\\u0131\\u201d g\\u00f6nderiyle yola \\u00e7\\u0131kt\\u0131"
        ' \\u2014 \\u00f6z\\u00fcr dileriz."}]}</script>',
        f"MERHABA AYŞE HANIM\u00ad, {REPLY[20:]}",
    ],
)
def test_a_published_reply_is_found_however_the_page_writes_it(page: str) -> None:
    assert is_text_on_page(REPLY, page=page)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<p>Merhaba Ayşe Hanım, kargonuz bugün yola çıktı</p>",  # half of it
        f"<script>var draft = {REPLY!r}</script>",  # code that nobody reads
        f"<style>{REPLY}</style>",
        f"<!-- {REPLY} -->",
    ],
)
def test_what_no_reader_sees_is_no_proof(page: str) -> None:
    assert not is_text_on_page(REPLY, page=page)


def test_a_text_too_short_to_prove_anything_is_left_to_the_person() -> None:
    assert not is_text_on_page("Evet 🙏", page="<p>Evet 🙏</p>")


@given(text=st.text(min_size=1, max_size=80), page=st.text(max_size=200))
def test_no_page_breaks_the_reader(text: str, page: str) -> None:
    is_text_on_page(text, page=page)
    is_text_on_page(text, page=f"<script>[{page}</script><p {page}>{page}")
    letters = [c for c in text if c.isalnum()]
    if len(letters) >= SHORTEST_PROOF * 2:
        assert is_text_on_page(text, page=f"<p>{html.escape(text)}</p>")


def test_a_reply_is_verified_on_its_page(server: FaultServer) -> None:
    channel = open_channel("manual", settings={}, allowed=server.allowed)

    def answer(request: Any) -> Answer:
        if request.path == "/short":
            return Answer(status=301, headers={"Location": "/thread/7#c9"})
        headers = {"Content-Type": "text/html; charset=iso-8859-9"}
        body = REPLY.replace("🙏", "").replace("—", "-").replace("“", '"').replace("”", '"')
        return Answer(headers=headers, body=f"<p>{body}</p>".encode("iso-8859-9"))

    server.script = answer
    found = channel.verify_published(f" {server.url}/short ", REPLY)
    assert found is not None
    assert found.url.startswith(f"{server.url}/thread/7")
    assert channel.verify_published(f"{server.url}/x", "Bambaşka bir yanıt metni") is None


@pytest.mark.parametrize("answer", [Answer(status=403), Answer(status=500), Answer(fault="cut")])
def test_a_page_that_cannot_be_read_is_left_to_the_person(
    server: FaultServer, answer: Answer
) -> None:
    server.script = lambda request: answer
    channel = open_channel("manual", settings={}, allowed=server.allowed)
    assert channel.verify_published(server.url, REPLY) is None


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "file:///etc/passwd", "no address", ""])
def test_an_address_that_may_not_be_fetched_is_named(url: str) -> None:
    with pytest.raises(ChannelError, match="did not contact"):
        open_channel("manual", settings={}).verify_published(url, REPLY)


def test_nothing_needs_to_be_signed_in() -> None:
    channel = open_channel("manual", settings={})
    assert channel.identify().external_id == "manual"
    assert channel.export_session() == ""
