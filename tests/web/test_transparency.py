"""The ledger for everybody: page, JSON and PDF say the same numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from amends.accounts.models import Brand, User
from amends.accounts.public_brand import public_key
from amends.cases.models import Case
from amends.core.policy.schema import read_shipped_policy
from amends.measures.publish_policy import publish_policy
from amends.record.log import CLOCK, Subject, log_action
from amends.reports import pdf
from tests.web.conftest import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(brand: Brand, case: Case, lead: User, now: datetime) -> str:
    """The report of a brand that hid one insult; somebody appealed and was right."""
    starting = read_shipped_policy().decode()
    first = now - timedelta(days=400)
    version = publish_policy(brand, text=starting, after=0, note="", by=lead, now=first).version
    measure = {
        "measure": 1,
        "kind": "hide",
        "clause": "insults",
        "policy": version.pk,
        "ground": "profanity_targeted",
        "tier": "B",
        "channel": "sandbox",
        "language": "tr",
        "is_criticism": False,
        "until": None,
    }
    for action, data in (
        ("measure.act", measure),
        ("appeal.open", {"measure": 1}),
        ("appeal.decide", {"measure": 1, "outcome": "upheld"}),
        ("measure.undo", {"measure": 1, "kind": "hide", "because": "appeal"}),
    ):
        subject = Subject("case", case.public_id)
        log_action(
            action,
            workspace_id=brand.workspace_id,
            actor=CLOCK,
            subject=subject,
            now=now,
            data=data,
        )
    return f"/transparency/{public_key(brand)}"


def test_page_and_json_say_the_same(address: str, client: Client) -> None:
    answer = client.get(f"{address}.json")
    told = json.loads(answer.content)
    assert told["criticism_removed"] == 0
    assert told["log_entries"] == 4
    assert told["measures"]["total"] == 1
    assert told["measures"]["by_language"] == {"tr": 1}
    assert told["measures"]["by_clause"] == [
        {
            "clause": "insults",
            "ground": "profanity_targeted",
            "tier": "B",
            "count": 1,
            "by_kind": {"hide": 1},
            "taken_back": 1,
            "appeals": 1,
            "reversed": 1,
        }
    ]
    assert told["appeals"] == {"opened": 1, "decided": 1, "reversed": 1}
    page = words(client.get(f"{address}/"))
    assert "Criticism removed" in page
    assert "Nothing was hidden or removed for being critical." in page
    assert "Insults aimed at a person" in page
    assert "Counted from 4 entries of the log" in page


def test_the_page_speaks_the_language_of_its_reader(address: str, client: Client) -> None:
    answer = client.get(f"{address}/", headers={"accept-language": "nl"})
    assert answer.headers["Content-Language"] == "nl"
    assert "Beledigingen gericht op een persoon" in words(answer)
    asked = client.get(f"{address}/?lang=tr", headers={"accept-language": "nl"})
    assert "Bir kişiye yönelik hakaret" in words(asked)


def test_earlier_months_and_years_have_their_own_numbers(
    address: str, client: Client, now: datetime
) -> None:
    last_year = now.year - 1
    assert json.loads(client.get(f"{address}.json?period={last_year}").content)["log_entries"] == 0
    month = json.loads(client.get(f"{address}.json?period={now:%Y-%m}").content)
    assert month["log_entries"] == 4
    for never in ("1999", "2999", f"{now.year}-13", "x", "2026-1"):
        assert client.get(f"{address}.json?period={never}").status_code == 404
        assert client.get(f"{address}/?period={never}").status_code == 404


def test_nothing_of_the_desk_stands_on_it_and_it_may_be_cached(
    address: str, case: Case, lead: User, client: Client
) -> None:
    for path in (f"{address}/", f"{address}.json"):
        answer = client.get(path)
        text = words(answer)
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        for secret in (lead.email, case.public_id, case.author.handle or "nobody", "<script"):
            assert secret not in text


def test_a_signed_in_person_sees_exactly_the_same(
    address: str, owner: User, sign_in: Callable[[User], Client], client: Client
) -> None:
    shown = client.get(f"{address}/?lang=en").content
    assert sign_in(owner).get(f"{address}/?lang=en").content == shown


def test_without_a_browser_the_pdf_says_how_to_get_one(
    address: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "BROWSERS", ("no-such-browser",))
    answer = client.get(f"{address}.pdf?lang=id")
    assert answer.status_code == 501
    assert "apt install chromium" in words(answer)


def test_a_second_pdf_at_the_same_time_waits_its_turn(
    address: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(html: str, *, browser: str) -> bytes:
        inner = client.get(f"{address}.pdf?lang=tr")
        assert inner.status_code == 503
        assert inner.headers["Retry-After"] == "10"
        return b"%PDF-made once"

    monkeypatch.setattr(pdf, "find_browser", lambda: "browser")
    monkeypatch.setattr(pdf, "_print", busy)
    answer = client.get(f"{address}.pdf?lang=ru")
    assert answer.content == b"%PDF-made once"
    monkeypatch.setattr(pdf, "_print", lambda html, *, browser: b"again")
    assert client.get(f"{address}.pdf?lang=ru").content == b"%PDF-made once"


@pytest.mark.integration
def test_the_pdf_is_a_pdf(address: str, client: Client) -> None:
    try:
        pdf.find_browser()
    except pdf.PdfUnavailable as error:
        pytest.skip(str(error))
    answer = client.get(f"{address}.pdf?lang=en")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
