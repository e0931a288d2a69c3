"""Approval: by somebody who wrote none of it, of exactly this, and void when anything changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import Membership, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.models import Case, Hold
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.inbox.models import ChannelAccount, Comment, Version
from amends.replies.approve import (
    approve_reply,
    ask_for_approval,
    reply_digest,
    send_back,
)
from amends.replies.bystander import STATEMENTS
from amends.replies.draft import save_draft
from amends.replies.models import Approval, Delivery, Reply
from amends.replies.solo import is_solo, solo_pause_until
from tests.support.desk import WHY, Colleagues
from tests.support.threads import run_together

MakeCase = Callable[..., Case]


def fresh(reply: Reply) -> Reply:
    return Reply.objects.get(pk=reply.pk)


@pytest.fixture
def waiting(make_case: MakeCase, colleagues: Colleagues) -> Reply:
    return colleagues.ask(make_case(external_id="c-1"))


@pytest.mark.django_db
def test_another_person_approves_and_the_record_says_what_of_whom(
    waiting: Reply, colleagues: Colleagues, now: datetime
) -> None:
    digest = reply_digest(waiting)
    delivery = approve_reply(waiting, digest=digest, by=colleagues.approver, now=now)
    approval = Approval.objects.get()
    assert (approval.digest, approval.approved_by, approval.revision, approval.is_solo) == (
        digest,
        colleagues.approver,
        1,
        False,
    )
    assert (delivery.status, delivery.mode, delivery.approval) == ("ready", "assisted", approval)
    assert (fresh(waiting).status, Case.objects.get().status) == ("approved", "approved")


@pytest.mark.django_db
def test_nobody_approves_what_they_edited_even_if_somebody_edited_it_after_them(
    make_case: MakeCase, colleagues: Colleagues, agent: User, other_agent: User, now: datetime
) -> None:
    reply = colleagues.draft(make_case(), "mine")
    reply = save_draft(reply, text="all theirs now", revision=1, by=other_agent, now=now)
    ask_for_approval(reply, by=agent, now=now, override=WHY, agreed=STATEMENTS)
    for writer in (agent, other_agent):
        with pytest.raises(NotPossible, match="somebody else must approve"):
            approve_reply(reply, digest=reply_digest(reply), by=writer, now=now)
    assert not Approval.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["viewer", "stranger"])
def test_who_may_not_approve_is_refused(
    waiting: Reply, now: datetime, role: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(role)
    for verb in (
        lambda: approve_reply(waiting, digest=reply_digest(waiting), by=user, now=now),
        lambda: send_back(waiting, reason="x", by=user, now=now),
    ):
        with pytest.raises(NotAllowed):
            verb()


def _edit_text(reply: Reply) -> None:
    Reply.objects.filter(pk=reply.pk).update(text="something else")


def _change_account(reply: Reply) -> None:
    other = ChannelAccount.objects.get()
    other.pk, other.external_id = None, "another"
    other.save()
    Reply.objects.filter(pk=reply.pk).update(account=other)


def _change_target(reply: Reply) -> None:
    Comment.objects.filter(pk=reply.comment_id).update(external_id="elsewhere")


def _change_version(reply: Reply) -> None:
    first = reply.version
    later = Version.objects.create(
        workspace=reply.workspace,
        comment=reply.comment,
        key="v2",
        occurred_at=first.occurred_at + timedelta(minutes=1),
        captured_at=first.captured_at,
        content=first.content,
        digest="0" * 64,
        method="edited",
    )
    Reply.objects.filter(pk=reply.pk).update(version=later)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [_edit_text, _change_account, _change_target, _change_version])
def test_an_approval_binds_text_account_target_and_version(
    waiting: Reply, colleagues: Colleagues, now: datetime, change: Callable[[Reply], None]
) -> None:
    seen = reply_digest(waiting)
    change(waiting)
    changed = fresh(waiting)
    assert reply_digest(changed) != seen
    with pytest.raises(NotPossible, match="changed since you read it"):
        approve_reply(changed, digest=seen, by=colleagues.approver, now=now)
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_a_page_with_the_older_text_approves_nothing(
    waiting: Reply, colleagues: Colleagues, now: datetime
) -> None:
    seen, on_an_old_page = reply_digest(waiting), fresh(waiting)
    edited = save_draft(waiting, text="worse", revision=1, by=colleagues.writer, now=now)
    ask_for_approval(edited, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)
    with pytest.raises(NotPossible, match="changed since you read it"):
        approve_reply(on_an_old_page, digest=seen, by=colleagues.approver, now=now)
    assert not Approval.objects.exists()


@pytest.mark.django_db
def test_a_comment_that_changed_since_the_draft_is_not_answered_unread(
    waiting: Reply, make_comment: Callable[..., Comment], colleagues: Colleagues, now: datetime
) -> None:
    make_comment("Kargom geldi", external_id="c-1", version_key="v2")
    with pytest.raises(NotPossible, match="comment changed"):
        approve_reply(waiting, digest=reply_digest(waiting), by=colleagues.approver, now=now)


@pytest.mark.django_db
def test_nothing_is_approved_while_a_hold_stands(
    waiting: Reply, colleagues: Colleagues, lead: User, now: datetime
) -> None:
    case = waiting.case
    hold = Hold.objects.create(
        workspace=case.workspace, case=case, reason="crisis", placed_by=lead, placed_at=now
    )
    with pytest.raises(NotPossible, match="hold"):
        approve_reply(waiting, digest=reply_digest(waiting), by=colleagues.approver, now=now)
    Hold.objects.filter(pk=hold.pk).update(lifted_at=now, lifted_by=lead)
    approve_reply(waiting, digest=reply_digest(waiting), by=colleagues.approver, now=now)


@pytest.mark.usefixtures("real_database")
def test_of_two_who_approve_at_the_same_moment_one_does(
    waiting: Reply, colleagues: Colleagues, lead: User, now: datetime
) -> None:
    def approver(by: User) -> Callable[[], Delivery]:
        mine = fresh(waiting)
        digest = reply_digest(mine)
        return lambda: approve_reply(mine, digest=digest, by=by, now=now)

    results = run_together(approver(colleagues.approver), approver(lead))
    assert sum(isinstance(one, Delivery) for one in results) == 1
    assert sum(isinstance(one, NotPossible) for one in results) == 1
    assert Approval.objects.count() == Delivery.objects.count() == 1


@pytest.mark.usefixtures("real_database")
def test_sending_back_and_approving_at_the_same_moment_end_in_one_of_the_two(
    make_case: MakeCase, colleagues: Colleagues, lead: User, now: datetime
) -> None:
    for number in range(4):
        reply = colleagues.ask(
            make_case(external_id=f"r-{number}", thread_external_id=f"r-{number}")
        )
        mine, theirs = fresh(reply), fresh(reply)
        digest = reply_digest(mine)
        results = run_together(
            lambda mine=mine, digest=digest: approve_reply(
                mine, digest=digest, by=colleagues.approver, now=now
            ),
            lambda theirs=theirs: send_back(theirs, reason="softer", by=lead, now=now),
        )
        assert sum(isinstance(one, NotPossible) for one in results) == 1, results
        is_approved = Approval.objects.filter(reply=reply).exists()
        assert fresh(reply).status == ("approved" if is_approved else "draft")


@pytest.mark.django_db
def test_sending_back_needs_a_reason_and_makes_it_a_draft_again(
    waiting: Reply, lead: User, now: datetime
) -> None:
    with pytest.raises(NotPossible, match="what should change"):
        send_back(waiting, reason="  ", by=lead, now=now)
    send_back(waiting, reason="name the day", by=lead, now=now)
    assert (fresh(waiting).status, Case.objects.get().status) == ("draft", "drafting")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "   \n"])
def test_an_empty_reply_is_not_handed_over(
    make_case: MakeCase, colleagues: Colleagues, now: datetime, text: str
) -> None:
    reply = colleagues.draft(make_case(), text or "x")
    reply = save_draft(reply, text=text, revision=1, by=colleagues.writer, now=now)
    with pytest.raises(NotPossible, match="empty"):
        ask_for_approval(reply, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)


# --- alone ------------------------------------------------------------------------------------


@pytest.fixture
def alone(workspace: Workspace, owner: User, colleagues: Colleagues) -> Colleagues:
    """A desk with one person, who writes and approves."""
    Membership.objects.filter(workspace=workspace).exclude(user=owner).update(is_active=False)
    colleagues.writer = colleagues.approver = owner
    return colleagues


@pytest.mark.django_db
def test_one_person_alone_approves_after_a_pause_and_the_record_says_so(
    alone: Colleagues, make_case: MakeCase, workspace: Workspace, clock: ScriptedClock
) -> None:
    assert is_solo(workspace)
    reply = alone.ask(make_case())
    digest = reply_digest(reply)
    clock.advance(timedelta(minutes=9, seconds=59))
    with pytest.raises(NotPossible, match="in 1 min"):
        approve_reply(reply, digest=digest, by=alone.writer, now=clock.now())
    clock.advance(timedelta(seconds=1))
    assert clock.now() == solo_pause_until(reply)
    approve_reply(reply, digest=digest, by=alone.writer, now=clock.now())
    assert Approval.objects.get().is_solo


@pytest.mark.django_db
def test_an_edit_starts_the_pause_anew(
    alone: Colleagues, make_case: MakeCase, clock: ScriptedClock
) -> None:
    reply = alone.ask(make_case())
    clock.advance(timedelta(minutes=9))
    reply = save_draft(reply, text="hotter", revision=1, by=alone.writer, now=clock.now())
    ask_for_approval(reply, by=alone.writer, now=clock.now(), override=WHY, agreed=STATEMENTS)
    clock.advance(timedelta(minutes=2))
    with pytest.raises(NotPossible, match="in 8 min"):
        approve_reply(reply, digest=reply_digest(reply), by=alone.writer, now=clock.now())


@pytest.mark.django_db
def test_with_a_second_approver_nobody_is_alone_and_a_viewer_is_none(
    workspace: Workspace, owner: User, viewer: User
) -> None:
    assert is_solo(workspace)
    Membership.objects.filter(user=viewer).update(role="counsel")
    assert not is_solo(workspace)
