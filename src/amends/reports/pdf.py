"""Turns a page into a PDF with the Chromium of the machine; kept by content, made one at a time."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_KEPT = 100
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TIMEOUT_MS = 30_000


class PdfUnavailable(Exception):
    """There is no browser to make it with; the message says how to get one."""


class PdfBusy(Exception):
    """Another PDF is being made; ask again in a moment."""


def pdf_of(html: str, *, folder: Path) -> bytes:
    """Return the PDF of a page that needs nothing from elsewhere; the same page is made once."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(html.encode()).hexdigest()}.pdf"
    if path.exists():
        return path.read_bytes()
    browser = find_browser()
    with _alone(folder):
        content = _print(html, browser=browser)
        half = path.with_suffix(".part")
        half.write_bytes(content)
        half.replace(path)
        _forget_old(folder)
    return content


def find_browser() -> str:
    """The path of a Chromium; raises PdfUnavailable with what to install."""
    try:
        import playwright.sync_api  # noqa: F401 - only who wants PDF needs it
    except ImportError:
        raise PdfUnavailable(
            "A PDF needs Playwright: install it with `pip install 'amends[pdf]'`, "
            "or print the page from your browser."
        ) from None
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    raise PdfUnavailable(
        "A PDF needs Chromium: on Debian or Ubuntu `apt install chromium`, "
        "or print the page from your browser."
    )


def _print(html: str, *, browser: str) -> bytes:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, timeout=TIMEOUT_MS)
        try:
            page = chromium.new_context(java_script_enabled=False, offline=True).new_page()
            page.set_content(html, timeout=TIMEOUT_MS)
            return page.pdf(format="A4", print_background=True, prefer_css_page_size=True)
        finally:
            chromium.close()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One browser at a time, over all processes: a public address must not start dozens."""
    with (folder / "lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PdfBusy from None
        yield


def _forget_old(folder: Path) -> None:
    kept = sorted(folder.glob("*.pdf"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST_KEPT:]:
        path.unlink(missing_ok=True)
