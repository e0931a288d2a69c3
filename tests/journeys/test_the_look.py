"""What people see while they wait, when something fails, and that nothing moves under their hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.axe import violations
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.desk import RunningDesk
from tests.journeys.people import PASSWORD, become_owner, connect

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

MOST_SHIFT = 0.02  # of layout, as browsers count it
MAIN_PAGES = (
    "inbox/all/", "cases/C-1/", "settings/", "settings/templates/", "channels/", "mentions/", "brand/",
    "policy/", "playbook/", "authority/", "notifications/", "people/", "profile/", "contacts/note/",
    "inbox/all/?q=geld", "measures/", "contacts/", "contacts/add/", "departments/", "hours/", "import/",
    "log/", "endings/", "retention/", "engine/", "settings/tokens/", "settings/labels/", "settings/macros/",
    "settings/routing/", "settings/webhooks/", "notifications/ways/",
)  # fmt: skip
WATCH_SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({ type: 'layout-shift', buffered: true });"""


@pytest.fixture(scope="module")
def desk() -> Iterator[RunningDesk]:
    with RunningDesk() as running:
        yield running


@pytest.fixture
def enter(desk: RunningDesk, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """The owner at a screen of some size; the first one sets the desk up with one case."""

    def sign_in(viewport: dict[str, int] = DESKTOP) -> Page:
        page = open_page(viewport=viewport)
        page.add_init_script(WATCH_SHIFTS)
        if desk.first_link:
            become_owner(page, link=desk.first_link)
            connect(page, "manual", {}, address=desk.address)
            desk.first_link = ""
            note_call(page, "Ik wacht al drie weken op mijn geld.", address=desk.address)
        else:
            page.goto(f"{desk.address}/sign-in/")
            page.fill("[name=login]", "mira@lumen.example")
            page.fill("[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url("**/inbox/**")
        page.goto(f"{desk.address}/inbox/all/")
        page.locator("a[href*='/cases/C-1/']").wait_for(timeout=60_000)
        return page

    return sign_in


def note_call(page: Page, words: str, *, address: str) -> None:
    page.goto(f"{address}/contacts/note/")
    page.locator("[name=kind]").select_option("phone")
    page.fill("[name=author_name]", "Joke de Wit")
    page.fill("[name=text]", words)
    page.locator("main form button.button-primary").click()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_moves_when_a_case_arrives_and_when_one_opens(
    desk: RunningDesk,
    enter: Callable[..., Page],
    open_page: Callable[..., Page],
    viewport: dict[str, int],
) -> None:
    page, other = enter(viewport), enter()
    page.goto(f"{desk.address}/inbox/all/")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.shifted") < MOST_SHIFT, "while the page was opened"
    rows = page.locator("#rows .case-row")
    before = rows.count()
    note_call(other, f"Nog een klacht, nummer {before}.", address=desk.address)
    expect(rows.or_(page.locator("#arrived:not([hidden])"))).not_to_have_count(
        before, timeout=60_000
    )
    page.wait_for_timeout(500)
    assert page.evaluate("window.shifted") < MOST_SHIFT, "while a case arrived"
    page.locator("a[href*='/cases/C-1/']").click()
    page.locator(".words-subject").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("window.shifted") < MOST_SHIFT, "while a case was opened"


def answer_with(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body="<h1>no</h1>", content_type="text/html")


@pytest.mark.parametrize(
    ("status", "says"),
    [(0, "cannot be reached"), (500, "broke on our side"), (404, "not there any more"),
     (403, "may not do this"), (429, "too often")],
)  # fmt: skip
def test_what_fails_is_said_beside_it_and_can_be_tried_again(
    desk: RunningDesk, enter: Callable[..., Page], status: int, says: str
) -> None:
    page = enter()
    page.locator("a[href*='/cases/C-1/']").click()
    page.locator("#note").fill("Zij belde opnieuw")
    address = "**/cases/C-1/note/"
    page.route(address, answer_with(status) if status else lambda route: route.abort())
    page.locator("#add-note").click()
    trouble = page.locator("[data-trouble]")
    expect(trouble).to_contain_text(says)
    expect(page.locator("#note")).to_have_value("Zij belde opnieuw")
    expect(page.locator("#add-note")).to_be_focused()
    page.unroute(address)
    if status == 404:
        expect(trouble.get_by_role("button", name="Try again")).to_be_hidden()
        return
    notes = page.locator(".note")
    before = notes.count()
    trouble.get_by_role("button", name="Try again").click()
    expect(notes).to_have_count(before + 1)
    expect(trouble).to_have_count(0)


def test_waiting_is_shown_where_the_case_will_stand(
    desk: RunningDesk, enter: Callable[..., Page]
) -> None:
    page = enter()
    waiting: list[Route] = []
    page.route("**/cases/C-1/?*", lambda route: waiting.append(route))
    page.locator("a[href*='/cases/C-1/']").click()
    expect(page.locator("#case")).to_have_attribute("aria-busy", "true")
    waiting[0].continue_()
    page.locator(".words-subject").wait_for()
    expect(page.locator("#case")).not_to_have_attribute("aria-busy", "true")


def test_no_key_of_the_sheet_changes_anything_by_itself(
    desk: RunningDesk, enter: Callable[..., Page]
) -> None:
    page = enter()
    keys = page.locator("#keys [data-keys]").evaluate_all("all => all.map(one => one.dataset.keys)")
    assert len(keys) > 15
    posted: list[str] = []
    page.on("request", lambda one: posted.append(one.url) if one.method == "POST" else None)
    for key in keys:
        page.goto(f"{desk.address}/cases/C-1/")
        page.locator(".words-subject").wait_for()
        for one in key.split(" "):
            page.keyboard.press(one)
        page.wait_for_timeout(150)
    own = [one for one in posted if not one.endswith("/kept/")]
    assert not own, "a single key posted something"
    page.goto(f"{desk.address}/inbox/all/")
    page.locator("#rows .case-row a").first.wait_for()
    page.evaluate(  # the key where "j" is, on a Russian keyboard
        """() => document.body.dispatchEvent(new KeyboardEvent('keydown',
        { key: 'о', code: 'KeyJ', bubbles: true }))"""
    )
    expect(page.locator("#rows .case-row a").first).to_be_focused()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_main_pages_have_no_barrier_light_and_dark(
    desk: RunningDesk, enter: Callable[..., Page], axe_source: str, viewport: dict[str, int]
) -> None:
    page = enter(viewport)
    for place in MAIN_PAGES:
        page.goto(f"{desk.address}/{place}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = violations(page, source=axe_source)
            assert not found, f"{place} {scheme}: {found}"
        wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        assert wide <= 1, f"{place} scrolls sideways by {wide} px"
