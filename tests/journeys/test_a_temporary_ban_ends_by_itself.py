"""In a browser, beside the practice network: a ban for a time ends by itself, and everybody can see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from amends.accounts.models import User
from amends.accounts.public_brand import public_key
from amends.cases.models import Case
from amends.inbox.models import Comment
from amends.measures.models import Measure
from amends.record.models import ActionLog
from amends.sandbox.errors import RefusedError
from amends.sandbox.models import Moderation
from tests.journeys.axe import violations
from tests.journeys.people import sign_in
from tests.support.street import Street

pytestmark = [
    pytest.mark.journey,
    pytest.mark.integration,
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("browser_beside_tables"),
    pytest.mark.django_db(transaction=True),
]
HATE = "You filthy idiots from nowhere should all go back home."
APOLOGY = "I was rude last week. Where can I buy the green mug?"


def test_a_temporary_ban_ends_by_itself(
    street: Street,
    live_server: object,
    open_page: Callable[..., Page],
    axe_source: str,
    agent: User,
    lead: User,
) -> None:
    address = str(live_server)
    post = street.write(HATE)
    case = street.case_of(post)
    elif_, jonas = open_page(), open_page()
    sign_in(elif_, agent.email, address=address)
    sign_in(jonas, lead.email, address=address)

    until = street.clock.now() + timedelta(days=3)
    ask_for_a_ban(elif_, case, until=until, address=address)
    assert not violations(elif_, source=axe_source)
    street.let_pass()
    assert not Moderation.objects.exists(), "a ban waits for a second person"
    jonas.goto(f"{address}/measures/")
    jonas.locator(".measure [name=answer][value=yes]").first.click()
    jonas.wait_for_url("**/cases/**")
    street.let_pass()

    with pytest.raises(RefusedError, match="banned you from its threads until"):
        street.write("And another thing!")
    jonas.goto(f"{address}/measures/")
    running = jonas.locator("section", has=jonas.locator("#bans"))
    expect(running).to_contain_text("Rudi K.")
    assert not violations(jonas, source=axe_source)

    street.let_pass(timedelta(days=2, hours=23))
    assert Measure.objects.get().status == "done", "it does not end early"
    street.let_pass(timedelta(hours=2))
    assert Moderation.objects.get().lifted_at is not None
    answer = street.write(APOLOGY)
    street.let_pass()
    assert Comment.objects.filter(external_id=answer.pk).exists()

    jonas.reload()
    expect(running).to_contain_text("Nobody is banned or blocked.")
    elif_.goto(f"{address}/cases/C-{case.number}/")
    ban = elif_.locator("#measures .measure").first
    expect(ban).to_contain_text("Ban for a time")
    expect(ban).to_contain_text(Measure.objects.get().get_undone_because_display())
    the_end_is_in_the_record(jonas, case, address=address)


def ask_for_a_ban(page: Page, case: Case, *, until: datetime, address: str) -> None:
    """Fill in the form as an agent does: clause, words, until when, and why not less."""
    page.goto(f"{address}/cases/C-{case.number}/")
    page.locator("#confirm-triage").click()
    expect(page.locator("#begin-reply")).to_be_visible()
    page.locator("#measure-new > summary").click()
    page.locator("[name=clause][value=hate]").check()
    page.locator("#measures [name=kind][value=temporary_ban]").check()
    page.locator("#measure-words").fill("filthy idiots from nowhere")
    page.locator("#measure-until").fill(f"{until:%Y-%m-%dT%H:%M}")
    page.locator("#measure-skip").fill("The same words stand in four threads.")
    page.locator("#measure-check").click()
    expect(page.locator("#measures")).to_contain_text("a second person")
    page.locator("#measure-ask").click()
    expect(page.locator("#measures .measure")).to_contain_text("Waits for a second person.")


def the_end_is_in_the_record(page: Page, case: Case, *, address: str) -> None:
    """The log says that the clock ended it, and nobody; the public ledger counts the ban."""
    ended = ActionLog.objects.get(action="measure.undo", subject_id=case.public_id)
    assert ended.data["because"] == "expired"
    page.goto(f"{address}/log/")
    expect(page.locator("main")).to_contain_text("undid a measure in")
    page.goto(f"{address}/transparency/{public_key(case.brand)}/")
    expect(page.locator("main")).to_contain_text("Bans for a time")
