"""What stands against sending at the last moment freezes the reply, and nothing reaches the channel."""

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
from amends.replies.approve import approve_reply, ask_for_approval, reply_digest
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import pin_to_latest, save_draft
from amends.replies.models import Delivery, Reply
from tests.servers.faults import Answer
from tests.support.desk import WHY, Colleagues
from tests.support.network import Network, live, log

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
    ask_for_approval(reply, by=colleagues.writer, now=clock.now(), override=WHY, agreed=STATEMENTS)
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
