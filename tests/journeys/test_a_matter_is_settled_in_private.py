"""From a public complaint into private by the one-time link, on by e-mail over a real Dovecot, back to
the public with a closing note to which the customer agrees.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import violations
from tests.journeys.conftest import PHONE
from tests.journeys.desk import RunningDesk
from tests.journeys.people import (
    Colleague,
    become_owner,
    connect,
    enter_promises,
    invite,
    join,
    read_as_stranger,
)
from tests.servers.mail import MailServer

pytestmark = [pytest.mark.journey, pytest.mark.integration, pytest.mark.timeout(600)]

COMPLAINT = "My parcel came broken on Monday and your hotline hangs up on me!"
ANSWER = (
    "Hello Ayşe. Your parcel came broken on Monday, and then our hotline hung up on you. I am sorry, that "
    "was our mistake. Deniz"
)
IN_PRIVATE = "Order 4711, and my address has changed since."
BY_MAIL = "Hello Ayşe. I found order 4711, and a new parcel left for your new address today. Deniz"
THANKS = "Thank you, it is here."
BRAND, AYSE = "care@lumen.test", "ayse@ornek.test"
DENIZ = Colleague("Deniz Yalın", "deniz@lumen.example", "agent")


@pytest.fixture
def desk(mail_server: MailServer) -> Iterator[RunningDesk]:
    with RunningDesk(allow=",".join(mail_server.allowed)) as running:
        yield running


def test_a_matter_goes_into_private_by_form_and_mail_and_comes_back_as_a_closing_note(
    desk: RunningDesk,
    mail_server: MailServer,
    open_page: Callable[..., Page],
    axe_source: str,
) -> None:
    owner, deniz = open_page(), open_page()
    become_owner(owner, link=desk.first_link)
    join(deniz, DENIZ, link=invite(owner, DENIZ, address=desk.address))
    connect(owner, "manual", {}, address=desk.address)
    owner.wait_for_url("**/channels/")
    values = {name: text for name, text in mail_server.settings(BRAND).items() if text}
    connect(owner, "mail", values, address=desk.address)
    owner.wait_for_url("**/channels/")

    case = note_complaint(deniz, desk.address)
    deniz.locator("#confirm-triage").click()
    expect(deniz.locator("#begin-reply")).to_be_visible()
    deniz.locator("#begin-reply").click()
    deniz.locator("#draft").fill(ANSWER)
    deniz.locator("#to-private").click()
    expect(deniz.locator("#draft")).to_have_value(re.compile("/private/[a-z]+/"))
    text = deniz.locator("#draft").input_value()
    link = re.search(r"http://\S+/private/[a-z]+/", text)
    assert link
    hand_over(deniz, text)
    approve(owner, case)
    posted_by_hand(deniz, case)

    customer = open_page(viewport=PHONE)
    customer.goto(link[0])
    assert not violations(customer, source=axe_source)
    customer.goto(link[0])  # looking does not use it up
    customer.fill("[name=text]", IN_PRIVATE)
    customer.fill("[name=address]", AYSE)
    customer.locator("main form button").click()
    customer.wait_for_url("**/private/talk/**")
    expect(customer.locator("[role=status]")).to_contain_text("arrived")
    assert not violations(customer, source=axe_source)
    passer_by = open_page(viewport=PHONE)
    passer_by.goto(link[0])
    expect(passer_by.locator("h1")).to_contain_text("used already")
    expect(passer_by.locator("body")).not_to_contain_text("4711")

    deniz.goto(case)
    private = deniz.locator("#private")
    expect(private).to_contain_text(IN_PRIVATE)
    assert not violations(deniz, source=axe_source)
    private.get_by_role("button", name="Answer in private").click()
    deniz.locator("#draft").fill(BY_MAIL)
    hand_over(deniz, BY_MAIL, is_public=False)
    approve(owner, case)
    first = wait_for_mail(mail_server, AYSE)
    assert BY_MAIL in " ".join(first.get_content().split())
    mail_server.deliver(answer_to(first, THANKS), to=str(first["Reply-To"]))
    wait_until_shown(deniz, case, THANKS)

    close(deniz, case)
    expect(deniz.locator("[data-part=close] .message-error")).to_contain_text("in private")
    customer.reload()
    expect(customer.locator(".talk")).to_contain_text("order 4711")
    customer.locator("button[name=agree][value=yes]").click()
    deniz.goto(case)
    deniz.locator("[id^=closing-of-]").click()
    draft = deniz.locator("#draft")
    expect(draft).to_have_value(re.compile(re.escape("[…]")))
    told = "Your parcel that came broken: a new one arrived, and this is solved in private. {}"
    note = told.format("Ayşe agrees that we say so here. Deniz")
    draft.fill(note)
    hand_over(deniz, note)
    approve(owner, case)
    posted_by_hand(deniz, case)
    deniz.goto(case)
    expect(deniz.locator("#closing-note")).to_contain_text("The public was told how it ended.")
    close(deniz, case)
    expect(deniz.locator("#reopen")).to_be_visible()


def note_complaint(page: Page, address: str) -> str:
    """Bring the complaint in, and open its case; returns its address."""
    page.goto(f"{address}/contacts/note/")
    page.locator("[name=kind]").select_option("post")
    page.fill("[name=url]", "https://forum.example/7")
    page.fill("[name=text]", COMPLAINT)
    page.fill("[name=author_name]", "Ayşe K.")
    page.locator("main form button.button-primary").click()
    page.goto(f"{address}/inbox/unassigned/")
    row = page.locator("a[href*='/cases/C-']", has_text="My parcel came broken").first
    row.wait_for(timeout=30_000)
    row.click()
    expect(page.locator(".words-subject")).to_contain_text("My parcel came broken")
    return page.url


def hand_over(page: Page, text: str, *, is_public: bool = True) -> None:
    """Ask for approval; what the linter stops is overridden with a reason, which is not the matter here."""
    with page.expect_response(lambda answer: answer.url.endswith("/reply/save/")):
        page.locator("#save").click()
    expect(page.locator("#case [data-said]")).to_contain_text("Saved.")
    enter_promises(page)
    fold = page.locator("details:has([name=override]) > summary")
    if fold.count() and fold.first.is_visible():
        fold.first.click()
        page.locator("[name=override]").first.fill("It is said as it is.")
    page.locator("#ask").click()
    if is_public:
        read_as_stranger(page, text.split("http", 1)[0].strip()[:60])
    expect(page.locator(".approval")).to_be_visible()


def approve(page: Page, case: str) -> None:
    page.goto(case)
    page.locator("#approve").click()
    expect(page.locator("#approve")).to_have_count(0)


def posted_by_hand(page: Page, case: str) -> None:
    page.goto(case)
    page.locator("#posted").click()
    expect(page.locator("#posted")).to_have_count(0)


def close(page: Page, case: str) -> None:
    page.goto(case)
    page.wait_for_load_state("networkidle")  # a reason that was kept opens the fold by itself
    if not page.locator("#close[open]").count():
        page.locator("#close > summary").click()
    page.locator("#close [name=disposition][value=resolved]").check()
    page.fill("#close-reason", "A new parcel arrived")
    page.locator("#close-case").click()
    page.wait_for_load_state("networkidle")


def wait_for_mail(server: MailServer, address: str, *, seconds: float = 40) -> EmailMessage:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = server.mails_of(address)
        if found:
            return found[-1]
        time.sleep(0.5)
    raise AssertionError(f"no mail for {address}")


def answer_to(mail: EmailMessage, text: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = AYSE, str(mail["Reply-To"])
    made["Subject"], made["Message-ID"] = str(mail["Subject"]), "<thanks@ornek.test>"
    made["In-Reply-To"] = str(mail["Message-ID"])
    made["References"] = str(mail["Message-ID"])
    made.set_content(f"{text}\n\n> {BY_MAIL}\n")
    return made


def wait_until_shown(page: Page, case: str, words: str, *, seconds: float = 90) -> None:
    """The mailbox is asked every half minute."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        page.goto(case)
        if page.locator("#private", has_text=words).count():
            return
        time.sleep(2)
    raise AssertionError(f"{words!r} did not arrive")
