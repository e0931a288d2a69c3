"""Takes the pictures of docs/images from the demonstration: `python -m tests.journeys.screenshots FOLDER`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from amends.cli.doctor import find_browser
from amends.demo.script import DEMO_PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.desk import RunningDesk
from tests.journeys.people import skip_tour

LEAD = "jonas@lumbara.example"
LANGUAGES = ("en", "tr")


@dataclass(frozen=True)
class Picture:
    """One state of the desk as it is to be shown."""

    name: str
    show: Callable[[Page, str], None]
    theme: str = "light"


def show_list(page: Page, address: str) -> None:
    page.goto(f"{address}/inbox/unassigned/")


def show_new_case(page: Page, address: str) -> None:
    """A comment that nobody has looked at: the engine's view, the triage to confirm."""
    page.goto(f"{address}/inbox/unassigned/")
    page.locator("a[href*='/cases/C-']", has_text="business").or_(
        page.locator("a[href*='/cases/C-']")
    ).first.click()
    page.locator(".words-subject").wait_for()


def show_approval(page: Page, address: str) -> None:
    """A reply that waits for a second person."""
    page.goto(f"{address}/inbox/approvals/")
    page.locator("a[href*='/cases/C-']").first.click()
    page.locator(".approval").wait_for()
    page.locator(".approval").scroll_into_view_if_needed()


def show_channels(page: Page, address: str) -> None:
    page.goto(f"{address}/channels/")


PICTURES = (
    Picture("inbox", show_list),
    Picture("case", show_new_case),
    Picture("case-dark", show_new_case, theme="dark"),
    Picture("approval", show_approval),
    Picture("channels", show_channels),
)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = find_browser()
    if path is None:
        sys.exit("no system browser found: apt-get install chromium")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with RunningDesk(command="demo") as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        for language in LANGUAGES:
            for viewport in (DESKTOP, PHONE):
                take_all(browser, desk=desk, folder=folder, language=language, viewport=viewport)
        browser.close()


def take_all(
    browser: Browser, *, desk: RunningDesk, folder: Path, language: str, viewport: dict[str, int]
) -> None:
    """Every picture in one language at one width."""
    for picture in PICTURES:
        context = browser.new_context(viewport=viewport, color_scheme=picture.theme)
        page = context.new_page()
        sign_in(page, desk=desk, language=language)
        picture.show(page, desk.address)
        page.wait_for_timeout(700)  # what slides in has arrived
        page.screenshot(path=folder / f"{picture.name}-{viewport['width']}-{language}.png")
        context.close()


def sign_in(page: Page, *, desk: RunningDesk, language: str) -> None:
    page.goto(f"{desk.address}/sign-in/")
    page.fill("[name=login]", LEAD)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/**")
    skip_tour(page)
    # The switch hides in the menu of a narrow screen; it is the same form.
    page.locator(f"form button[name=language][value={language}]").first.evaluate(
        "one => one.click()"
    )
    page.locator(f"html[lang={language}]").wait_for(state="attached")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"))
