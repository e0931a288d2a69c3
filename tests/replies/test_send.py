"""Sending: exactly once or visibly unknown, whatever the server does, on a real server that does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.cases.models import Case
from amends.core.clock import ScriptedClock
from amends.inbox.models import ChannelAccount, Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import STEPS
from amends.record.models import Evidence
from amends.replies import send as sending
from amends.replies.models import Delivery, Reply
from amends.work.claim import MAX_ATTEMPTS
from tests.servers.faults import Answer
from tests.support.desk import Colleagues
from tests.support.network import FORGETFUL, Network, garbage, half, live, log

pytestmark = pytest.mark.django_db
TEXT = "Paketiniz bugün çıkıyor. Elif"


@pytest.fixture
def account(account_there: ChannelAccount) -> ChannelAccount:
    """Comments come from the server that we can break."""
    return account_there


@pytest.fixture
def approved(make_case: Callable[..., Case], colleagues: Colleagues, network: Network) -> Delivery:
    """A reply that another person approved, ready to be sent."""
    return colleagues.approve(make_case(external_id="c-1", version_key="1"), TEXT)


def test_an_approved_reply_stands_on_the_channel_with_its_proof(
    approved: Delivery, network: Network, desk: Desk, clock: ScriptedClock
) -> None:
    delivery = live(desk, clock)
    assert (delivery.status, delivery.is_verified, delivery.sent_at) == ("sent", True, clock.now())
    assert network.replies == [(approved.idempotency_key, TEXT)]
    assert (Reply.objects.get().status, Case.objects.get().status) == ("sent", "answered")
    assert Case.objects.get().first_replied_at == clock.now()
    assert Evidence.objects.filter(subject_kind="reply").count() == 1
    assert len(log("reply.send")) == 1


@pytest.mark.parametrize("kind", ["sandbox", FORGETFUL])
@pytest.mark.parametrize("is_stored", [True, False], ids=["it-arrived", "it-did-not"])
@pytest.mark.parametrize(
    "trouble",
    [
        lambda: Answer(status=500),
        lambda: Answer(status=503, headers={"Retry-After": "20"}),
        garbage,
        half,
        lambda: Answer(fault="hang"),
        lambda: Answer(fault="cut"),
    ],
    ids=["500", "503", "garbage", "half-an-answer", "hangs", "cut"],
)
def test_after_trouble_the_reply_is_looked_up_and_never_stands_twice(
    approved: Delivery,
    network: Network,
    desk: Desk,
    clock: ScriptedClock,
    trouble: Callable[[], Answer],
    is_stored: bool,
    kind: str,
) -> None:
    ChannelAccount.objects.update(kind=kind)
    network.is_forgetful = kind == FORGETFUL
    network.broken, network.stores_when_broken = trouble, is_stored
    run_until_idle(desk)
    assert Delivery.objects.get().status == "unknown"  # unknown is not failed
    assert log("reply.unknown")
    network.broken = None
    delivery = live(desk, clock)
    if kind == FORGETFUL and not is_stored:
        assert (delivery.status, network.replies) == ("unknown", [])  # a person must decide
    else:
        assert (delivery.status, network.replies) == ("sent", [(approved.idempotency_key, TEXT)])
    assert not log("reply.fail")


def test_a_busy_channel_is_left_alone_for_as_long_as_it_asks(
    approved: Delivery, network: Network, desk: Desk, clock: ScriptedClock
) -> None:
    network.stores_when_broken = False
    network.broken = lambda: Answer(status=429, headers={"Retry-After": "90"})
    run_until_idle(desk)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.error_code) == ("ready", "rate_limited")
    assert delivery.due_at == clock.now() + timedelta(seconds=90)
    clock.advance(timedelta(seconds=89))
    run_until_idle(desk)
    assert network.writes() == 1
    network.broken = None
    assert live(desk, clock).status == "sent"
    assert len(network.replies) == 1


def test_a_channel_that_is_down_for_hours_gets_the_reply_when_it_is_back(
    approved: Delivery, network: Network, desk: Desk, clock: ScriptedClock
) -> None:
    network.reads = lambda: Answer(status=503)
    for _ in range(60):
        run_until_idle(desk)
        clock.advance(timedelta(minutes=5))
    assert Delivery.objects.get().status == "ready"
    network.reads = None
    assert live(desk, clock).status == "sent"


def test_a_busy_time_before_does_not_shorten_the_search_for_a_lost_reply(
    approved: Delivery, network: Network, desk: Desk, clock: ScriptedClock
) -> None:
    ChannelAccount.objects.update(kind=FORGETFUL)
    network.stores_when_broken = False
    network.broken = lambda: Answer(status=429, headers={"Retry-After": "5"})
    for _ in range(12):
        run_until_idle(desk)
        clock.advance(timedelta(seconds=5))
    network.stores_when_broken, network.broken = True, lambda: Answer(status=500)
    run_until_idle(desk)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.due_at is None) == ("unknown", False)
    network.broken = None
    assert live(desk, clock).status == "sent"


@pytest.mark.parametrize(
    ("status", "code"), [(400, "refused"), (401, "credentials"), (403, "refused"), (413, "refused")]
)
def test_a_refusal_for_good_is_failed_and_says_why(
    approved: Delivery, network: Network, desk: Desk, clock: ScriptedClock, status: int, code: str
) -> None:
    network.stores_when_broken, network.broken = False, lambda: Answer.of({}, status=status)
    delivery = live(desk, clock)
    assert (delivery.status, delivery.error_code, delivery.due_at) == ("failed", code, None)
    assert str(status) in delivery.last_error
    assert (network.writes(), len(log("reply.fail"))) == (1, 1)


def test_a_server_that_cannot_be_reached_loses_nothing(
    approved: Delivery, network: Network, desk: Desk, clock: ScriptedClock, settings: object
) -> None:
    port = network.server.port
    ChannelAccount.objects.update(settings={"base_url": "http://127.0.0.1:9/api"})
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{port}", "127.0.0.1:9"]  # type: ignore[attr-defined]
    run_until_idle(desk)
    assert Delivery.objects.get().status == "ready"
    ChannelAccount.objects.update(settings={"base_url": f"http://127.0.0.1:{port}/api"})
    assert live(desk, clock).status == "sent"


def test_a_worker_that_died_after_sending_is_followed_by_one_that_looks(
    approved: Delivery,
    network: Network,
    desk: Desk,
    clock: ScriptedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_mark_sent", die)
        with pytest.raises(KeyboardInterrupt):
            run_until_idle(desk)
    assert Delivery.objects.get().status == "sending"
    run_until_idle(desk)
    assert Delivery.objects.get().status == "sending"  # its lease still runs
    clock.advance(timedelta(minutes=1))
    assert live(desk, clock).status == "sent"
    assert (network.writes(), len(network.replies)) == (1, 1)


@pytest.mark.parametrize("kind", ["sandbox", FORGETFUL])
def test_a_worker_that_died_before_sending_loses_nothing(
    approved: Delivery, network: Network, desk: Desk, clock: ScriptedClock, kind: str
) -> None:
    ChannelAccount.objects.update(kind=kind)
    Delivery.objects.update(status="sending", lease_token="dead", leased_until=clock.now())
    delivery = live(desk, clock)
    assert delivery.status == ("sent" if kind == "sandbox" else "unknown")
    assert len(network.replies) == (1 if kind == "sandbox" else 0)


def test_a_delivery_that_kills_every_worker_ends_as_unknown(
    approved: Delivery, desk: Desk, clock: ScriptedClock
) -> None:
    Delivery.objects.update(status="sending", attempts=MAX_ATTEMPTS)
    run_until_idle(desk)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.due_at) == ("unknown", None)


# --- afterwards -------------------------------------------------------------------------------


def test_an_answer_that_vanished_is_noted_once(
    approved: Delivery, network: Network, desk: Desk, clock: ScriptedClock
) -> None:
    live(desk, clock)
    network.replies.clear()
    for _ in range(40):
        clock.advance(timedelta(hours=1))
        run_until_idle(desk)
    assert len(log("reply.vanish")) == 1


def test_an_answer_is_looked_at_again_for_a_week_through_an_outage_of_a_day(
    approved: Delivery, network: Network, desk: Desk, clock: ScriptedClock
) -> None:
    live(desk, clock)
    for hour in range(9 * 24):
        network.reads = (lambda: Answer(status=500)) if 24 <= hour < 48 else None
        clock.advance(timedelta(hours=1))
        run_until_idle(desk)
    delivery = Delivery.objects.get()
    assert (delivery.next_step, delivery.last_error) == ("", "")
    assert not log("reply.vanish")


def test_a_word_that_came_while_we_answered_wakes_the_case_when_the_answer_is_out(
    approved: Delivery, desk: Desk, clock: ScriptedClock, make_comment: Callable[..., Comment]
) -> None:
    make_comment(
        "Hâlâ yok!",
        external_id="c-2",
        thread_external_id="c-1",
        published_at=clock.now() + timedelta(minutes=1),
        at=clock.now() + timedelta(minutes=1),
    )
    clock.advance(timedelta(minutes=1))
    run_until_idle(desk, steps=[step for step in STEPS if step.name in {"classify", "decide"}])
    live(desk, clock)
    case = Case.objects.get()
    assert (case.status, case.reopened, case.comment.external_id) == ("new", 1, "c-2")
    assert case.first_replied_at is None
