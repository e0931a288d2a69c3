"""Takes the pictures of docs/images from the demonstration: `python -m tests.journeys.screenshots FOLDER`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from amends.cli.doctor import find_browser
from amends.demo.script import DEMO_PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.desk import RunningDesk

AGENT = "elif@lumbara.example"
LANGUAGES = ("en", "tr")


@dataclass(frozen=True)
class Picture:
    """One page as it is to be shown."""

    name: str
    path: str


PICTURES = (Picture("inbox", "/inbox/unassigned/"), Picture("channels", "/channels/"))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = find_browser()
    if path is None:
        sys.exit("no system browser found: apt-get install chromium")
    with RunningDesk(command="demo") as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for language in LANGUAGES:
            for width, viewport in (("1440", DESKTOP), ("390", PHONE)):
                take(
                    browser,
                    desk=desk,
                    folder=folder,
                    language=language,
                    viewport=viewport,
                    width=width,
                )
        browser.close()


def take(
    browser: Browser,
    *,
    desk: RunningDesk,
    folder: Path,
    language: str,
    viewport: dict[str, int],
    width: str,
) -> None:
    context = browser.new_context(locale=language, viewport=viewport)
    page = context.new_page()
    sign_in(page, desk=desk, language=language)
    for picture in PICTURES:
        page.goto(f"{desk.address}{picture.path}")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{picture.name}-{width}-{language}.png")
    context.close()


def sign_in(page: Page, *, desk: RunningDesk, language: str) -> None:
    page.goto(f"{desk.address}/accounts/login/")
    page.fill("[name=login]", AGENT)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/**")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"))
