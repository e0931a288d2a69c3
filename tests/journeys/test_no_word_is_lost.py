"""What somebody types survives a lost connection, a closed tab, a sign-out, two tabs and two devices."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.axe import violations
from tests.journeys.desk import RunningDesk
from tests.journeys.people import PASSWORD, Colleague, become_owner, connect, invite, join

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

CALL = "Ik wacht al drie weken op mijn geld, en niemand belt terug."
SANNE = Colleague("Sanne Vos", "sanne@lumen.example", "agent")
SOON = 15_000  # milliseconds


@pytest.fixture(scope="module")
def desk() -> Iterator[RunningDesk]:
    with RunningDesk() as running:
        yield running


@pytest.fixture
def mira(desk: RunningDesk, open_page: Callable[..., Page]) -> Page:
    """The owner, with a new case open and a reply begun."""
    page = open_page()
    if desk.first_link:
        become_owner(page, link=desk.first_link)
        connect(page, "manual", {}, address=desk.address)
        desk.first_link = ""
    else:
        sign_in(page, email="mira@lumen.example", address=desk.address)
    number = uuid.uuid4().hex[:8]
    page.goto(f"{desk.address}/contacts/note/")
    page.locator("[name=kind]").select_option("phone")
    page.fill("[name=author_name]", "Joke de Wit")
    page.fill("[name=text]", f"{number}: {CALL}")
    page.locator("main form button.button-primary").click()
    page.goto(f"{desk.address}/inbox/all/")
    page.locator("a[href*='/cases/C-']", has_text=number).first.click(timeout=60_000)
    page.locator("#confirm-triage").click()
    page.locator("#begin-reply").click()
    page.locator("#draft").wait_for()
    return page


def note_line(page: Page) -> Locator:
    return page.locator(".field:has(#note) .kept-line")


def sign_in(page: Page, *, email: str, address: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/**")


def sign_out(page: Page) -> None:
    page.locator("[data-sign-out] button").evaluate("one => one.click()")
    page.wait_for_url("**/sign-in/**")


def what_the_browser_keeps(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(Object.entries(localStorage))"))


def test_a_lost_connection_and_a_closed_tab_lose_nothing(
    desk: RunningDesk, mira: Page, axe_source: str
) -> None:
    mira.context.set_offline(True)
    mira.locator("#draft").press_sequentially("Mevrouw De Wit,")
    mira.locator("#note").press_sequentially("Terugbellen om vier uur")
    mira.locator("#saved").scroll_into_view_if_needed()
    expect(mira.locator("#saved")).to_contain_text("Kept on this device", timeout=SOON)
    expect(mira.locator("#saved")).to_contain_text("cannot be reached", timeout=SOON)
    expect(note_line(mira)).to_contain_text("cannot be reached", timeout=SOON)
    expect(mira.locator("#unreachable")).to_be_visible()
    assert not violations(mira, source=axe_source)
    kept = what_the_browser_keeps(mira)
    assert "reply-" in kept
    assert "Wit" not in kept, "what is kept must be locked"
    assert "Terugbellen" not in kept

    context, address = mira.context, mira.url
    mira.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator("#draft")).to_have_value("Mevrouw De Wit,")
    expect(again.locator("#note")).to_have_value("Terugbellen om vier uur")
    expect(again.locator("#saved")).to_contain_text("Saved at", timeout=SOON)
    expect(note_line(again)).to_contain_text("Saved at", timeout=SOON)
    again.locator("#add-note").click()
    expect(again.locator(".note")).to_contain_text("Terugbellen")
    expect(again.locator("#note")).to_have_value("")
    again.reload()
    again.locator("#draft").wait_for()
    again.wait_for_load_state("networkidle")
    expect(again.locator("#note")).to_have_value("")


def test_a_sign_out_keeps_the_words_for_their_writer_alone(
    desk: RunningDesk, mira: Page, open_page: Callable[..., Page]
) -> None:
    case = mira.url
    link = invite(mira, SANNE, address=desk.address)
    mira.goto(case)
    mira.locator("#note").press_sequentially("Zij is al drie keer gebeld")
    mira.locator("#close > summary").click()
    mira.locator("#close-reason").press_sequentially("Zij heeft haar geld")
    sign_out(mira)  # at once: nothing has been saved by itself yet
    assert "geld" not in what_the_browser_keeps(mira)

    join(mira, SANNE, link=link)
    mira.goto(case)
    mira.wait_for_load_state("networkidle")
    expect(mira.locator("#note")).to_have_value("")
    expect(mira.locator("#close-reason")).to_have_value("")
    sign_out(mira)

    other_device = open_page()
    sign_in(other_device, email="mira@lumen.example", address=desk.address)
    other_device.goto(case)
    expect(other_device.locator("#note")).to_have_value("Zij is al drie keer gebeld")
    expect(other_device.locator("#close-reason")).to_have_value("Zij heeft haar geld")


def test_an_ended_session_asks_for_a_sign_in_in_a_new_tab_and_goes_on(
    desk: RunningDesk, mira: Page
) -> None:
    case = mira.url
    mira.context.clear_cookies(name="sessionid")
    mira.locator("#draft").press_sequentially("Het spijt ons.")
    expect(mira.locator("#saved")).to_contain_text("you are signed out", timeout=SOON)
    expect(mira.locator("#saved a")).to_have_text("Sign in in a new tab")
    mira.locator("#draft").evaluate("one => one.blur()")
    mira.locator("#take").click()
    expect(mira.locator("[data-trouble]")).to_contain_text("You are signed out")
    assert mira.url == case, "the page with the words must stay"

    with mira.context.expect_page() as opened:
        mira.locator("#saved a").click()
    sign_in(opened.value, email="mira@lumen.example", address=desk.address)
    opened.value.close()
    mira.bring_to_front()
    mira.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(mira.locator("#saved")).to_contain_text("Saved at", timeout=SOON)
    mira.locator("[data-trouble] [data-again]").click()
    expect(mira.locator(".case-owner")).to_contain_text("This case is yours")
    expect(mira.locator("#draft")).to_have_value("Het spijt ons.")


TYPE = """([words]) => { const one = document.querySelector('#draft'); one.value = words;
    one.dispatchEvent(new Event('input', { bubbles: true })); }"""


def type_at_once(page: Page, words: str) -> None:
    page.evaluate(TYPE, [words])


def type_while_busy(page: Page, words: str) -> None:
    """The page hears nothing for a moment, and its person types in just that moment."""
    page.evaluate(
        f"""([words]) => {{ setTimeout(() => {{ const end = Date.now() + 2000;
        while (Date.now() < end); ({TYPE})([words]); }}, 0); }}""",
        [words],
    )


def test_two_tabs_go_together_and_two_devices_are_asked(
    desk: RunningDesk, mira: Page, open_page: Callable[..., Page], axe_source: str
) -> None:
    second = mira.context.new_page()
    second.goto(mira.url)
    second.locator("#draft").wait_for()
    mira.locator("#draft").press_sequentially("U krijgt uw geld")
    expect(second.locator("#draft")).to_have_value("U krijgt uw geld")
    second.locator("#draft").press("End")
    second.keyboard.type(" morgen")
    expect(mira.locator("#draft")).to_have_value("U krijgt uw geld morgen")
    expect(mira.locator("#saved")).to_contain_text("Saved at", timeout=SOON)

    # Both tabs typed apart: what one of them said did not reach the other in time.
    type_while_busy(mira, "U krijgt niets")
    type_at_once(second, "U krijgt uw geld vandaag")
    shown = mira
    expect(shown.locator(".conflict")).to_contain_text("another tab")
    expect(shown.locator(".conflict [data-mine]")).to_have_text("U krijgt niets")
    expect(shown.locator(".conflict [data-theirs]")).to_have_text("U krijgt uw geld vandaag")
    shown.get_by_role("button", name="Keep both").click()
    for page in (mira, second):
        expect(page.locator("#draft")).to_have_value("U krijgt niets\n\nU krijgt uw geld vandaag")
        expect(page.locator(".conflict")).to_have_count(0)
    expect(shown.locator("#saved")).to_contain_text("Saved at", timeout=SOON)
    second.close()

    phone = open_page()
    sign_in(phone, email="mira@lumen.example", address=desk.address)
    phone.goto(mira.url)
    phone.locator("#draft").fill("Van mijn telefoon")
    phone.locator("#note").fill("Notitie van de telefoon")
    mira.context.set_offline(True)
    mira.locator("#draft").fill("Van mijn bureau")
    expect(phone.locator("#saved")).to_contain_text("Saved at", timeout=SOON)
    mira.context.set_offline(False)
    conflict = mira.locator("#conflict .conflict")
    expect(conflict).to_contain_text("bureau", timeout=SOON)
    expect(conflict).to_contain_text("telefoon")
    assert not violations(mira, source=axe_source)
    conflict.get_by_role("button", name="Take the other one").click()
    expect(mira.locator("#draft")).to_have_value("Van mijn telefoon")
    expect(mira.locator(".conflict")).to_have_count(0)


def test_the_desk_that_is_down_is_asked_again_until_it_is_there(mira: Page) -> None:
    mira.route("**/reply/save/", lambda route: route.fulfill(status=503, body="down"))
    mira.locator("#draft").fill("Mevrouw De Wit, het spijt ons.")
    expect(mira.locator("#saved")).to_contain_text("cannot be reached", timeout=SOON)
    mira.unroute("**/reply/save/")
    expect(mira.locator("#saved")).to_contain_text("Saved at", timeout=SOON)
