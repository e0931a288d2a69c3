"""Two people share a queue: they see each other, one takes over with the draft, several cases at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import violations
from tests.journeys.conftest import PHONE
from tests.journeys.desk import RunningDesk
from tests.journeys.people import Colleague, become_owner, connect, invite, join, open_case_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

SANNE = Colleague("Sanne Vos", "sanne@lumen.example", "agent")
CALLS = {
    "Joke de Wit": "Ik wacht al drie weken op mijn geld.",
    "Bram Visser": "De doos was leeg toen ik hem opende.",
    "Fleur Bakker": "Waar blijft mijn factuur?",
}
FIRST = 60_000  # milliseconds; the first draft of a process waits for the linter to be read
SOON = 20_000  # milliseconds; the pulse asks every two seconds, on a machine that may be busy


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with RunningDesk() as running:
        yield running


def note_a_call(page: Page, *, name: str, words: str, address: str) -> None:
    page.goto(f"{address}/contacts/note/")
    page.locator("[name=kind]").select_option("phone")
    page.fill("[name=author_name]", name)
    page.fill("[name=text]", words)
    page.locator("main form button.button-primary").click()


def make_label(page: Page, name: str, *, address: str) -> None:
    page.goto(f"{address}/settings/labels/")
    page.fill("#new-name", name)
    page.locator("button[value=make]").click()
    expect(page.locator(".label-list")).to_contain_text(name)


def test_two_people_see_each_other_take_over_and_work_on_several_cases(
    desk: RunningDesk, open_page: Callable[..., Page], axe_source: str
) -> None:
    mira, sanne = open_page(), open_page(viewport=PHONE)
    become_owner(mira, link=desk.first_link)
    join(sanne, SANNE, link=invite(mira, SANNE, address=desk.address))
    connect(mira, "manual", {}, address=desk.address)
    for name, words in CALLS.items():
        note_a_call(mira, name=name, words=words, address=desk.address)
    make_label(mira, "Terugbetaling", address=desk.address)
    _they_meet_in_a_case(mira, sanne, address=desk.address)
    assert not violations(mira, source=axe_source)
    _one_takes_over_with_the_draft(mira, sanne)
    _a_note_completes_the_name_it_calls(mira)
    _several_at_once_and_undone(mira, address=desk.address)
    assert not violations(mira, source=axe_source)
    for place in ("settings/labels/", "settings/macros/", "settings/routing/", "profile/work/"):
        mira.goto(f"{desk.address}/{place}")
        assert not violations(mira, source=axe_source), place


def _they_meet_in_a_case(mira: Page, sanne: Page, *, address: str) -> None:
    for page in (mira, sanne):
        page.goto(f"{address}/inbox/all/")
    open_case_of(sanne, "drie weken")
    expect(mira.locator(".case-row", has_text="drie weken").locator(".avatar-here")).to_be_visible(
        timeout=SOON
    )
    open_case_of(mira, "drie weken")
    expect(mira.locator(".team-here")).to_contain_text("Sanne Vos is looking", timeout=SOON)
    expect(sanne.locator(".team-here")).to_contain_text("Mira Solberg is looking", timeout=SOON)
    sanne.locator("#take").click()
    expect(sanne.locator(".case-owner")).to_contain_text("This case is yours")
    sanne.locator("#confirm-triage").click()
    sanne.locator("#begin-reply").click()
    expect(sanne.locator("#draft")).to_be_visible(timeout=FIRST)
    sanne.locator("#draft").press_sequentially("Mevrouw De Wit, drie weken is", delay=40)
    expect(mira.locator(".team-here")).to_contain_text("Sanne Vos is writing", timeout=SOON)
    expect(sanne.locator("#saved")).to_contain_text("Saved", timeout=SOON)


def _one_takes_over_with_the_draft(mira: Page, sanne: Page) -> None:
    expect(mira.locator("#take")).to_have_text(re.compile("Take over"), timeout=SOON)
    mira.locator("#take").click()
    expect(mira.locator("[data-said]")).to_contain_text("the draft that Sanne Vos left")
    expect(mira.locator("#draft")).to_have_value("Mevrouw De Wit, drie weken is")
    expect(mira.locator("[data-draft-by]")).to_contain_text("Sanne Vos wrote this draft last")
    expect(sanne.locator("#meanwhile")).to_contain_text("Mira Solberg took the case", timeout=SOON)
    expect(sanne.locator("[data-notices]")).not_to_be_empty(timeout=SOON)


def _a_note_completes_the_name_it_calls(mira: Page) -> None:
    mira.locator("#note").click()
    mira.keyboard.type("Kun jij bellen, @sa")
    expect(mira.locator("#mention-list [aria-selected=true]")).to_have_text("Sanne Vos")
    mira.keyboard.press("Enter")
    expect(mira.locator("#note")).to_have_value("Kun jij bellen, @Sanne.Vos ")
    mira.keyboard.press("Control+Enter")
    expect(mira.locator(".note .mention")).to_have_text("@Sanne.Vos")


def _several_at_once_and_undone(mira: Page, *, address: str) -> None:
    mira.goto(f"{address}/inbox/all/")
    rows = mira.locator(".case-row")
    expect(rows).to_have_count(3)
    rows.nth(0).locator("a").focus()
    mira.keyboard.press("x")
    expect(mira.locator("[data-picked]")).to_have_text("1 selected")
    rows.nth(2).locator("a").focus()
    mira.keyboard.press("Shift+X")
    expect(mira.locator("[data-picked]")).to_have_text("3 selected")
    mira.locator("#bulk summary", has_text="Label").click()
    mira.locator("button[value^='label:']").click()
    expect(mira.locator(".bulk-result")).to_contain_text("3 done.")
    expect(mira.locator(".case-row .label")).to_have_count(3)
    mira.locator("[data-undo] button").click()
    expect(mira.locator(".messages")).to_contain_text("3 undone.")
    expect(mira.locator(".case-row .label")).to_have_count(0)
    mira.locator(".pick input").nth(1).check()
    mira.locator("#bulk summary", has_text="Close").click()
    mira.locator("#bulk-disposition").select_option("not_ours")
    mira.locator("#bulk-reason").fill("Een andere winkel")
    mira.locator("button[value=close]").click()
    expect(mira.locator(".bulk-result")).to_contain_text("1 done.")
    expect(mira.locator("[data-undo]")).to_have_count(0)
