"""Sending: exactly once or visibly unknown, whatever the server does, on a real server that does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import Membership, User
from amends.cases.models import Case, Hold
from amends.core.clock import ScriptedClock
from amends.inbox.connect import pause_account
from amends.inbox.models import ChannelAccount, Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import STEPS
from amends.record.models import ActionLog, Evidence
from amends.replies import send as sending
from amends.replies.approve import approve_reply, ask_for_approval, reply_digest
from amends.replies.draft import pin_to_latest, save_draft
from amends.replies.models import Delivery, Reply
from amends.work.claim import MAX_ATTEMPTS
from tests.servers.faults import Answer
from tests.support.desk import Colleagues
from tests.support.network import FORGETFUL, Network, garbage, half

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


def live(desk: Desk, clock: ScriptedClock, *, minutes: int = 30) -> Delivery:
    """Let the desk run until nothing more happens to the delivery."""
    for _ in range(minutes * 6):
        run_until_idle(desk)
        delivery = Delivery.objects.get()
        if delivery.status in {"sent", "failed"} or delivery.due_at is None:
            break
        clock.advance(timedelta(seconds=10))
    return delivery


def log(action: str) -> list[dict[str, object]]:
    return list(ActionLog.objects.filter(action=action).values_list("data", flat=True))


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


# --- what stands against it -------------------------------------------------------------------


def frozen(desk: Desk, network: Network) -> str:
    """Run, and say why nothing was sent."""
    run_until_idle(desk)
    assert network.writes() == 0
    assert Reply.objects.get().status == "frozen"
    assert Case.objects.get().status == "drafting"
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.next_step) == ("ready", "")
    (entry,) = log("reply.freeze")
    return str(entry["why"])


@pytest.mark.parametrize("change", [{"revision": 2}, {"is_gone": True}], ids=["edited", "deleted"])
def test_the_comment_is_looked_at_right_before_and_a_change_freezes_the_answer(
    approved: Delivery, network: Network, desk: Desk, change: dict[str, object]
) -> None:
    for name, value in change.items():
        setattr(network, name, value)
    assert frozen(desk, network) == "comment_changed"
    assert Comment.objects.get().versions.count() == 2  # and it was captured in passing


def test_an_approver_who_left_approves_nothing_any_more(
    approved: Delivery, network: Network, desk: Desk, colleagues: Colleagues
) -> None:
    Membership.objects.filter(user=colleagues.approver).update(is_active=False)
    assert frozen(desk, network) == "approver_left"


def test_an_approver_who_became_a_viewer_approves_nothing_any_more(
    approved: Delivery, network: Network, desk: Desk, colleagues: Colleagues
) -> None:
    Membership.objects.filter(user=colleagues.approver).update(role="viewer")
    assert frozen(desk, network) == "approver_left"


def test_a_hold_stops_what_was_approved_before_it(
    approved: Delivery, network: Network, desk: Desk, lead: User, now: datetime
) -> None:
    case = Case.objects.get()
    Hold.objects.create(
        workspace=case.workspace, case=case, reason="crisis", placed_by=lead, placed_at=now
    )
    assert frozen(desk, network) == "hold"


def test_words_that_were_changed_behind_the_approval_are_not_sent(
    approved: Delivery, network: Network, desk: Desk
) -> None:
    Reply.objects.update(text="Selbst schuld!")
    assert frozen(desk, network) == "not_what_was_approved"


def test_a_reply_that_is_no_longer_approved_is_not_sent(
    approved: Delivery, network: Network, desk: Desk
) -> None:
    Reply.objects.update(status="draft")
    assert frozen(desk, network) == "no_approval"


def test_what_was_frozen_is_sent_after_a_new_approval_under_the_same_key(
    approved: Delivery,
    network: Network,
    desk: Desk,
    clock: ScriptedClock,
    colleagues: Colleagues,
) -> None:
    network.revision = 2
    frozen(desk, network)
    reply = pin_to_latest(Reply.objects.get(), by=colleagues.writer, now=clock.now())
    reply = save_draft(
        reply, text="Ne güzel!", revision=reply.revision, by=colleagues.writer, now=clock.now()
    )
    ask_for_approval(reply, by=colleagues.writer, now=clock.now())
    reply = Reply.objects.get()
    approve_reply(reply, digest=reply_digest(reply), by=colleagues.approver, now=clock.now())
    assert live(desk, clock).status == "sent"
    assert network.replies == [(approved.idempotency_key, "Ne güzel!")]


def test_an_edit_while_it_is_on_the_wire_comes_too_late(
    approved: Delivery,
    network: Network,
    desk: Desk,
    clock: ScriptedClock,
    make_comment: Callable[..., Comment],
) -> None:
    network.broken = lambda: Answer(status=500)
    run_until_idle(desk)
    make_comment("Kargom geldi", external_id="c-1", version_key="2")
    run_until_idle(desk)
    assert (Reply.objects.get().status, Delivery.objects.get().status) == ("approved", "unknown")
    network.broken = None
    assert live(desk, clock).status == "sent"
    assert Reply.objects.get().version.key == "1"


def test_nothing_is_sent_to_a_paused_channel_and_it_goes_on_when_resumed(
    approved: Delivery, network: Network, desk: Desk, clock: ScriptedClock, lead: User
) -> None:
    pause_account(ChannelAccount.objects.get(), by=lead, now=clock.now())
    for _ in range(30):
        run_until_idle(desk)
        clock.advance(timedelta(minutes=1))
    assert (network.writes(), Delivery.objects.get().status) == (0, "ready")
    ChannelAccount.objects.update(status="active")
    assert live(desk, clock).status == "sent"


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
