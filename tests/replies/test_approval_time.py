"""Time-outs, deputies, what is asked again before sending, and two who agree at once (K12, S1.14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from amends.accounts.grant import Grant, Standing, appoint_deputy, grant_authority
from amends.accounts.models import Act, Notification, User, Workspace
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.core.money import Money
from amends.pipeline.desk import Desk
from amends.record.models import ActionLog
from amends.replies.approve import approve_reply, send_back
from amends.replies.level import is_holding
from amends.replies.lint import lint_draft
from amends.replies.models import Agreement, Approval, ApprovalRequest, Delivery, Reply
from amends.replies.queries import approval_times, reply_digest
from amends.replies.send import _obstacle
from tests.support.desk import Colleagues
from tests.support.levels import agree, decide, fresh, release, wait
from tests.support.threads import run_together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_sent_the_like")]


# --- time-outs and deputies -------------------------------------------------------------------


@pytest.mark.parametrize(("level", "minutes"), [("A1", 10), ("A2", 15), ("A3", 30), ("A4", 30)])
def test_an_approval_becomes_late_after_the_time_of_its_level(
    ask_at: Callable[..., Reply],
    desk: Desk,
    clock: ScriptedClock,
    owner: User,
    level: str,
    minutes: int,
) -> None:
    ask_at(level)
    wait(desk, clock, minutes - 1)
    assert ApprovalRequest.objects.get().timed_out_at is None
    wait(desk, clock, 1)
    wait(desk, clock, 1)
    request = ApprovalRequest.objects.get()
    assert (request.timed_out_at, request.next_step) == (
        request.asked_at + timedelta(minutes=minutes),
        "",
    )
    entry = ActionLog.objects.get(action="approval.time_out")
    assert entry.data["level"] == level
    assert Notification.objects.filter(user=owner, facts__what="late").count() == 1


def test_k12_a_late_approval_goes_to_the_deputy(
    ask_at: Callable[..., Reply],
    colleagues: Colleagues,
    desk: Desk,
    clock: ScriptedClock,
    lead: User,
    owner: User,
    workspace: Workspace,
) -> None:
    deputy = colleagues.approver
    standing = Standing(
        person=lead, deputy=deputy, valid_until=clock.now() + timedelta(days=1), reason="Leave"
    )
    appoint_deputy(workspace, standing=standing, by=owner, now=clock.now())
    reply = ask_at("A2")
    with pytest.raises(NotPossible, match="a lead"):
        agree(reply, by=deputy, now=clock.now())
    assert not Notification.objects.filter(user=deputy).exists()
    wait(desk, clock, 15)
    assert Notification.objects.get(user=deputy).facts["what"] == "late"
    delivery = agree(reply, by=deputy, now=clock.now())
    assert delivery is not None
    assert Agreement.objects.get().in_name_of == lead
    used = ActionLog.objects.get(action="authority.use")
    assert (used.data["act"], used.data["in_name_of"]) == ("approve", "Lead")
    assert _obstacle(delivery, now=clock.now()) == ""


def test_a_deputy_of_somebody_who_is_away_approves_from_the_first_minute(
    ask_at: Callable[..., Reply],
    colleagues: Colleagues,
    lead: User,
    owner: User,
    workspace: Workspace,
) -> None:
    standing = Standing(
        person=lead,
        deputy=colleagues.approver,
        valid_until=colleagues.now + timedelta(days=1),
        is_away=True,
        reason="Leave",
    )
    appoint_deputy(workspace, standing=standing, by=owner, now=colleagues.now)
    assert agree(ask_at("A2"), by=colleagues.approver, now=colleagues.now) is not None


@pytest.mark.parametrize(
    ("strategy", "goes"), [(("ACK", "HOLD", "TIME"), True), (("ACK", "FIX"), False)]
)
def test_after_the_time_of_an_a3_only_the_holding_reply_goes_out_by_the_lead_alone(
    ask_at: Callable[..., Reply],
    colleagues: Colleagues,
    desk: Desk,
    clock: ScriptedClock,
    lead: User,
    counsel: User,
    strategy: tuple[str, ...],
    goes: bool,
) -> None:
    reply = ask_at("A3", strategy=strategy)
    assert is_holding(reply, lint_draft(reply, now=clock.now())) is goes
    assert agree(reply, by=lead, now=clock.now()) is None
    wait(desk, clock, 30)
    if goes:
        assert agree(reply, by=lead, now=clock.now()) is not None
    else:
        with pytest.raises(NotPossible, match="counsel"):
            agree(reply, by=lead, now=clock.now())


def test_s1_14_how_long_approvals_take_is_kept_and_shown_to_those_who_lead(
    ask_at: Callable[..., Reply],
    colleagues: Colleagues,
    desk: Desk,
    clock: ScriptedClock,
    workspace: Workspace,
    lead: User,
    agent: User,
) -> None:
    start = clock.now()
    for minutes in (2, 4, 12):
        reply = ask_at("A1")
        wait(desk, clock, minutes)
        if minutes == 4:
            send_back(reply, reason="softer", by=lead, now=clock.now())
        else:
            agree(reply, by=colleagues.approver, now=clock.now())
    ask_at("A1")
    (times,) = approval_times(lead, workspace=workspace, since=start)
    assert (times.level, times.count, times.late, times.waiting) == ("A1", 3, 1, 1)
    assert (times.median, times.p90) == (timedelta(minutes=4), timedelta(minutes=12))
    assert approval_times(agent, workspace=workspace, since=start) == ()


# --- before sending, and at once --------------------------------------------------------------


def test_a_level_that_rose_after_the_approval_freezes_the_reply(
    draft_at: Callable[..., Reply], colleagues: Colleagues
) -> None:
    reply = draft_at("A0")
    delivery = release(reply, by=colleagues.writer, now=colleagues.now)
    decide(reply.case, "A2")
    assert _obstacle(delivery, now=colleagues.now) == "level"


def test_a_promise_of_money_after_the_approval_freezes_it_too(
    draft_at: Callable[..., Reply], colleagues: Colleagues
) -> None:
    reply = draft_at("A0")
    delivery = release(reply, by=colleagues.writer, now=colleagues.now)
    colleagues.promise(reply.case, "A voucher", money=Money(Decimal(900), "EUR"))
    assert _obstacle(delivery, now=colleagues.now) == "level"


def test_who_released_it_and_may_no_more_publish_releases_nothing(
    draft_at: Callable[..., Reply], colleagues: Colleagues, owner: User, workspace: Workspace
) -> None:
    reply = draft_at("A0")
    delivery = release(reply, by=colleagues.writer, now=colleagues.now)
    limit = Grant(
        act=Act.PUBLISH, person=colleagues.writer, channels=("other",), is_only=True, reason="x"
    )
    grant_authority(workspace, grant=limit, by=owner, now=colleagues.now)
    assert _obstacle(delivery, now=colleagues.now) == "level"


@pytest.mark.usefixtures("real_database")
class TestAtOnce:
    def test_two_leads_and_counsel_at_once_make_one_approval(
        self,
        ask_at: Callable[..., Reply],
        colleagues: Colleagues,
        lead: User,
        owner: User,
        counsel: User,
    ) -> None:
        for _number in range(3):
            reply = ask_at("A3")
            digest, now = reply_digest(reply), colleagues.now

            def word(by: User, *, digest: str = digest, now: datetime = now) -> Callable[[], Any]:
                mine = Reply.objects.order_by("-pk")[0]
                return lambda: approve_reply(mine, digest=digest, by=by, now=now)

            results = run_together(word(lead), word(owner), word(counsel))
            deliveries = [one for one in results if isinstance(one, Delivery)]
            refused = [one for one in results if isinstance(one, NotPossible)]
            assert (len(deliveries), len(refused)) == (1, 1), results
            assert Agreement.objects.filter(request__reply=reply).count() == 2
            assert Approval.objects.filter(reply=reply).count() == 1

    def test_the_lead_and_the_deputy_at_once_make_one_approval(
        self,
        ask_at: Callable[..., Reply],
        colleagues: Colleagues,
        desk: Desk,
        clock: ScriptedClock,
        lead: User,
        owner: User,
        workspace: Workspace,
    ) -> None:
        until = clock.now() + timedelta(days=1)
        standing = Standing(
            person=lead, deputy=colleagues.approver, valid_until=until, reason="Leave"
        )
        appoint_deputy(workspace, standing=standing, by=owner, now=clock.now())
        reply = ask_at("A2")
        wait(desk, clock, 15)
        digest, now = reply_digest(reply), clock.now()

        def word(by: User) -> Callable[[], Any]:
            mine = fresh(reply)
            return lambda: approve_reply(mine, digest=digest, by=by, now=now)

        results = run_together(word(lead), word(colleagues.approver))
        assert sum(isinstance(one, Delivery) for one in results) == 1, results
        assert sum(isinstance(one, NotPossible) for one in results) == 1, results
        assert Approval.objects.count() == Agreement.objects.count() == 1
