"""Takes the pictures of docs/images from the demonstration: `python -m tests.journeys.screenshots FOLDER`."""

from __future__ import annotations

import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from amends.cli.doctor import find_browser
from amends.demo.script import DEMO_PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.desk import RunningDesk
from tests.journeys.people import skip_tour

LEAD = "jonas@lumbara.example"
LANGUAGES = ("en", "tr", "ru")
MOST_BYTES, MOST_IN_ALL = 52_000, 1_500_000
QUALITIES = (82, 70, 58, 46, 34, 22)  # of WebP, the first that is small enough


@dataclass(frozen=True)
class Picture:
    """One state of the desk as it is to be shown."""

    name: str
    show: Callable[[Page, str], None]
    viewport: dict[str, int] = field(default_factory=lambda: DESKTOP)
    theme: str = "light"


def open_list(page: Page, address: str, view: str = "all") -> None:
    page.goto(f"{address}/inbox/{view}/")


def open_first(page: Page, address: str, *, view: str = "all", words: str = "") -> None:
    """The first case of a view, or the first whose row shows these words."""
    open_list(page, address, view)
    rows = page.locator("#rows a[href*='/cases/C-']")
    (rows.filter(has_text=words).or_(rows) if words else rows).first.click()
    page.locator(".words-subject, .subject-gone").first.wait_for()


def show_empty(page: Page, address: str) -> None:
    open_list(page, address, "mine")


def show_full(page: Page, address: str) -> None:
    open_list(page, address)


def show_versions(page: Page, address: str) -> None:
    """A comment that its author changed: what was added and what was taken out."""
    open_list(page, address)
    edited = page.locator(".case-row:has(use[href*='#pencil']) a[href*='/cases/C-']")
    while not edited.count() and page.locator("#more a").count():
        with page.expect_response(lambda answer: "after=" in answer.url):
            page.locator("#more a").click()
        page.wait_for_timeout(300)
    edited.first.click()
    page.locator("#versions > summary").click()
    page.locator("#versions").scroll_into_view_if_needed()


def show_draft(page: Page, address: str) -> None:
    """A draft with what the linter says of it."""
    begin_reply(page, address)
    with page.expect_response(lambda answer: answer.url.endswith("/reply/lint/")):
        page.locator("#draft").fill(BAD[language_of_page(page)])
    page.locator("#draft").scroll_into_view_if_needed()


def show_approval(page: Page, address: str) -> None:
    """A reply that waits for a second person."""
    open_first(page, address, view="approvals")
    page.locator(".approval").scroll_into_view_if_needed()


def show_conflict(page: Page, address: str) -> None:
    """Two texts of one draft, side by side."""
    begin_reply(page, address)
    draft, language = page.locator("#draft"), language_of_page(page)
    draft.fill(f"{BAD[language]} 1")
    page.route("**/reply/save/", lambda route: route.fulfill(status=409, json=theirs))
    theirs = {"theirs": {"text": BETTER[language], "revision": 99}}
    draft.blur()
    page.locator("#conflict .conflict").scroll_into_view_if_needed()


def show_error(page: Page, address: str) -> None:
    """The desk cannot be reached while a note is written."""
    open_first(page, address)
    page.locator("#note").fill(BETTER[language_of_page(page)])
    page.route("**/note/", lambda route: route.abort())
    page.locator("#add-note").click()
    page.locator("[data-trouble]").scroll_into_view_if_needed()


def show_right_to_left(page: Page, address: str) -> None:
    """Words that run from right to left, in a page that runs from left to right."""
    open_first(page, address)
    page.locator(".words-subject").evaluate("(one, words) => { one.textContent = words; }", ARABIC)
    page.locator(".subject bdi").first.evaluate("(one, name) => { one.textContent = name; }", LEILA)


def begin_reply(page: Page, address: str) -> None:
    open_first(page, address, view="unassigned")
    for button in ("#confirm-triage", "#begin-reply"):
        if page.locator("#draft").count() == 0 and page.locator(button).is_visible():
            page.locator(button).click()
            page.wait_for_timeout(1500)
    page.locator("#draft").wait_for()


def language_of_page(page: Page) -> str:
    return str(page.evaluate("document.documentElement.lang"))


ARABIC = "لم تصل شحنتي منذ ستة أيام، ولا أحد يرد على الهاتف! رقم الطلب LMB-4711."
LEILA = "ليلى حداد"
BAD = {
    "en": "Dear customer, we apologise for any inconvenience. We will get back to you as soon as possible.",
    "tr": "Sayın müşterimiz, yaşanan aksaklık için özür dileriz. En kısa sürede dönüş yapacağız.",
    "ru": "Уважаемый клиент, приносим извинения за неудобства. Мы свяжемся с вами в ближайшее время.",
}
BETTER = {
    "en": "Your parcel stood at our depot for three days; that is our fault. It leaves today by 17:00.",
    "tr": "Paketiniz üç gün depomuzda kaldı, bu bizim hatamız. Bugün 17:00’de yola çıkıyor.",
    "ru": "Посылка три дня пролежала на нашем складе, это наша ошибка. Сегодня до 17:00 она уедет.",
}
PICTURES = (
    Picture("empty", show_empty),
    Picture("list", show_full),
    Picture("versions", show_versions),
    Picture("approval", show_approval),
    Picture("error", show_error),
    Picture("phone", show_full, viewport=PHONE),
    Picture("dark", open_first, theme="dark"),
    Picture("right-to-left", show_right_to_left),
    Picture("draft", show_draft),
    Picture("conflict", show_conflict),
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
            take_all(browser, desk=desk, folder=folder, language=language)
        browser.close()
    size = sum(one.stat().st_size for one in folder.glob("*.webp"))
    if size > MOST_IN_ALL:
        sys.exit(
            f"the pictures have {size} bytes in all: more than the {MOST_IN_ALL} that may lie here"
        )


def take_all(browser: Browser, *, desk: RunningDesk, folder: Path, language: str) -> None:
    """Every picture in one language."""
    for picture in PICTURES:
        context = browser.new_context(viewport=picture.viewport, color_scheme=picture.theme)
        page = context.new_page()
        sign_in(page, desk=desk, language=language)
        picture.show(page, desk.address)
        page.wait_for_timeout(700)  # what slides in has arrived
        keep_small(browser, page.screenshot(), path=folder / f"{picture.name}-{language}.webp")
        context.close()


PACK = """async ([picture, quality]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const { width, height } = image;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


def keep_small(browser: Browser, picture: bytes, *, path: Path) -> None:
    """As WebP, which the browser itself writes, in the best quality in which it is small enough."""
    page, packed = browser.new_page(), b""
    for quality in QUALITIES:
        packed = b64decode(page.evaluate(PACK, [b64encode(picture).decode(), quality / 100]))
        if len(packed) <= MOST_BYTES:
            break
    page.close()
    path.write_bytes(packed)


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
