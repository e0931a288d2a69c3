"""Levels: who must agree to what (K12, S1.13, C8), what raises a level, and that time-outs go to deputies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from amends.accounts.grant import Grant, Standing, appoint_deputy, grant_authority
from amends.accounts.models import Act, Membership, Notification, User, Workspace
from amends.cases.models import Case, Decision
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.core.money import Money
from amends.core.vocabulary import ApprovalLevel
from amends.pipeline.desk import Desk
from amends.record.models import ActionLog
from amends.replies.approve import approve_reply, ask_for_approval, release_reply, send_back
from amends.replies.draft import save_draft
from amends.replies.level import decision_that_counts, is_holding, read_need
from amends.replies.lint import lint_draft
from amends.replies.models import Agreement, Approval, ApprovalRequest, Delivery, Reply
from amends.replies.queries import approval_times, reply_digest
from amends.replies.send import _obstacle
from amends.replies.watch_approval import watch_approval
from amends.work.claim import claim_next
from tests.support.desk import WHY, Colleagues
from tests.support.threads import run_together

pytestmark = pytest.mark.django_db
CLEAN = "Kargonuzun gelmediğini görüyoruz, özür dileriz. Bugün 17.00'ye kadar size yazacağım. Elif"


@pytest.fixture(autouse=True)
def nobody_sent_the_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """The linter stops copies of what a colleague has sent; here one text does for all."""
    monkeypatch.setattr("amends.replies.lint.recent_replies", lambda _reply: [])


def fresh(reply: Reply) -> Reply:
    return Reply.objects.get(pk=reply.pk)


def decide(case: Case, level: str, *, strategy: tuple[str, ...] = ("ACK",)) -> None:
    """Let the playbook say the level, as a rule of it would."""
    last = decision_that_counts(case)
    assert last is not None
    Decision.objects.create(
        workspace=case.workspace,
        case=case,
        verdict=last.verdict,
        triage=last.triage,
        rule_id="T1",
        priority=last.priority,
        approval=level,
        playbook="test",
        playbook_version="1",
        playbook_digest="d",
        decision={**last.decision, "strategy": list(strategy)},
        inputs=last.inputs,
        created_at=last.created_at + timedelta(seconds=1),
    )


@pytest.fixture
def draft(make_case: Callable[..., Case], colleagues: Colleagues) -> Callable[..., Reply]:
    """A draft without anything that the linter stops, at a level."""
    numbers = iter(range(100))

    def make(
        level: str = "A0", *, strategy: tuple[str, ...] = ("ACK",), text: str = CLEAN
    ) -> Reply:
        name = f"c-{next(numbers)}"
        case = make_case(external_id=name, thread_external_id=name)
        colleagues.triage(case)
        decide(case, level, strategy=strategy)
        colleagues.promise(case, text)
        return fresh(colleagues.draft(case, text))

    return make


@pytest.fixture
def ask(draft: Callable[..., Reply], colleagues: Colleagues) -> Callable[..., Reply]:
    def hand_over(level: str = "A0", **values: Any) -> Reply:
        reply = draft(level, **values)
        ask_for_approval(reply, by=colleagues.writer, now=colleagues.now)
        return fresh(reply)

    return hand_over


def agree(reply: Reply, *, by: User, now: datetime) -> Delivery | None:
    return approve_reply(fresh(reply), digest=reply_digest(reply), by=by, now=now)


def release(reply: Reply, *, by: User, now: datetime) -> Delivery:
    return release_reply(fresh(reply), digest=reply_digest(reply), by=by, now=now)


# --- alone ------------------------------------------------------------------------------------


def test_k12_an_agent_publishes_a_p3_within_limits_with_no_manager(
    draft: Callable[..., Reply], colleagues: Colleagues
) -> None:
    reply = draft("A0")
    assert reply.case.priority == "P3"
    delivery = release(reply, by=colleagues.writer, now=colleagues.now)
    approval = Approval.objects.get()
    assert (approval.level, approval.is_self, approval.is_solo) == ("A0", True, False)
    assert approval.digest == reply_digest(fresh(reply))
    assert _obstacle(delivery, now=colleagues.now) == ""
    entry = ActionLog.objects.get(action="reply.approve")
    assert (entry.data["is_self"], entry.data["level"]) == (True, "A0")
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("level", ["A1", "A2", "A3", "A4"])
def test_above_a0_nobody_releases_alone(
    draft: Callable[..., Reply], colleagues: Colleagues, level: str
) -> None:
    reply = draft(level)
    with pytest.raises(NotPossible, match="somebody else must approve"):
        release(reply, by=colleagues.writer, now=colleagues.now)
    assert fresh(reply).status == "draft"
    assert not ApprovalRequest.objects.exists()
    ask_for_approval(reply, by=colleagues.writer, now=colleagues.now)
    with pytest.raises(NotPossible, match="somebody else must approve"):
        agree(reply, by=colleagues.writer, now=colleagues.now)


def test_what_the_linter_stops_is_not_released_and_an_override_asks_for_a_second_person(
    draft: Callable[..., Reply], colleagues: Colleagues
) -> None:
    reply = draft("A0", text="Yanlış anlaşıldıysak üzgünüz. Elif")
    with pytest.raises(NotPossible, match="Q0"):
        release(reply, by=colleagues.writer, now=colleagues.now)
    ask_for_approval(reply, by=colleagues.writer, now=colleagues.now, override=WHY)
    assert ApprovalRequest.objects.get().level == "A1"
    with pytest.raises(NotPossible):
        agree(reply, by=colleagues.writer, now=colleagues.now)


def test_before_the_playbook_has_decided_on_the_triage_a_colleague_is_asked(
    draft: Callable[..., Reply], colleagues: Colleagues, now: datetime
) -> None:
    from amends.cases.triage import confirm_triage
    from tests.support.desk import FORM

    reply = draft("A0")
    confirm_triage(reply.case, form=FORM, by=colleagues.writer, now=now + timedelta(seconds=5))
    need = read_need(reply, by=colleagues.writer, now=now, linted=lint_draft(reply, now=now))
    assert (need.level, need.why) == ("A1", ("no_decision",))


def test_a_workspace_of_one_person_keeps_its_pause_at_a0_too(
    draft: Callable[..., Reply],
    colleagues: Colleagues,
    workspace: Workspace,
    clock: ScriptedClock,
) -> None:
    reply = draft("A0")
    Membership.objects.filter(workspace=workspace).exclude(user=colleagues.writer).update(
        is_active=False
    )
    with pytest.raises(NotPossible, match="alone here"):
        release(reply, by=colleagues.writer, now=clock.now())
    ask_for_approval(fresh(reply), by=colleagues.writer, now=clock.now())
    clock.advance(timedelta(minutes=11))
    agree(reply, by=colleagues.writer, now=clock.now())
    assert (Approval.objects.get().is_solo, Approval.objects.get().is_self) == (True, False)


# --- money and languages ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "level", "why"),
    [("50", "A0", ()), ("51", "A2", ("amount",)), ("501", "A4", ("owner_amount",))],
)
def test_beyond_the_limit_of_the_writer_the_level_rises(
    draft: Callable[..., Reply],
    colleagues: Colleagues,
    lead: User,
    owner: User,
    amount: str,
    level: str,
    why: tuple[str, ...],
) -> None:
    reply = draft("A0")
    colleagues.promise(reply.case, "A voucher", money=Money(Decimal(amount), "EUR"))
    now = colleagues.now
    need = read_need(reply, by=colleagues.writer, now=now, linted=lint_draft(reply, now=now))
    assert (need.level, need.why) == (level, why)


def test_several_promises_are_counted_together_and_an_approver_needs_the_reach(
    ask: Callable[..., Reply], draft: Callable[..., Reply], colleagues: Colleagues, lead: User
) -> None:
    reply = draft("A0")
    for _again in range(2):
        colleagues.promise(reply.case, "A voucher", money=Money(Decimal(30), "EUR"))
    ask_for_approval(reply, by=colleagues.writer, now=colleagues.now)
    assert ApprovalRequest.objects.get().level == "A2"
    with pytest.raises(NotPossible, match="asks for somebody else"):
        agree(reply, by=colleagues.approver, now=colleagues.now)
    assert agree(reply, by=lead, now=colleagues.now) is not None


def test_a_lead_does_not_agree_to_more_than_they_may_give(
    draft: Callable[..., Reply],
    colleagues: Colleagues,
    lead: User,
    owner: User,
    workspace: Workspace,
) -> None:
    grant = Grant(
        act=Act.COMPENSATE, person=lead, money=Money(Decimal(60), "EUR"), is_only=True, reason="new"
    )
    reply = draft("A2")
    other = Membership.objects.get(user=owner).user
    grant_authority(workspace, grant=grant, by=other, now=colleagues.now)
    colleagues.promise(reply.case, "A voucher", money=Money(Decimal(70), "EUR"))
    ask_for_approval(reply, by=colleagues.writer, now=colleagues.now)
    assert ApprovalRequest.objects.get().level == "A4"
    with pytest.raises(NotPossible, match="an owner"):
        agree(reply, by=lead, now=colleagues.now)
    assert agree(reply, by=owner, now=colleagues.now) is not None


def test_in_a_language_that_the_writer_may_not_publish_in_another_one_approves(
    draft: Callable[..., Reply], colleagues: Colleagues, owner: User, workspace: Workspace
) -> None:
    reply = draft("A0")
    Reply.objects.filter(pk=reply.pk).update(language="tr")
    reply = fresh(reply)
    for person in (colleagues.writer, colleagues.approver):
        limit = Grant(act=Act.PUBLISH, person=person, languages=("nl",), is_only=True, reason="new")
        grant_authority(workspace, grant=limit, by=owner, now=colleagues.now)
    with pytest.raises(NotPossible):
        release(reply, by=colleagues.writer, now=colleagues.now)
    ask_for_approval(reply, by=colleagues.writer, now=colleagues.now)
    assert ApprovalRequest.objects.get().level == "A1"
    with pytest.raises(NotPossible, match="may not publish this alone either"):
        agree(reply, by=colleagues.approver, now=colleagues.now)
    assert agree(reply, by=owner, now=colleagues.now) is not None


# --- seats ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "able"),
    [
        ("A0", {"other_agent", "lead", "counsel", "owner"}),
        ("A1", {"other_agent", "lead", "counsel", "owner"}),
        ("A2", {"lead", "owner"}),
        ("A3", {"lead", "owner", "counsel"}),
        ("A4", {"owner"}),
    ],
)
def test_each_level_is_for_those_whom_it_asks_for(
    ask: Callable[..., Reply],
    colleagues: Colleagues,
    level: str,
    able: set[str],
    request: pytest.FixtureRequest,
) -> None:
    people = {
        name: request.getfixturevalue(name)
        for name in ("other_agent", "lead", "counsel", "owner", "viewer")
    }
    for name, person in people.items():
        reply = ask(level)
        try:
            agree(reply, by=person, now=colleagues.now)
            did = True
        except Exception:
            did = False
        assert did is (name in able), (level, name)


def test_a3_needs_a_lead_and_counsel_and_the_second_word_sends_it(
    ask: Callable[..., Reply], colleagues: Colleagues, lead: User, owner: User, counsel: User
) -> None:
    reply = ask("A3")
    assert agree(reply, by=lead, now=colleagues.now) is None
    assert fresh(reply).status == "awaiting_approval"
    assert not Delivery.objects.exists()
    with pytest.raises(NotPossible, match="counsel"):
        agree(reply, by=owner, now=colleagues.now)
    with pytest.raises(NotPossible, match="counsel"):
        agree(reply, by=lead, now=colleagues.now)
    delivery = agree(reply, by=counsel, now=colleagues.now)
    assert delivery is not None
    assert set(Agreement.objects.values_list("seat", "person__name")) == {
        ("lead", "Lead"),
        ("counsel", "Counsel"),
    }
    assert _obstacle(delivery, now=colleagues.now) == ""
    Membership.objects.filter(user=lead).update(is_active=False)
    assert _obstacle(delivery, now=colleagues.now) == "approver_left"


def test_an_edit_between_the_two_words_asks_both_anew(
    ask: Callable[..., Reply], colleagues: Colleagues, lead: User, counsel: User
) -> None:
    reply = ask("A3")
    agree(reply, by=lead, now=colleagues.now)
    edited = save_draft(
        fresh(reply), text=f"Merhaba. {CLEAN}", revision=1, by=colleagues.writer, now=colleagues.now
    )
    ask_for_approval(edited, by=colleagues.writer, now=colleagues.now)
    assert agree(edited, by=counsel, now=colleagues.now) is None
    assert not Approval.objects.exists()
    assert list(ApprovalRequest.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "taken_back",
        "",
    ]


def test_where_nobody_sits_in_a_seat_somebody_else_takes_it_and_nothing_waits_for_ever(
    ask: Callable[..., Reply], colleagues: Colleagues, owner: User
) -> None:
    reply = ask("A3")  # nobody here is counsel, and there is one leader
    assert agree(reply, by=owner, now=colleagues.now) is None
    assert agree(reply, by=colleagues.approver, now=colleagues.now) is not None


def test_a_leader_who_wrote_it_is_not_their_own_second_person(
    draft: Callable[..., Reply], colleagues: Colleagues, owner: User, lead: User
) -> None:
    colleagues.writer = lead
    reply = draft("A2")
    ask_for_approval(reply, by=lead, now=colleagues.now)
    with pytest.raises(NotPossible, match="somebody else must approve"):
        agree(reply, by=lead, now=colleagues.now)
    with pytest.raises(NotPossible, match="a lead"):
        agree(reply, by=colleagues.approver, now=colleagues.now)
    assert agree(reply, by=owner, now=colleagues.now) is not None


# --- time-outs and deputies -------------------------------------------------------------------


def wait(desk: Desk, clock: ScriptedClock, minutes: int) -> None:
    """Let time go by, and the worker look at what waits for approval."""
    clock.advance(timedelta(minutes=minutes))
    step = {"step": "watch_approval", "now": clock.now(), "lease": desk.lease}
    while claim := claim_next(ApprovalRequest, **step):
        watch_approval(claim, clock=clock)


@pytest.mark.parametrize(("level", "minutes"), [("A1", 10), ("A2", 15), ("A3", 30), ("A4", 30)])
def test_an_approval_becomes_late_after_the_time_of_its_level(
    ask: Callable[..., Reply],
    desk: Desk,
    clock: ScriptedClock,
    owner: User,
    level: str,
    minutes: int,
) -> None:
    ask(level)
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
    ask: Callable[..., Reply],
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
    reply = ask("A2")
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
    ask: Callable[..., Reply], colleagues: Colleagues, lead: User, owner: User, workspace: Workspace
) -> None:
    standing = Standing(
        person=lead,
        deputy=colleagues.approver,
        valid_until=colleagues.now + timedelta(days=1),
        is_away=True,
        reason="Leave",
    )
    appoint_deputy(workspace, standing=standing, by=owner, now=colleagues.now)
    assert agree(ask("A2"), by=colleagues.approver, now=colleagues.now) is not None


@pytest.mark.parametrize(
    ("strategy", "goes"), [(("ACK", "HOLD", "TIME"), True), (("ACK", "FIX"), False)]
)
def test_after_the_time_of_an_a3_only_the_holding_reply_goes_out_by_the_lead_alone(
    ask: Callable[..., Reply],
    colleagues: Colleagues,
    desk: Desk,
    clock: ScriptedClock,
    lead: User,
    counsel: User,
    strategy: tuple[str, ...],
    goes: bool,
) -> None:
    reply = ask("A3", strategy=strategy)
    assert is_holding(reply, lint_draft(reply, now=clock.now())) is goes
    assert agree(reply, by=lead, now=clock.now()) is None
    wait(desk, clock, 30)
    if goes:
        assert agree(reply, by=lead, now=clock.now()) is not None
    else:
        with pytest.raises(NotPossible, match="counsel"):
            agree(reply, by=lead, now=clock.now())


def test_s1_14_how_long_approvals_take_is_kept_and_shown_to_those_who_lead(
    ask: Callable[..., Reply],
    colleagues: Colleagues,
    desk: Desk,
    clock: ScriptedClock,
    workspace: Workspace,
    lead: User,
    agent: User,
) -> None:
    start = clock.now()
    for minutes in (2, 4, 12):
        reply = ask("A1")
        wait(desk, clock, minutes)
        if minutes == 4:
            send_back(reply, reason="softer", by=lead, now=clock.now())
        else:
            agree(reply, by=colleagues.approver, now=clock.now())
    ask("A1")
    (times,) = approval_times(lead, workspace=workspace, since=start)
    assert (times.level, times.count, times.late, times.waiting) == ("A1", 3, 1, 1)
    assert (times.median, times.p90) == (timedelta(minutes=4), timedelta(minutes=12))
    assert approval_times(agent, workspace=workspace, since=start) == ()


# --- before sending, and at once --------------------------------------------------------------


def test_a_level_that_rose_after_the_approval_freezes_the_reply(
    draft: Callable[..., Reply], colleagues: Colleagues
) -> None:
    reply = draft("A0")
    delivery = release(reply, by=colleagues.writer, now=colleagues.now)
    decide(reply.case, "A2")
    assert _obstacle(delivery, now=colleagues.now) == "level"


def test_a_promise_of_money_after_the_approval_freezes_it_too(
    draft: Callable[..., Reply], colleagues: Colleagues
) -> None:
    reply = draft("A0")
    delivery = release(reply, by=colleagues.writer, now=colleagues.now)
    colleagues.promise(reply.case, "A voucher", money=Money(Decimal(900), "EUR"))
    assert _obstacle(delivery, now=colleagues.now) == "level"


def test_who_released_it_and_may_no_more_publish_releases_nothing(
    draft: Callable[..., Reply], colleagues: Colleagues, owner: User, workspace: Workspace
) -> None:
    reply = draft("A0")
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
        ask: Callable[..., Reply],
        colleagues: Colleagues,
        lead: User,
        owner: User,
        counsel: User,
    ) -> None:
        for _number in range(3):
            reply = ask("A3")
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
        ask: Callable[..., Reply],
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
        reply = ask("A2")
        wait(desk, clock, 15)
        digest, now = reply_digest(reply), clock.now()

        def word(by: User) -> Callable[[], Any]:
            mine = fresh(reply)
            return lambda: approve_reply(mine, digest=digest, by=by, now=now)

        results = run_together(word(lead), word(colleagues.approver))
        assert sum(isinstance(one, Delivery) for one in results) == 1, results
        assert sum(isinstance(one, NotPossible) for one in results) == 1, results
        assert Approval.objects.count() == Agreement.objects.count() == 1


def test_levels_are_the_five_of_the_playbook() -> None:
    from amends.replies.level import TIME_OUTS
    from amends.replies.seats import SEATS

    assert set(TIME_OUTS) == set(SEATS) == set(ApprovalLevel)
