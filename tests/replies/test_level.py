"""Levels: who must agree to what (K12, S1.13, C8), and what raises a level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from amends.accounts.grant import Grant, grant_authority
from amends.accounts.models import Act, Membership, User, Workspace
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.core.money import Money
from amends.core.vocabulary import ApprovalLevel
from amends.record.models import ActionLog
from amends.replies.approve import ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import save_draft
from amends.replies.level import read_need
from amends.replies.lint import lint_draft
from amends.replies.models import Agreement, Approval, ApprovalRequest, Delivery, Reply
from amends.replies.queries import reply_digest
from amends.replies.send import _obstacle
from tests.support.desk import WHY, Colleagues
from tests.support.levels import CLEAN, agree, fresh, release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_sent_the_like")]


# --- alone ------------------------------------------------------------------------------------


def test_k12_an_agent_publishes_a_p3_within_limits_with_no_manager(
    draft_at: Callable[..., Reply], colleagues: Colleagues
) -> None:
    reply = draft_at("A0")
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
    draft_at: Callable[..., Reply], colleagues: Colleagues, level: str
) -> None:
    reply = draft_at(level)
    with pytest.raises(NotPossible, match="somebody else must approve"):
        release(reply, by=colleagues.writer, now=colleagues.now)
    assert fresh(reply).status == "draft"
    assert not ApprovalRequest.objects.exists()
    ask_for_approval(reply, by=colleagues.writer, now=colleagues.now, agreed=STATEMENTS)
    with pytest.raises(NotPossible, match="somebody else must approve"):
        agree(reply, by=colleagues.writer, now=colleagues.now)


def test_what_the_linter_stops_is_not_released_and_an_override_asks_for_a_second_person(
    draft_at: Callable[..., Reply], colleagues: Colleagues
) -> None:
    reply = draft_at("A0", text="Yanlış anlaşıldıysak üzgünüz. Elif")
    with pytest.raises(NotPossible, match="Q0"):
        release(reply, by=colleagues.writer, now=colleagues.now)
    ask_for_approval(
        reply, by=colleagues.writer, now=colleagues.now, override=WHY, agreed=STATEMENTS
    )
    assert ApprovalRequest.objects.get().level == "A1"
    with pytest.raises(NotPossible):
        agree(reply, by=colleagues.writer, now=colleagues.now)


def test_before_the_playbook_has_decided_on_the_triage_a_colleague_is_asked(
    draft_at: Callable[..., Reply], colleagues: Colleagues, now: datetime
) -> None:
    from amends.cases.triage import confirm_triage
    from tests.support.desk import FORM

    reply = draft_at("A0")
    confirm_triage(reply.case, form=FORM, by=colleagues.writer, now=now + timedelta(seconds=5))
    need = read_need(reply, by=colleagues.writer, now=now, linted=lint_draft(reply, now=now))
    assert (need.level, need.why) == ("A1", ("no_decision",))


def test_a_workspace_of_one_person_keeps_its_pause_at_a0_too(
    draft_at: Callable[..., Reply],
    colleagues: Colleagues,
    workspace: Workspace,
    clock: ScriptedClock,
) -> None:
    reply = draft_at("A0")
    Membership.objects.filter(workspace=workspace).exclude(user=colleagues.writer).update(
        is_active=False
    )
    with pytest.raises(NotPossible, match="alone here"):
        release(reply, by=colleagues.writer, now=clock.now())
    ask_for_approval(fresh(reply), by=colleagues.writer, now=clock.now(), agreed=STATEMENTS)
    clock.advance(timedelta(minutes=11))
    agree(reply, by=colleagues.writer, now=clock.now())
    assert (Approval.objects.get().is_solo, Approval.objects.get().is_self) == (True, False)


# --- money and languages ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "level", "why"),
    [("50", "A0", ()), ("51", "A2", ("amount",)), ("501", "A4", ("owner_amount",))],
)
def test_beyond_the_limit_of_the_writer_the_level_rises(
    draft_at: Callable[..., Reply],
    colleagues: Colleagues,
    lead: User,
    owner: User,
    amount: str,
    level: str,
    why: tuple[str, ...],
) -> None:
    reply = draft_at("A0")
    colleagues.promise(reply.case, "A voucher", money=Money(Decimal(amount), "EUR"))
    now = colleagues.now
    need = read_need(reply, by=colleagues.writer, now=now, linted=lint_draft(reply, now=now))
    assert (need.level, need.why) == (level, why)


def test_several_promises_are_counted_together_and_an_approver_needs_the_reach(
    ask_at: Callable[..., Reply], draft_at: Callable[..., Reply], colleagues: Colleagues, lead: User
) -> None:
    reply = draft_at("A0")
    for _again in range(2):
        colleagues.promise(reply.case, "A voucher", money=Money(Decimal(30), "EUR"))
    ask_for_approval(reply, by=colleagues.writer, now=colleagues.now, agreed=STATEMENTS)
    assert ApprovalRequest.objects.get().level == "A2"
    with pytest.raises(NotPossible, match="asks for somebody else"):
        agree(reply, by=colleagues.approver, now=colleagues.now)
    assert agree(reply, by=lead, now=colleagues.now) is not None


def test_a_lead_does_not_agree_to_more_than_they_may_give(
    draft_at: Callable[..., Reply],
    colleagues: Colleagues,
    lead: User,
    owner: User,
    workspace: Workspace,
) -> None:
    grant = Grant(
        act=Act.COMPENSATE, person=lead, money=Money(Decimal(60), "EUR"), is_only=True, reason="new"
    )
    reply = draft_at("A2")
    other = Membership.objects.get(user=owner).user
    grant_authority(workspace, grant=grant, by=other, now=colleagues.now)
    colleagues.promise(reply.case, "A voucher", money=Money(Decimal(70), "EUR"))
    ask_for_approval(reply, by=colleagues.writer, now=colleagues.now, agreed=STATEMENTS)
    assert ApprovalRequest.objects.get().level == "A4"
    with pytest.raises(NotPossible, match="an owner"):
        agree(reply, by=lead, now=colleagues.now)
    assert agree(reply, by=owner, now=colleagues.now) is not None


def test_in_a_language_that_the_writer_may_not_publish_in_another_one_approves(
    draft_at: Callable[..., Reply], colleagues: Colleagues, owner: User, workspace: Workspace
) -> None:
    reply = draft_at("A0")
    Reply.objects.filter(pk=reply.pk).update(language="tr")
    reply = fresh(reply)
    for person in (colleagues.writer, colleagues.approver):
        limit = Grant(act=Act.PUBLISH, person=person, languages=("nl",), is_only=True, reason="new")
        grant_authority(workspace, grant=limit, by=owner, now=colleagues.now)
    with pytest.raises(NotPossible):
        release(reply, by=colleagues.writer, now=colleagues.now)
    ask_for_approval(reply, by=colleagues.writer, now=colleagues.now, agreed=STATEMENTS)
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
    ask_at: Callable[..., Reply],
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
        reply = ask_at(level)
        try:
            agree(reply, by=person, now=colleagues.now)
            did = True
        except Exception:
            did = False
        assert did is (name in able), (level, name)


def test_a3_needs_a_lead_and_counsel_and_the_second_word_sends_it(
    ask_at: Callable[..., Reply], colleagues: Colleagues, lead: User, owner: User, counsel: User
) -> None:
    reply = ask_at("A3")
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
    ask_at: Callable[..., Reply], colleagues: Colleagues, lead: User, counsel: User
) -> None:
    reply = ask_at("A3")
    agree(reply, by=lead, now=colleagues.now)
    edited = save_draft(
        fresh(reply), text=f"Merhaba. {CLEAN}", revision=1, by=colleagues.writer, now=colleagues.now
    )
    ask_for_approval(edited, by=colleagues.writer, now=colleagues.now, agreed=STATEMENTS)
    assert agree(edited, by=counsel, now=colleagues.now) is None
    assert not Approval.objects.exists()
    assert list(ApprovalRequest.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "taken_back",
        "",
    ]


def test_where_nobody_sits_in_a_seat_somebody_else_takes_it_and_nothing_waits_for_ever(
    ask_at: Callable[..., Reply], colleagues: Colleagues, owner: User
) -> None:
    reply = ask_at("A3")  # nobody here is counsel, and there is one leader
    assert agree(reply, by=owner, now=colleagues.now) is None
    assert agree(reply, by=colleagues.approver, now=colleagues.now) is not None


def test_a_leader_who_wrote_it_is_not_their_own_second_person(
    draft_at: Callable[..., Reply], colleagues: Colleagues, owner: User, lead: User
) -> None:
    colleagues.writer = lead
    reply = draft_at("A2")
    ask_for_approval(reply, by=lead, now=colleagues.now, agreed=STATEMENTS)
    with pytest.raises(NotPossible, match="somebody else must approve"):
        agree(reply, by=lead, now=colleagues.now)
    with pytest.raises(NotPossible, match="a lead"):
        agree(reply, by=colleagues.approver, now=colleagues.now)
    assert agree(reply, by=owner, now=colleagues.now) is not None


def test_levels_are_the_five_of_the_playbook() -> None:
    from amends.replies.level import TIME_OUTS
    from amends.replies.seats import SEATS

    assert set(TIME_OUTS) == set(SEATS) == set(ApprovalLevel)
