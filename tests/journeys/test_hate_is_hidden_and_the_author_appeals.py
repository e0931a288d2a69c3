"""In a browser, beside the practice network: hate is hidden, its author is told, objects, and is heard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from amends.accounts.models import User
from amends.measures.models import Measure
from amends.sandbox.models import Post
from tests.journeys.axe import violations
from tests.journeys.people import read_as_stranger, sign_in
from tests.support.street import Street

pytestmark = [
    pytest.mark.journey,
    pytest.mark.integration,
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("browser_beside_tables"),
    pytest.mark.django_db(transaction=True),
]
HATE = "You filthy idiots from nowhere should all go back home."


def test_hate_is_hidden_its_author_told_and_another_person_reverses_it(
    street: Street,
    live_server: object,
    open_page: Callable[..., Page],
    axe_source: str,
    agent: User,
    other_agent: User,
    lead: User,
) -> None:
    address = str(live_server)
    post = street.write(HATE)
    case = street.case_of(post)
    elif_, dewi, jonas, author = open_page(), open_page(), open_page(), open_page()

    sign_in(elif_, agent.email, address=address)
    elif_.goto(f"{address}/cases/C-{case.number}/")
    elif_.locator("#confirm-triage").click()
    expect(elif_.locator("#begin-reply")).to_be_visible()
    elif_.locator("#measure-new > summary").click()
    elif_.locator("[name=clause][value=hate]").check()
    elif_.locator("#measures [name=kind][value=hide]").check()
    elif_.locator("#measure-words").fill("Filthy idiots")  # not to the letter
    elif_.locator("#measure-check").click()
    expect(elif_.locator("#measures [role=alert]")).to_contain_text("to the letter")
    elif_.locator("#measure-words").fill("filthy idiots from nowhere")
    elif_.locator("#measure-check").click()
    expect(elif_.locator("#measures")).to_contain_text("looked at within 24 hours")
    assert not violations(elif_, source=axe_source)
    elif_.locator("#measure-ask").click()
    expect(elif_.locator("#measures .measure")).to_contain_text("Hide the comment")
    street.let_pass()
    assert Post.objects.get(pk=post.pk).hidden_by == street.shop

    elif_.goto(f"{address}/cases/C-{case.number}/")
    elif_.locator("#draft").press("Control+Enter")
    read_as_stranger(elif_, "We have hidden your comment")
    expect(elif_.locator(".approval")).to_contain_text("We have hidden your comment")
    sign_in(dewi, other_agent.email, address=address)
    dewi.goto(f"{address}/measures/")
    dewi.locator(".measure [name=answer][value=yes]").first.click()
    dewi.wait_for_url("**/cases/**")
    dewi.locator("#approve").click()
    expect(dewi.locator(".delivery, .sent").first).to_be_visible()
    street.let_pass()
    told = Post.objects.get(parent=post)
    link = re.search(r"http\S+/appeal/\S+/", told.text)
    assert link is not None

    author.goto(link.group())
    expect(author.locator("main")).to_contain_text("A person, not a program.")
    assert not violations(author, source=axe_source)
    author.locator("#appeal-text").fill("I was quoting a song. I am sorry.")
    author.locator("main form button").first.click()
    expect(author.locator("main")).to_contain_text("has arrived")

    sign_in(jonas, lead.email, address=address)
    jonas.goto(f"{address}/measures/")
    expect(jonas.locator("main")).to_contain_text("I was quoting a song")
    assert not violations(jonas, source=axe_source)
    jonas.locator("textarea[name=answer]").fill("You are right, it is a line of a song.")
    jonas.locator("[name=outcome][value=upheld]").click()
    expect(jonas.locator(".message").first).to_contain_text("Upheld")
    street.let_pass(timedelta(seconds=5))

    assert Post.objects.get(pk=post.pk).hidden_by is None
    assert Measure.objects.get().undone_because == "appeal"
    author.reload()
    expect(author.locator("main")).to_contain_text("it is a line of a song")
