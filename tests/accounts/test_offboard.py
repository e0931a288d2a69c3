"""Off-boarding and roles: rights end at once, work returns, and an owner always stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from amends.accounts.invite import Invitee, invite, open_invitations
from amends.accounts.models import Membership, User, Workspace
from amends.accounts.offboard import LastOwner, end_membership
from amends.accounts.permissions import NotAllowed, role_of
from amends.cases import return_work as return_work_module
from amends.cases.models import Case
from amends.cases.return_work import change_role_of_member, offboard_member
from amends.inbox.models import Comment
from amends.record.models import ActionLog


@pytest.fixture
def make_case(make_comment: Callable[..., Comment], now: datetime) -> Callable[..., Case]:
    def make(number: int, **values: Any) -> Case:
        comment = make_comment(f"Sipariş {number}")
        return Case.objects.create(
            workspace=comment.workspace,
            brand=comment.brand,
            number=number,
            author=comment.author,
            thread=comment.thread,
            comment=comment,
            created_at=now,
            changed_at=now,
            **values,
        )

    return make


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def test_off_boarding_ends_rights_and_returns_open_work(
    workspace: Workspace, lead: User, agent: User, make_case: Callable[..., Case], now: datetime
) -> None:
    open_case = make_case(701, assignee=agent, status="drafting")
    closed = make_case(702, assignee=agent, status="resolved", disposition="resolved")
    assert offboard_member(membership_of(agent), by=lead, now=now) == 1
    assert role_of(agent, workspace) is None
    open_case.refresh_from_db()
    closed.refresh_from_db()
    assert (open_case.assignee, open_case.status) == (None, "drafting")
    assert closed.assignee == agent
    actions = set(ActionLog.objects.values_list("action", "subject_id"))
    assert {("person.offboard", agent.email), ("case.return", "C-701")} <= actions


def test_the_account_closes_with_the_last_membership_only(
    workspace: Workspace,
    lead: User,
    agent: User,
    make_workspace: Callable[[str], Workspace],
    now: datetime,
) -> None:
    elsewhere = Membership.objects.create(
        workspace=make_workspace("second"), user=agent, role="owner", created_at=now
    )
    end_membership(membership_of_in(agent, workspace), by=lead, now=now)
    agent.refresh_from_db()
    assert agent.is_active
    assert role_of(agent, elsewhere.workspace) == "owner"


def membership_of_in(user: User, workspace: Workspace) -> Membership:
    return Membership.objects.get(user=user, workspace=workspace)


def test_sessions_end_at_once(
    workspace: Workspace,
    lead: User,
    agent: User,
    make_workspace: Callable[[str], Workspace],
    client: Client,
    now: datetime,
) -> None:
    second = make_workspace("second")
    Membership.objects.create(workspace=second, user=agent, role="agent", created_at=now)
    client.force_login(agent)
    assert client.get(reverse("profile")).status_code == 200
    end_membership(membership_of_in(agent, workspace), by=lead, now=now)
    assert client.get(reverse("profile")).status_code == 302
    client.force_login(User.objects.get(pk=agent.pk))
    assert client.get(reverse("profile")).status_code == 200


def test_nobody_comes_back_by_an_invitation_of_their_own(
    workspace: Workspace, owner: User, lead: User, now: datetime
) -> None:
    invite(workspace, invitee=Invitee("me-again@lumen.example", "lead"), by=lead, now=now)
    end_membership(membership_of(lead), by=owner, now=now)
    assert not open_invitations(workspace, now=now).exists()


def test_the_last_owner_cannot_be_removed_or_made_less(
    workspace: Workspace, owner: User, now: datetime
) -> None:
    with pytest.raises(LastOwner, match="make somebody else an owner first"):
        offboard_member(membership_of(owner), by=owner, now=now)
    with pytest.raises(LastOwner):
        change_role_of_member(membership_of(owner), to="lead", by=owner, now=now)
    assert role_of(owner, workspace) == "owner"


def test_an_owner_whose_account_is_closed_does_not_count_as_another_owner(
    workspace: Workspace, owner: User, make_member: Callable[..., User], now: datetime
) -> None:
    other = make_member("other", workspace=workspace, role="owner")
    User.objects.filter(pk=other.pk).update(is_active=False)
    with pytest.raises(LastOwner):
        end_membership(membership_of(owner), by=owner, now=now)


@pytest.mark.parametrize("who", ["agent", "viewer", "counsel", "stranger"])
def test_only_those_who_may_off_board(
    who: str, other_agent: User, request: pytest.FixtureRequest, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        offboard_member(membership_of(other_agent), by=request.getfixturevalue(who), now=now)
    assert membership_of(other_agent).is_active


def test_a_lead_cannot_touch_an_owner(owner: User, lead: User, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        offboard_member(membership_of(owner), by=lead, now=now)
    with pytest.raises(NotAllowed):
        change_role_of_member(membership_of(owner), to="viewer", by=lead, now=now)
    with pytest.raises(NotAllowed):
        change_role_of_member(membership_of(lead), to="owner", by=lead, now=now)


def test_a_smaller_role_returns_what_it_cannot_work_on(
    owner: User, lead: User, make_case: Callable[..., Case], now: datetime
) -> None:
    legal = make_case(703, assignee=lead, lane="legal")
    plain = make_case(704, assignee=lead)
    assert change_role_of_member(membership_of(lead), to="agent", by=owner, now=now) == 1
    legal.refresh_from_db()
    plain.refresh_from_db()
    assert (legal.assignee, plain.assignee) == (None, lead)
    assert change_role_of_member(membership_of(lead), to="viewer", by=owner, now=now) == 1
    entry = ActionLog.objects.filter(action="person.change_role").latest("pk")
    assert entry.data == {"from": "agent", "to": "viewer"}


def test_all_of_it_happens_or_nothing(
    lead: User, agent: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(return_work_module, "return_work", broken)
    with pytest.raises(OSError, match="disk full"):
        offboard_member(membership_of(agent), by=lead, now=now)
    assert membership_of(agent).is_active
    assert not ActionLog.objects.filter(action="person.offboard").exists()


def test_off_boarding_twice_is_harmless(lead: User, agent: User, now: datetime) -> None:
    membership = membership_of(agent)
    offboard_member(membership, by=lead, now=now)
    offboard_member(membership, by=lead, now=now)
    assert ActionLog.objects.filter(action="person.offboard").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_remove_each_other_at_once(
    workspace: Workspace, owner: User, make_member: Callable[..., User], now: datetime
) -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory knows no waiting; PostgreSQL and files show this")
    other = make_member("other", workspace=workspace, role="owner")
    refused: list[Exception] = []

    def remove(victim: User, by: User) -> None:
        try:
            end_membership(membership_of(victim), by=by, now=now)
        except (LastOwner, NotAllowed) as error:
            refused.append(error)
        finally:
            connection.close()

    pairs = [(owner, other), (other, owner)]
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Membership.objects.filter(role="owner", is_active=True).count() == 1
