"""A lead changes the playbook in the browser: a mistake with its line, a what-if, and the next comment."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import violations
from tests.journeys.desk import RunningDesk
from tests.journeys.people import Colleague, become_owner, connect, invite, join, open_case_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

FIRST = "Ik wacht al drie weken op mijn pakket en niemand belt terug."
SECOND = "De waterkoker lekt, en dit is al de tweede die ik krijg."
JONAS = Colleague("Jonas Verhaak", "jonas@lumen.example", "lead")
FASTER = (
    ("P2: {first_reply: 30m", "P2: {first_reply: 25m"),
    ("P3: {first_reply: 60m", "P3: {first_reply: 50m"),
    ("P4: {first_reply: 4h", "P4: {first_reply: 3h"),
)


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with RunningDesk() as running:
        yield running


def note_the_call(page: Page, words: str, *, address: str) -> None:
    page.goto(f"{address}/contacts/note/")
    page.locator("[name=kind]").select_option("phone")
    page.fill("[name=author_name]", "Joke de Wit")
    page.fill("[name=text]", words)
    page.locator("main form button.button-primary").click()


def playbook_of_case(page: Page, words: str, *, address: str) -> str:
    """What the case says that it was decided by."""
    page.goto(f"{address}/inbox/all/")
    open_case_of(page, words)
    page.locator("#why summary").first.click()
    return page.locator("#why").inner_text()


def test_a_lead_mends_tries_and_publishes_and_the_next_comment_goes_by_it(
    desk: RunningDesk, open_page: Callable[..., Page], axe_source: str
) -> None:
    mira, jonas = open_page(), open_page()
    become_owner(mira, link=desk.first_link)
    join(jonas, JONAS, link=invite(mira, JONAS, address=desk.address))
    connect(mira, "manual", {}, address=desk.address)
    note_the_call(mira, FIRST, address=desk.address)
    assert "version 100" not in playbook_of_case(jonas, FIRST, address=desk.address)

    jonas.goto(f"{desk.address}/playbook/")
    assert not violations(jonas, source=axe_source)
    jonas.get_by_role("link", name="Change it").click()
    editor = jonas.locator("#playbook-text")
    sound = changed(editor.input_value())
    wrong = sound.replace("P3: {first_reply: 50m", "P3: {first_reply: soon")
    line = wrong[: wrong.index("first_reply: soon")].count("\n") + 1
    editor.fill(wrong)
    jonas.locator("#check-playbook").click()
    mistake = jonas.locator(f"#problem-list [data-line='{line}']")
    expect(mistake).to_be_visible()
    mistake.click()
    assert "soon" in selected(jonas)
    assert not violations(jonas, source=axe_source)

    editor.fill(sound)
    jonas.locator("#save-playbook").click()
    expect(jonas.locator("#problems")).to_contain_text("No mistakes")

    jonas.get_by_role("link", name="What if?").click()
    jonas.locator("#start-what-if").click()
    result = jonas.locator("#what-if-result")
    expect(result).to_contain_text("1 of 1 case", timeout=30_000)
    expect(result).to_contain_text("C-1")
    assert not violations(jonas, source=axe_source)

    jonas.get_by_role("link", name="Compare and publish…").click()
    expect(jonas.locator(".changes ins").first).to_be_visible()
    jonas.get_by_text("Line by line").click()
    expect(jonas.locator(".line-added").first).to_be_visible()
    assert not violations(jonas, source=axe_source)
    jonas.fill("#note", "Everybody hears from us sooner.")
    jonas.locator("#publish-playbook").click()
    expect(jonas.locator("#notices")).to_contain_text("Version 1 is in force")
    expect(jonas.locator("main")).to_contain_text("Everybody hears from us sooner.")

    note_the_call(mira, SECOND, address=desk.address)
    assert "version 100" in playbook_of_case(jonas, SECOND, address=desk.address)
    assert "version 100" not in playbook_of_case(jonas, FIRST, address=desk.address)


def changed(text: str) -> str:
    """The shipped text with shorter clocks, under a version of its own."""
    lines = text.splitlines(keepends=True)
    place = next(at for at, line in enumerate(lines) if line.startswith("version:"))
    lines[place] = 'version: "100"\n'
    text = "".join(lines)
    for old, new in FASTER:
        assert old in text
        text = text.replace(old, new)
    return text


def selected(page: Page) -> str:
    """What is selected in the editor."""
    words: str = page.locator("#playbook-text").evaluate(
        "one => one.value.slice(one.selectionStart, one.selectionEnd)"
    )
    return words
