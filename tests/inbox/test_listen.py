"""Listening: no trouble of a server loses an event or ends the listening, and what is permanent is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from amends.accounts.models import User
from amends.core.clock import ScriptedClock
from amends.inbox.change_mentions import TermForm, change_mentions
from amends.inbox.connect import pause_account
from amends.inbox.models import Author, ChannelAccount, Comment, RawEvent
from amends.inbox.search import AFTER_TROUBLE
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import STEPS
from amends.record.models import ActionLog
from tests.servers.faults import Answer
from tests.support.network import Network, garbage, open_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(now: datetime) -> ScriptedClock:
    return ScriptedClock(now)


@pytest.fixture
def network(
    now: datetime, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Network]:
    with open_network(now, settings=settings, monkeypatch=monkeypatch) as made:
        yield made


@pytest.fixture
def account(account_there: ChannelAccount, now: datetime) -> ChannelAccount:
    ChannelAccount.objects.update(next_step="listen", due_at=now)
    return account_there


@pytest.fixture
def let_pass(desk: Desk, clock: ScriptedClock, account: ChannelAccount) -> Callable[..., None]:
    """Let the time go by in steps, and the desk do what is due."""

    def run(minutes: float = 1, *, step: float = 0.25) -> None:
        for _ in range(round(minutes / step)):
            run_until_idle(desk)
            clock.advance(timedelta(minutes=step))

    return run


def heard() -> int:
    """How many comments were said to us; the thread that is fetched around them does not count."""
    return Comment.objects.filter(is_context=False).count()


def test_what_is_told_is_kept_with_the_cursor_that_stands_behind_it(
    network: Network, let_pass: Callable[..., None]
) -> None:
    network.events = 3
    let_pass()
    assert (heard(), ChannelAccount.objects.get().cursor) == (3, "3")
    network.events = 5
    let_pass()
    assert heard() == 5
    assert RawEvent.objects.filter(next_step="").count() == RawEvent.objects.count()


@pytest.mark.parametrize(
    "trouble",
    [
        lambda: Answer(status=500),
        lambda: Answer(status=503, headers={"Retry-After": "30"}),
        garbage,
        lambda: Answer(body=b"[]"),
        lambda: Answer.of({"events": [{"type": "created", "post_id": "e", "post": {}}]}),
        lambda: Answer(fault="cut"),
    ],
    ids=["500", "503", "garbage", "not-an-object", "half-an-event", "cut"],
)
def test_after_hours_of_trouble_nothing_is_lost_and_the_listening_goes_on(
    network: Network, let_pass: Callable[..., None], trouble: Callable[[], Answer]
) -> None:
    network.events = 2
    let_pass()
    network.events, network.reads = 6, trouble
    let_pass(180, step=5)
    account = ChannelAccount.objects.get()
    assert (account.status, account.cursor) == ("active", "2")
    assert account.error_code
    assert account.last_error
    network.reads = None
    let_pass(5)
    account = ChannelAccount.objects.get()
    assert (account.cursor, account.error_code, account.last_error) == ("6", "", "")
    assert heard() == 6


def test_a_server_that_hangs_keeps_nobody_waiting_for_long(
    network: Network, let_pass: Callable[..., None]
) -> None:
    network.events, network.reads = 1, lambda: Answer(fault="hang")
    let_pass(0.25)
    assert "in time" in ChannelAccount.objects.get().last_error
    network.reads = None
    let_pass()
    assert heard() == 1


def test_a_busy_channel_is_asked_again_when_it_said(
    network: Network, let_pass: Callable[..., None], now: datetime
) -> None:
    network.reads = lambda: Answer(status=429, headers={"Retry-After": "120"})
    let_pass(2)
    assert len(network.server.requests) == 1
    assert ChannelAccount.objects.get().due_at == now + timedelta(seconds=120)


def test_refused_credentials_end_the_listening_and_are_said_once(
    network: Network, let_pass: Callable[..., None]
) -> None:
    network.reads = lambda: Answer(status=401)
    let_pass(30, step=1)
    account = ChannelAccount.objects.get()
    assert (account.status, account.error_code, account.due_at) == ("failed", "credentials", None)
    assert "Enter them again" in account.last_error
    assert len(network.server.requests) == 1
    assert ActionLog.objects.filter(action="channel.fail").count() == 1


def test_a_paused_account_is_not_asked(
    network: Network, let_pass: Callable[..., None], lead: User, clock: ScriptedClock
) -> None:
    pause_account(ChannelAccount.objects.get(), by=lead, now=clock.now())
    let_pass(10, step=1)
    assert network.server.requests == []


def test_the_author_is_described_once_more_where_the_event_did_not_count_followers(
    network: Network, let_pass: Callable[..., None]
) -> None:
    network.events = 1
    let_pass(0.25)
    assert Author.objects.get().followers == 3


def test_what_was_fetched_around_a_comment_asks_nobody(
    network: Network, let_pass: Callable[..., None]
) -> None:
    network.events = 1
    let_pass()
    around = Comment.objects.get(external_id="c-1")  # the thread that the server shows
    assert around.is_context
    assert not hasattr(around, "case_item")


def test_trouble_with_the_context_does_not_keep_the_comment_from_people(
    network: Network, let_pass: Callable[..., None], desk: Desk
) -> None:
    network.events = 1
    run_until_idle(desk, steps=[step for step in STEPS if step.name in {"listen", "capture"}])
    network.reads = lambda: Answer(status=500)
    let_pass(60, step=5)
    comment = Comment.objects.get()
    assert comment.case_item.case.status == "new"
    network.reads = None
    let_pass(5)
    assert not comment.versions.exclude(next_step="").exists()


def test_trouble_with_the_search_costs_nothing_of_what_was_said_to_us(
    network: Network, account: ChannelAccount, owner: User, desk: Desk, now: datetime
) -> None:
    """This server knows no timeline: it answers there with something that cannot be read."""
    forms = [TermForm(name="Acme")]
    change_mentions(account.brand, forms=forms, query="", seen_version=0, by=owner, now=now)
    network.events = 3
    run_until_idle(desk)
    account.refresh_from_db()
    assert heard() == 3
    assert (account.status, account.error_code) == ("active", "bad_answer")
    assert account.due_at == now + AFTER_TROUBLE
