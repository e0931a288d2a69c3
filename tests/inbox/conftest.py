"""The practice network over real HTTP, and an account of the desk on it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from amends.accounts.models import Brand, User, Workspace
from amends.core.clock import ScriptedClock
from amends.inbox.connect import connect_account
from amends.inbox.models import ChannelAccount
from amends.sandbox.models import Person
from amends.sandbox.people import issue_token


@pytest.fixture
def clock() -> ScriptedClock:
    """The practice network lives by the real time, so the desk begins there."""
    return ScriptedClock(datetime.now(UTC))


@pytest.fixture
def network(live_server: object, settings: SimpleNamespace) -> str:
    """The address of the practice network, which the guard lets through."""
    address = str(live_server)
    settings.OUTBOUND_ALLOW = [urlsplit(address).netloc]
    return f"{address}/sandbox/api"


@pytest.fixture
def shop_token(transactional_db: None) -> str:
    shop = Person.objects.create(handle="lumbara", name="Lumbara", language="tr", is_brand=True)
    return issue_token(shop)


@pytest.fixture
def shop_account(
    network: str,
    shop_token: str,
    workspace: Workspace,
    brand: Brand,
    owner: User,
    clock: ScriptedClock,
) -> ChannelAccount:
    return connect_account(
        workspace,
        brand=brand,
        kind="sandbox",
        values={"base_url": network, "token": shop_token},
        by=owner,
        now=clock.now(),
    )


@pytest.fixture
def customer(transactional_db: None) -> Person:
    return Person.objects.create(handle="ayse", name="Ayşe K.", language="tr", followers=212)
