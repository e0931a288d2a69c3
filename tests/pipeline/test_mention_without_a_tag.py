"""A complaint that names the brand wrongly and calls nobody becomes a case that says by what it was found."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.test import Client

from amends.accounts.models import Brand, User, Workspace
from amends.cases.models import Case
from amends.core.clock import ScriptedClock
from amends.inbox.change_mentions import TermForm, change_mentions
from amends.inbox.connect import connect_account
from amends.inbox.models import ChannelAccount
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.sandbox.models import Person
from amends.sandbox.people import issue_token
from amends.sandbox.publish import PostDraft, publish_post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


@pytest.fixture
def clock() -> ScriptedClock:
    """The practice network lives by the real time, so the desk begins there."""
    return ScriptedClock(datetime.now(UTC))


@pytest.fixture
def account(
    live_server: object,
    workspace: Workspace,
    brand: Brand,
    owner: User,
    clock: ScriptedClock,
    settings: SimpleNamespace,
) -> ChannelAccount:
    """Our account on the network, and a watch for the name "Acme"."""
    shop = Person.objects.create(handle="acme", name="Acme", language="tr", is_brand=True)
    address = str(live_server)
    settings.OUTBOUND_ALLOW = [urlsplit(address).netloc]
    now = clock.now()
    forms = [TermForm(name="Acme")]
    change_mentions(brand, forms=forms, query="", seen_version=0, by=owner, now=now)
    values = {"base_url": f"{address}/sandbox/api", "token": issue_token(shop)}
    return connect_account(workspace, brand=brand, kind="sandbox", values=values, by=owner, now=now)


def test_an_untagged_complaint_becomes_a_case(
    account: ChannelAccount, agent: User, clock: ScriptedClock
) -> None:
    desk = Desk(clock=clock)  # with the engine that is shipped
    run_until_idle(desk)
    customer = Person.objects.create(handle="ayse", name="Ayşe K.", language="tr")
    publish_post(PostDraft(author=customer, text="Acmee kargo rezalet", lang="tr"), now=clock.now())
    ChannelAccount.objects.update(due_at=clock.now())
    run_until_idle(desk)
    case = Case.objects.get()
    assert case.comment.author.handle == "ayse"
    assert case.clock_started_at is not None
    client = Client()
    client.force_login(agent)
    page = client.get(f"/cases/C-{case.number}/").content.decode()
    assert "“Acmee” is read as Acme: 1 letter is wrong" in page
