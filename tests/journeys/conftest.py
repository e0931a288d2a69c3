"""The browser of the journeys: the system's Chromium, with a page for each person."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from amends.cli.doctor import find_browser
from tests.servers.programs import TESTNET

AXE = TESTNET / "browser" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
expect.set_options(timeout=15_000)  # a busy machine is no wrong answer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        missing = "not run: no system browser (apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    arguments = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's own sandbox refuses root
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def browser_beside_tables() -> Iterator[None]:
    """Playwright's loop turns here while the test reads the tables; nothing of the desk runs in it.

    It holds for the module, so that it outlives the emptying of the tables.
    """
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    yield
    patch.undo()


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own (another person, another device)."""
    contexts: list[BrowserContext] = []

    def open_one(*, locale: str = "en-GB", viewport: dict[str, int] | None = None) -> Page:
        context = browser.new_context(locale=locale, viewport=viewport or DESKTOP)
        context.set_default_timeout(15_000)
        if "browser_beside_tables" in request.fixturenames:
            # Tables in memory are locked whole: a page that asks by itself would be in the way of the desk.
            context.route("**/inbox/pulse/**", lambda route: route.abort())
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    if not AXE.exists():
        missing = "not run: axe-core is not installed (python tests/servers/install.py)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    return Path(AXE).read_text()
