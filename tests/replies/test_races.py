"""Two at once around an answer that is on its way: whoever wins, the record and the channel agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from amends.accounts.models import User
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.inbox.models import ChannelAccount
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_due, run_until_idle
from amends.record.log import WORKER
from amends.record.models import ActionLog, Evidence
from amends.replies.freeze import freeze_reply
from amends.replies.models import Delivery, DeliveryStatus, Reply
from amends.replies.send import SEND, _mark_sending, _mark_unknown
from amends.replies.settle import settle_unknown
from amends.work.claim import LeaseLost, claim_next
from tests.support.desk import Colleagues
from tests.support.network import FORGETFUL, Network
from tests.support.threads import run_together, successes

pytestmark = pytest.mark.usefixtures("real_database")
LEASE = timedelta(seconds=60)


@pytest.fixture
def account(account_there: ChannelAccount) -> ChannelAccount:
    return account_there


@pytest.fixture
def approve(
    make_case: Callable[..., Case], colleagues: Colleagues, network: Network
) -> Callable[[str], Delivery]:
    def make(name: str) -> Delivery:
        case = make_case(external_id=name, thread_external_id=name, version_key="1")
        return colleagues.approve(case)

    return make


def test_freezing_and_sending_at_the_same_moment_end_in_exactly_one_of_the_two(
    approve: Callable[[str], Delivery], clock: ScriptedClock
) -> None:
    for number in range(8):
        delivery = approve(f"c-{number}")
        Delivery.objects.exclude(pk=delivery.pk).update(next_step="")
        claim = claim_next(Delivery, step=SEND, now=clock.now(), lease=LEASE)
        assert claim is not None
        reply = Reply.objects.get(pk=delivery.reply_id)

        def freeze(reply: Reply = reply) -> bool:
            with transaction.atomic():
                return freeze_reply(reply, why="comment_changed", actor=WORKER, now=clock.now())

        marked, frozen = run_together(lambda claim=claim: _mark_sending(claim, clock=clock), freeze)
        delivery.refresh_from_db()
        status = Reply.objects.get(pk=delivery.reply_id).status
        if marked is True:
            assert (frozen, delivery.status, status) == (False, "sending", "approved")
        else:
            assert frozen is True, (marked, frozen)
            assert marked is False or isinstance(marked, LeaseLost)
            assert (delivery.status, delivery.next_step, status) == ("ready", "", "frozen")


def test_three_workers_send_many_replies_once_each(
    approve: Callable[[str], Delivery], network: Network, desk: Desk
) -> None:
    network.is_forgetful = True
    ChannelAccount.objects.update(kind=FORGETFUL)
    for number in range(12):
        approve(f"c-{number}")
    successes(run_together(*[lambda: run_due(desk)] * 3))
    run_until_idle(desk)
    assert set(Delivery.objects.values_list("status", flat=True)) == {"sent"}
    keys = [key for key, _ in network.replies]
    assert sorted(keys) == sorted(Delivery.objects.values_list("idempotency_key", flat=True))


def test_two_people_who_settle_the_same_reply_settle_it_once(
    approve: Callable[[str], Delivery], agent: User, lead: User, clock: ScriptedClock
) -> None:
    delivery = approve("c-1")
    Delivery.objects.update(status=DeliveryStatus.UNKNOWN, next_step="", due_at=None)

    def settler(by: User) -> Callable[[], None]:
        mine = Delivery.objects.get(pk=delivery.pk)
        return lambda: settle_unknown(
            mine, arrived=True, url="https://example.org/1", by=by, now=clock.now()
        )

    results = run_together(settler(agent), settler(lead))
    assert sum(isinstance(one, NotPossible) for one in results) == 1, results
    assert Delivery.objects.get().status == "sent"
    assert Evidence.objects.filter(subject_kind="reply").count() == 1
    assert ActionLog.objects.filter(action="reply.settle").count() == 1


def test_a_worker_that_found_nothing_does_not_undo_the_word_of_a_person(
    approve: Callable[[str], Delivery], agent: User, clock: ScriptedClock
) -> None:
    approve("c-1")
    Delivery.objects.update(status=DeliveryStatus.UNKNOWN)
    claim = claim_next(Delivery, step=SEND, now=clock.now(), lease=LEASE)
    assert claim is not None
    settle_unknown(Delivery.objects.get(), arrived=False, url="", by=agent, now=clock.now())
    _mark_unknown(claim, error="not there", clock=clock)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.next_step, delivery.lease_token) == ("ready", "send", "")
