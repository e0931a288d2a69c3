"""Five people report one problem: one case takes the others over, is parted again, and nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.desk import RunningDesk
from tests.journeys.people import become_owner, connect, open_case_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

NAMES = ("Joke de Wit", "Ayşe Kara", "Budi Hartono", "Вера Смирнова", "Tom Reed")
WORDS = "Bestelling 4471982 is al zes dagen kwijt, zegt"


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with RunningDesk() as running:
        yield running


def note(page: Page, name: str, *, address: str) -> None:
    """Bring in what somebody said on the phone."""
    page.goto(f"{address}/contacts/note/")
    page.locator("[name=kind]").select_option("phone")
    page.fill("[name=author_name]", name)
    page.fill("[name=text]", f"{WORDS} {name}")
    page.locator("main form button.button-primary").click()
    page.wait_for_url(lambda url: "/contacts/note/" not in url)


def take_pictures(page: Page, name: str) -> None:
    """For whoever looks at the pages: AMENDS_PICTURES names a folder."""
    folder = os.environ.get("AMENDS_PICTURES")
    if folder:
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.locator("#matter, h1").last.scroll_into_view_if_needed()
            page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def merge(page: Page, other: str) -> None:
    """Name the other case and take it over."""
    page.locator("#merge > summary").click()
    page.locator("#merge-other").fill(other)
    page.locator("#merge-cases").click()
    expect(page.locator(".matter-merge", has_text=other)).to_be_visible()


def test_five_reports_become_one_case_and_one_of_them_goes_its_own_way(
    desk: RunningDesk, open_page: Callable[..., Page]
) -> None:
    mira = open_page()
    mira.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    become_owner(mira, link=desk.first_link)
    connect(mira, "manual", {}, address=desk.address)
    for name in NAMES:
        note(mira, name, address=desk.address)
    mira.goto(f"{desk.address}/inbox/all/")
    open_case_of(mira, NAMES[0], within=90)
    maybe = mira.locator(".matter-maybe")
    expect(maybe.first).to_contain_text("same order number 4471…")
    take_pictures(mira, "suggested")
    maybe.first.get_by_role("button", name="Merge").click()
    expect(mira.locator(".matter-merge")).to_have_count(1)
    for number in (2, 3, 4, 5):
        if not mira.locator(".matter-merge", has_text=f"C-{number}").count():
            merge(mira, f"C-{number}")
    expect(mira.locator(".matter-item")).to_have_count(5)
    expect(mira.locator("#matter")).to_contain_text("5 places wait for an answer")
    expect(mira.locator(".matter-item.is-in-front")).to_contain_text(NAMES[0])
    take_pictures(mira, "merged")

    mira.locator(".matter-item", has_text=NAMES[2]).get_by_role(
        "button", name="Answer this one"
    ).click()
    expect(mira.locator(".words-subject")).to_contain_text(NAMES[2])

    mira.locator(".matter-item", has_text=NAMES[4]).get_by_role("checkbox").check()
    mira.locator("#split > summary").click()
    mira.locator("#split-case").click()
    expect(mira.locator(".matter-item")).to_have_count(4)
    expect(mira.locator("[data-said]")).to_contain_text("C-6 is a case of its own now.")

    mira.goto(f"{desk.address}/cases/C-2/")
    expect(mira.locator(".case")).to_contain_text("This case is part of C-1.")
    take_pictures(mira, "ended")
    mira.get_by_role("button", name="Undo the merge").click()
    expect(mira.locator("#to-survivor")).to_have_count(0)
    mira.goto(f"{desk.address}/cases/C-1/")
    expect(mira.locator(".matter-item")).to_have_count(3)
    mira.locator(".case-title a").click()
    expect(mira.locator("h1")).to_contain_text(NAMES[0])
    take_pictures(mira, "author")
