"""What the people of a journey do with the pages, by the words and labels that they see."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

PASSWORD = "tulip-harbour-42"


@dataclass(frozen=True)
class Colleague:
    """Somebody who is invited."""

    name: str
    email: str
    role: str


def become_owner(page: Page, *, link: str, name: str = "Mira Solberg") -> None:
    """Use the one-time link that the desk printed."""
    page.goto(link)
    page.fill("[name=workspace]", "Lumen")
    page.fill("[name=brand]", "Lumen")
    page.fill("[name=name]", name)
    page.fill("[name=email]", "mira@lumen.example")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/inbox/**")
    skip_tour(page)


def sign_in(page: Page, email: str, *, address: str) -> None:
    """Sign in as somebody whom the tables know already, with the password of all of them."""
    page.goto(f"{address}/sign-in/")
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/inbox/**")
    skip_tour(page)


def invite(page: Page, colleague: Colleague, *, address: str) -> str:
    """Invite a colleague and read the link that is shown once."""
    page.goto(f"{address}/people/")
    form = page.locator("form[action$='/people/invite/']")
    form.locator("[name=email]").fill(colleague.email)
    form.locator("[name=role]").select_option(colleague.role)
    form.locator("button").click()
    return page.locator("#fresh-link").input_value()


def join(page: Page, colleague: Colleague, *, link: str) -> None:
    """Accept an invitation as somebody new."""
    page.goto(link)
    page.fill("[name=name]", colleague.name)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/inbox/**")
    skip_tour(page)


def skip_tour(page: Page) -> None:
    """Close the tour of the first visit, where it shows."""
    skip = page.get_by_role("button", name=re.compile("Skip the tour|Turu"))
    if skip.count():
        skip.first.click()
        expect(skip).to_have_count(0)


def connect(page: Page, kind: str, values: dict[str, str], *, address: str) -> None:
    """Fill in the form that the channel's manifest describes."""
    page.goto(f"{address}/channels/connect/{kind}/")
    for name, text in values.items():
        page.fill(f"[name={name}]", text)
    page.locator("main form button.button-primary").click()


def open_case_of(page: Page, words: str, *, within: float = 30.0) -> None:
    """Wait until a comment stands in the list, without reloading, and open it."""
    row = page.locator("a[href*='/cases/C-']", has_text=words).first
    row.wait_for(timeout=within * 1000)
    row.click()
    expect(page.locator(".words-subject")).to_contain_text(words)


def enter_promises(page: Page) -> None:
    """Make a promise of every sentence that the linter says is one; the desk knows the rest."""
    # The findings that stand there are of these words, no older ones.
    expect(page.locator("#lint[aria-busy=true]")).to_have_count(0)
    offered = page.locator("[data-promise]")
    for _ in range(offered.count()):
        before = page.locator(".promise").count()
        offered.first.click()
        if not page.locator("#promise-until").input_value():
            page.locator("#promise-until").fill("2099-01-01T16:00")
        page.locator("#make-promise").click()
        expect(page.locator(".promise")).to_have_count(before + 1)


def write_reply(page: Page, text: str) -> None:
    """Begin the reply, type it, and hand it over with Ctrl+Enter."""
    page.locator("#begin-reply").click()
    draft = page.locator("#draft")
    draft.wait_for()
    draft.fill(text)
    enter_promises(page)
    page.locator("#draft").press("Control+Enter")
    read_as_stranger(page, text)
    expect(page.locator(".approval")).to_contain_text(text)


def read_as_stranger(page: Page, text: str) -> None:
    """See the reply where everybody will see it, agree to all four statements, and hand it over."""
    stage = page.locator("#bystander .stage")
    expect(stage).to_contain_text(text)
    for tick in page.locator("[name=bystander]").all():
        tick.check()
    page.locator("#hand-over").click()
