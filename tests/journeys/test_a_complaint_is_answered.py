"""The whole way, in a browser and on a real Bluesky server: from a complaint to the answer in its thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import violations
from tests.journeys.desk import RunningDesk
from tests.journeys.people import (
    Colleague,
    become_owner,
    connect,
    invite,
    join,
    open_case_of,
    write_reply,
)
from tests.servers.bluesky import BlueskyNetwork, wait_until
from tests.servers.postgres import PostgresServer

pytestmark = [pytest.mark.journey, pytest.mark.integration, pytest.mark.timeout(600)]

COMPLAINT = "Kargom 6 gündür yok, arıyorum açan yok!! Yazıklar olsun"
EDITED = "Kargom 7 gündür yok, arıyorum açan yok!! Hâlâ bekliyorum"
ANSWER = (
    "Altı gündür kargonuzu beklettiğimiz için özür dileriz. Nerede olduğunu depo ekibiyle arıyorum; "
    "bugün saat 18.00'e kadar buradan yazacağım. Deniz"
)
DENIZ = Colleague("Deniz Yalın", "deniz@lumen.example", "agent")


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(
    request: pytest.FixtureRequest,
    bluesky_network: BlueskyNetwork,
    postgres_server: PostgresServer,
) -> Iterator[RunningDesk]:
    allow = ",".join(f"{host}:{port}" for host, port in bluesky_network.allowed)
    url = postgres_server.create_database("desk") if request.param == "postgresql" else ""
    with RunningDesk(database_url=url, allow=allow) as running:
        yield running


def test_a_complaint_travels_from_a_real_server_to_an_answer_in_its_thread(
    desk: RunningDesk,
    bluesky_network: BlueskyNetwork,
    open_page: Callable[..., Page],
    axe_source: str,
) -> None:
    brand, customer = bluesky_network.join("lumen"), bluesky_network.join("tugba")
    launch = brand.post("Yeni depomuz açıldı!", language="tr")

    owner, colleague = open_page(), open_page()
    become_owner(owner, link=desk.first_link)
    join(colleague, DENIZ, link=invite(owner, DENIZ, address=desk.address))
    credentials = {
        "handle": brand.handle,
        "service": bluesky_network.pds,
        "directory": bluesky_network.plc,
    }
    connect(owner, "bluesky", {**credentials, "app_password": "wrong"}, address=desk.address)
    expect(owner.get_by_role("alert")).to_be_visible()
    expect(owner.locator("[name=handle]")).to_have_value(brand.handle)
    connect(owner, "bluesky", {**credentials, "app_password": brand.password}, address=desk.address)
    owner.wait_for_url("**/channels/")

    colleague.goto(f"{desk.address}/inbox/unassigned/")
    complaint = customer.post(COMPLAINT, answering=launch, language="tr")
    open_case_of(colleague, "Kargom 6 gündür yok")
    assert not violations(colleague, source=axe_source)

    colleague.locator("#confirm-triage").click()
    expect(colleague.locator("#begin-reply")).to_be_visible()
    write_reply(colleague, ANSWER)
    expect(colleague.locator("#approve")).to_have_count(0)  # nobody approves their own words

    owner.goto(f"{desk.address}/inbox/approvals/")
    open_case_of(owner, "Kargom 6 gündür yok")
    expect(owner.locator(".approval")).to_contain_text(ANSWER)
    assert not violations(owner, source=axe_source)
    owner.locator("#approve").click()

    def answers() -> list[str]:
        thread = customer.ask("app.bsky.feed.getPostThread", uri=complaint.uri)["thread"]
        return [one["post"]["record"]["text"] for one in thread.get("replies", [])]

    wait_until(lambda: answers() == [ANSWER], seconds=30)
    assert sum(post["value"]["text"] == ANSWER for post in brand.posts()) == 1
    expect(owner.locator(".sent")).to_contain_text(ANSWER, timeout=15_000)

    customer.edit(complaint, EDITED)
    expect_after_reload(
        owner, lambda: expect(owner.locator("#versions")).to_contain_text("2", timeout=500)
    )
    customer.delete(complaint)
    expect_after_reload(
        owner, lambda: expect(owner.locator(".subject-gone")).to_be_visible(timeout=500)
    )
    owner.locator("#versions summary").click()
    expect(owner.locator("#versions")).to_contain_text("Yazıklar olsun")
    assert not violations(owner, source=axe_source)

    time.sleep(3)  # what was written last is sealed within two seconds
    verified = desk.run("log", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_what_is_being_typed_survives_new_comments_and_a_closed_tab(
    bluesky_network: BlueskyNetwork, open_page: Callable[..., Page], postgres_server: PostgresServer
) -> None:
    brand, customer = bluesky_network.join("atolye"), bluesky_network.join("selin")
    launch = brand.post("Hafta sonu indirimi", language="tr")
    allow = ",".join(f"{host}:{port}" for host, port in bluesky_network.allowed)
    with RunningDesk(allow=allow) as desk:
        page = open_page()
        become_owner(page, link=desk.first_link)
        values = {
            "handle": brand.handle,
            "app_password": brand.password,
            "service": bluesky_network.pds,
            "directory": bluesky_network.plc,
        }
        connect(page, "bluesky", values, address=desk.address)
        page.wait_for_url("**/channels/")
        page.goto(f"{desk.address}/inbox/unassigned/")
        customer.post("İndirim sepete yansımadı, neden?", answering=launch, language="tr")
        open_case_of(page, "İndirim sepete")
        page.locator("#confirm-triage").click()
        page.locator("#begin-reply").click()
        draft = page.locator("#draft")
        draft.click()
        page.keyboard.type("Bakıyorum, ")

        customer.post("Bir de kargo ücreti çok yüksek olmuş", answering=launch, language="tr")
        page.keyboard.type("hemen döneceğim")
        expect(draft).to_have_value("Bakıyorum, hemen döneceğim")
        expect(draft).to_be_focused()
        wait_until(lambda: "Bakıyorum, hemen döneceğim" in page.content(), seconds=5)
        expect(page.locator("#saved")).to_contain_text("Saved", timeout=10_000)
        page.reload()
        expect(page.locator("#draft")).to_have_value("Bakıyorum, hemen döneceğim")


def expect_after_reload(page: Page, check: Callable[[], None], *, seconds: float = 100) -> None:
    """Look again and again: the channel tells nothing of edits, the desk looks by itself."""
    deadline = time.monotonic() + seconds
    while True:
        page.reload()
        try:
            check()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(2)
        else:
            return
