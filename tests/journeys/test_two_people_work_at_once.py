"""Two people and one case: a phone call, two drafts at once, a lost connection, an answer by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import violations
from tests.journeys.conftest import PHONE
from tests.journeys.desk import RunningDesk
from tests.journeys.people import (
    Colleague,
    become_owner,
    connect,
    enter_promises,
    invite,
    join,
    open_case_of,
    read_as_stranger,
)

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

CALL = "Ik wacht al drie weken op mijn geld, en niemand belt terug."
SANNE = Colleague("Sanne Vos", "sanne@lumen.example", "agent")


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with RunningDesk() as running:
        yield running


def note_the_call(page: Page, *, address: str) -> None:
    """Bring in what was said on the phone."""
    page.goto(f"{address}/contacts/note/")
    page.locator("[name=kind]").select_option("phone")
    page.fill("[name=author_name]", "Joke de Wit")
    page.fill("[name=text]", CALL)
    page.locator("main form button.button-primary").click()


def test_two_drafts_at_once_lose_nothing_and_a_call_is_answered_by_hand(
    desk: RunningDesk, open_page: Callable[..., Page], axe_source: str
) -> None:
    mira, sanne = open_page(), open_page(viewport=PHONE)
    become_owner(mira, link=desk.first_link)
    join(sanne, SANNE, link=invite(mira, SANNE, address=desk.address))
    connect(mira, "manual", {}, address=desk.address)
    note_the_call(mira, address=desk.address)

    for page in (mira, sanne):
        page.goto(f"{desk.address}/inbox/all/")
        open_case_of(page, "drie weken")
    mira.locator("#confirm-triage").click()
    mira.locator("#begin-reply").click()
    mira.locator("#draft").fill("Mevrouw De Wit, u wacht al drie weken.")
    expect(mira.locator("#saved")).to_contain_text("Saved", timeout=10_000)
    sanne.reload()
    sanne.locator("#draft").fill("Mevrouw De Wit, het spijt ons.")
    expect(sanne.locator("#saved")).to_contain_text("Saved", timeout=10_000)
    mira.locator("#draft").fill(
        "Mevrouw De Wit, u wacht al drie weken op uw geld; dat is onze fout."
    )
    conflict = mira.locator(".conflict")
    expect(conflict).to_contain_text("dat is onze fout", timeout=10_000)
    expect(conflict).to_contain_text("het spijt ons")
    assert not violations(mira, source=axe_source)
    mira.get_by_role("button", name="Keep mine").click()
    expect(mira.locator(".conflict")).to_have_count(0)
    expect(mira.locator("#draft")).to_have_value(
        "Mevrouw De Wit, u wacht al drie weken op uw geld; dat is onze fout."
    )

    mira.context.set_offline(True)
    mira.locator("#draft").press("End")
    mira.keyboard.type(" Ik bel u vandaag om vier uur. Mira")
    expect(mira.locator("#saved")).to_contain_text("cannot be reached", timeout=15_000)
    mira.context.set_offline(False)
    mira.reload()
    expect(mira.locator("#draft")).to_have_value(
        "Mevrouw De Wit, u wacht al drie weken op uw geld; dat is onze fout. "
        "Ik bel u vandaag om vier uur. Mira"
    )
    expect(mira.locator("#saved")).to_contain_text("Saved", timeout=15_000)

    # Both wrote a part of it, so neither may approve it: a third person is asked.
    enter_promises(mira)
    mira.locator("#draft").press("Control+Enter")
    read_as_stranger(mira, "Ik bel u vandaag om vier uur.")
    expect(mira.locator(".approval")).to_be_visible()
    expect(mira.locator("#approve")).to_have_count(0)
    third = Colleague("Ola Lind", "ola@lumen.example", "lead")
    ola = open_page()
    join(ola, third, link=invite(mira, third, address=desk.address))
    ola.goto(f"{desk.address}/inbox/approvals/")
    open_case_of(ola, "drie weken")
    ola.locator("#approve").click()
    ola.locator("#posted").wait_for()
    assert not violations(ola, source=axe_source)
    ola.locator("#posted").click()
    expect(ola.locator(".sent")).to_contain_text("Ik bel u vandaag", timeout=15_000)
    expect(ola.locator(".sent")).to_contain_text("confirmed by a person")


def test_the_pages_have_no_barrier_in_two_languages_light_and_dark(
    desk: RunningDesk, open_page: Callable[..., Page], axe_source: str
) -> None:
    page = open_page()
    page.goto(f"{desk.address}/sign-in/")
    assert not violations(page, source=axe_source)
    page.goto(desk.first_link)
    assert not violations(page, source=axe_source)
    become_owner(page, link=desk.first_link)
    connect(page, "manual", {}, address=desk.address)
    note_the_call(page, address=desk.address)
    places = ("inbox/all/", "channels/", "channels/connect/bluesky/", "contacts/note/", "people/")
    for language in ("tr", "en"):
        page.locator(f"form button[name=language][value={language}]").first.click()
        page.locator(f"html[lang={language}]").wait_for(state="attached")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            told = ("authority/", "notifications/", "notifications/ways/")
            for place in (*places, *told, "log/", "profile/", "cases/C-1/"):
                page.goto(f"{desk.address}/{place}")
                found = violations(page, source=axe_source)
                assert not found, f"{place} {language} {scheme}: {found}"


def press_as_soon_as_it_appears(page: Page, key: str, *, appears: str) -> None:
    """Be as quick as a person can be: press the key in the moment in which the element is there."""
    page.evaluate(
        """([key, appears]) => {
            window.isSamePage = true;
            const watch = new MutationObserver(() => {
                if (!document.querySelector(appears)) return;
                watch.disconnect();
                document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            });
            watch.observe(document.querySelector("#case"), { childList: true, subtree: true });
        }""",
        [key, appears],
    )


def test_the_keys_move_through_the_list_and_none_of_them_sends(
    desk: RunningDesk, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    become_owner(page, link=desk.first_link)
    connect(page, "manual", {}, address=desk.address)
    note_the_call(page, address=desk.address)
    page.goto(f"{desk.address}/inbox/all/")
    page.locator("a[href*='/cases/C-']").first.wait_for(timeout=30_000)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".words-subject")).to_contain_text("drie weken")
    page.keyboard.press("t")
    expect(page.locator("#confirm-triage")).to_be_focused()
    press_as_soon_as_it_appears(page, "r", appears="#begin-reply")
    page.keyboard.press("Enter")
    expect(page.locator("#draft")).to_be_focused()
    assert page.evaluate("window.isSamePage"), (
        "the page was loaded anew: forms come to life too late"
    )
    page.keyboard.type("jkrnt")  # letters while typing are letters
    expect(page.locator("#draft")).to_have_value("jkrnt")
