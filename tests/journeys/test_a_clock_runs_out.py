"""A clock is breached and escalates: hours are set, nobody answers in time, agent and lead are told."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import violations
from tests.journeys.conftest import PHONE
from tests.journeys.desk import RunningDesk
from tests.journeys.people import Colleague, become_owner, connect, invite, join, open_case_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

CALL = "Ik wacht al drie weken op mijn geld, en niemand belt terug."
SANNE = Colleague("Sanne Vos", "sanne@lumen.example", "agent")
OLA = Colleague("Ola Lind", "ola@lumen.example", "lead")


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with RunningDesk() as running:
        yield running


def let_time_pass(desk: RunningDesk) -> None:
    """A journey cannot wait for hours: the first reply was due a minute ago, by the desk's own record."""
    with closing(sqlite3.connect(desk.folder / "amends.sqlite3", timeout=30)) as database:
        database.execute(
            "UPDATE cases_caseclock SET half_at = datetime('now', '-30 minutes'), "
            "most_at = datetime('now', '-12 minutes'), due_at = datetime('now', '-1 minutes') "
            "WHERE kind = 'first_reply'"
        )
        database.execute(
            "UPDATE cases_case SET first_reply_due_at = datetime('now', '-1 minutes'), "
            "due_at = datetime('now', '-1 minutes') WHERE next_step = 'watch_clock'"
        )
        database.commit()


def told_of_breach(desk: RunningDesk, *, within: float = 30.0) -> set[str]:
    """The addresses of those who were told, once somebody was."""
    until = time.monotonic() + within
    found: set[str] = set()
    while not found and time.monotonic() < until:
        with closing(sqlite3.connect(desk.folder / "amends.sqlite3", timeout=30)) as database:
            rows = database.execute(
                "SELECT email FROM accounts_user JOIN accounts_notification "
                "ON accounts_user.id = user_id WHERE kind = 'breach'"
            )
            found = {email for (email,) in rows}
        time.sleep(0.2)
    return found


def test_a_clock_is_breached_and_escalates(
    desk: RunningDesk, open_page: Callable[..., Page], axe_source: str
) -> None:
    mira, sanne, ola = open_page(), open_page(viewport=PHONE), open_page()
    become_owner(mira, link=desk.first_link)
    join(sanne, SANNE, link=invite(mira, SANNE, address=desk.address))
    join(ola, OLA, link=invite(mira, OLA, address=desk.address))

    # The lead says when the desk works, looks what it means, and saves.
    ola.get_by_role("link", name="Settings").click()
    ola.get_by_role("link", name="Business hours").click()
    ola.get_by_label("At these hours of the week").check()
    ola.locator("[name=time_zone]").select_option("Europe/Amsterdam")
    ola.get_by_role("button", name="Try first").click()
    expect(ola.locator("#preview")).to_contain_text("nothing is saved yet")
    expect(ola.locator("#preview")).to_contain_text(re.compile(r"Monday .* 09:30"))
    assert not violations(ola, source=axe_source)
    ola.get_by_role("button", name="Save").click()
    expect(ola.locator("#preview")).to_contain_text("What this means")
    ola.get_by_label("Around the clock: every hour counts").check()  # the test runs on any day
    ola.get_by_role("button", name="Save").click()
    expect(ola.locator("#preview")).to_contain_text("Around the clock")

    connect(mira, "manual", {}, address=desk.address)
    mira.goto(f"{desk.address}/contacts/note/")
    mira.locator("[name=kind]").select_option("phone")
    mira.fill("[name=author_name]", "Joke de Wit")
    mira.fill("[name=text]", CALL)
    mira.locator("main form button.button-primary").click()

    sanne.goto(f"{desk.address}/inbox/all/")
    open_case_of(sanne, "drie weken")
    sanne.locator("#take").click()
    expect(sanne.locator(".case-owner")).to_contain_text("This case is yours.")

    let_time_pass(desk)
    assert told_of_breach(desk) == {SANNE.email, OLA.email}

    ola.goto(f"{desk.address}/inbox/due_soon/")
    open_case_of(ola, "drie weken")
    expect(ola.locator(".clock-late").first).to_contain_text("late")
    assert not violations(ola, source=axe_source)
    ola.goto(f"{desk.address}/log/")
    expect(ola.locator("main")).to_contain_text("found a clock run out for")
    ola.goto(f"{desk.address}/departments/")
    assert not violations(ola, source=axe_source)
