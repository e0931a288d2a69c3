"""In a browser and past it: whatever an agent tries, a plain complaint stays where it was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from playwright.sync_api import Page, expect

from amends.accounts.models import User
from amends.accounts.public_brand import public_key
from amends.cases.models import Case
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.grant import ForgedGrant, MeasureGrant
from amends.inbox.channels import open_account
from amends.inbox.models import Comment, Version
from amends.measures.models import Measure
from amends.record.append_only import AppendOnlyError
from amends.record.models import ActionLog, Content
from amends.sandbox.models import Moderation, Post
from tests.journeys.axe import violations
from tests.journeys.people import sign_in
from tests.support.desk import ToldClassifier
from tests.support.street import Street

pytestmark = [
    pytest.mark.journey,
    pytest.mark.integration,
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("browser_beside_tables"),
    pytest.mark.django_db(transaction=True),
]
COMPLAINT = "My parcel has been missing for six days. The worst shop I know."
WORDS = "The worst shop I know"
ACTS = ("hide", "delete", "temporary_ban", "ban", "block", "report", "legal")


def test_an_agent_cannot_delete_criticism(
    street: Street,
    classifier: ToldClassifier,
    live_server: object,
    open_page: Callable[..., Page],
    axe_source: str,
    agent: User,
    lead: User,
) -> None:
    address = str(live_server)
    classifier.category, classifier.ground = "business_error", "none"
    post = street.write(COMPLAINT)
    case = street.case_of(post)
    page = open_page()
    sign_in(page, agent.email, address=address)

    tries_by_page(page, case, address=address)
    assert not violations(page, source=axe_source)
    tries_by_script(page, case)
    tries_alone_under_tier_a(page, case, street=street)
    tries_by_code(case, street=street)
    the_tries_are_seen(open_page(), case, lead=lead, address=address)

    street.let_pass(timedelta(days=2))
    stands = Post.objects.get(pk=post.pk)
    assert (stands.text, stands.hidden_by, stands.deleted_at) == (COMPLAINT, None, None)
    assert not Moderation.objects.exists()
    assert Version.objects.get(comment=case.comment_id).text == COMPLAINT


def tries_by_page(page: Page, case: Case, *, address: str) -> None:
    """The form says why not, offers no button to ask for it, and says what helps instead."""
    page.goto(f"{address}/cases/C-{case.number}/")
    page.locator("#confirm-triage").click()
    expect(page.locator("#begin-reply")).to_be_visible()
    page.locator("#measure-new > summary").click()
    page.locator("[name=clause][value=insult]").check()
    page.locator("#measures [name=kind][value=delete]").check()
    page.locator("#measure-words").fill(WORDS)
    page.locator("#measure-check").click()
    refusal = page.locator("#measures .message-error")
    expect(refusal).to_contain_text("The guard refuses:")
    expect(refusal).to_contain_text("the post stays")
    expect(page.locator("#measure-ask")).to_have_count(0)
    assert not Measure.objects.exists()


def tries_by_script(page: Page, case: Case) -> None:
    """Send what the button would send, with the agent's own session: refused with a reason, and logged."""
    for kind in ACTS:
        status = send(page, case, kind=kind, clause="insult")
        assert status == 422, f"{kind}: {status}"
    assert send(page, case, kind="hide", clause="criticism") == 422
    assert send(page, case, kind="hide", clause="insult", token="") == 403
    assert not Measure.objects.exists()
    refused = ActionLog.objects.filter(action="measure.refused", subject_id=case.public_id)
    assert [one.data["kind"] for one in refused.order_by("pk")] == [*ACTS, "hide"]
    assert all(one.data["codes"] for one in refused)


def tries_alone_under_tier_a(page: Page, case: Case, *, street: Street) -> None:
    """Calling it hate is asking a second person, never an act: nothing happens while nobody agrees."""
    assert send(page, case, kind="delete", clause="hate") == 200
    measure = Measure.objects.get()
    assert (measure.status, measure.is_confirmed_before) == ("waiting", True)
    # Not even for who changes the row by hand:
    Measure.objects.filter(pk=measure.pk).update(
        status="ready", next_step="act_measure", due_at=street.clock.now()
    )
    street.let_pass()
    measure.refresh_from_db()
    assert (measure.status, measure.error_code) == ("failed", "level_not_met")


def tries_by_code(case: Case, *, street: Street) -> None:
    """With the models in hand: rows refuse it, the database refuses it, and no grant can be made."""
    versions = Version.objects.filter(comment=case.comment_id)
    contents = Content.objects.filter(pk__in=versions.values("content"))
    for attempt in (
        versions.delete,
        lambda: versions.update(content=None),
        versions.get().delete,
        contents.delete,
        lambda: contents.update(text=""),
        Comment.objects.filter(pk=case.comment_id).delete,
    ):
        with pytest.raises((AppendOnlyError, DatabaseError)), transaction.atomic():
            attempt()
    for table in (Version._meta.db_table, Content._meta.db_table):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a table of ours
    with pytest.raises(ForgedGrant):
        MeasureGrant()
    channel = open_account(case.comment.account, clock=street.clock)
    for method in ("hide", "delete_others", "ban", "block", "report"):
        with pytest.raises(ChannelError, match="not issued by the guard"):
            getattr(channel, method)(object.__new__(MeasureGrant))


def the_tries_are_seen(page: Page, case: Case, *, lead: User, address: str) -> None:
    """Who leads reads who tried what; the public ledger counts that nothing was removed."""
    sign_in(page, lead.email, address=address)
    page.goto(f"{address}/log/")
    expect(page.locator("main")).to_contain_text("was refused a measure in")
    page.goto(f"{address}/transparency/{public_key(case.brand)}/")
    expect(page.locator(".zero-number")).to_have_text("0")


def send(page: Page, case: Case, *, kind: str, clause: str, token: str | None = None) -> int:
    """POST to the address of the form from inside the page, as a script with this session would."""
    status: int = page.evaluate(
        """async ([address, fields, token]) => {
            const known = document.querySelector("[name=csrfmiddlewaretoken]").value;
            const body = new URLSearchParams({...fields, csrfmiddlewaretoken: token ?? known});
            return (await fetch(address, {method: "POST", body})).status;
        }""",
        [
            f"/cases/C-{case.number}/measures/ask/",
            {
                "step": "ask",
                "kind": kind,
                "clause": clause,
                "words": WORDS,
                "until": "2099-01-01T12:00" if kind == "temporary_ban" else "",
                "skipped_because": "They annoy us.",
            },
            token,
        ],
    )
    return status
