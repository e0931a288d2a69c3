"""Invitations: by those who may, to those who are meant, once, and for seven days."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail

from amends.accounts.invite import (
    InvitationRefused,
    Invitee,
    Newcomer,
    account_of,
    invitation_of,
    invite,
    join_as_newcomer,
    join_signed_in,
    open_invitations,
    withdraw,
)
from amends.accounts.models import Invitation, Membership, User, Workspace
from amends.accounts.offboard import end_membership
from amends.accounts.permissions import NotAllowed, role_of
from amends.accounts.send_invitation import send_invitation
from amends.record.models import ActionLog

NEWCOMER = Newcomer(name="Ece", password="lantern-orchard-9", language="tr")
ECE = Invitee("Ece@Lumen.example", "agent", "Ece")


def test_a_newcomer_joins_with_the_role_of_the_invitation(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    _invitation, token = invite(workspace, invitee=ECE, by=lead, now=now)
    user = join_as_newcomer(token, newcomer=NEWCOMER, now=now + timedelta(days=6))
    assert (user.email, user.language) == ("ece@lumen.example", "tr")
    assert user.check_password("lantern-orchard-9")
    assert role_of(user, workspace) == "agent"
    assert [entry.action for entry in ActionLog.objects.order_by("pk")] == [
        "person.invite",
        "person.join",
    ]


def test_only_a_hash_of_the_token_is_kept(workspace: Workspace, lead: User, now: datetime) -> None:
    _invitation, token = invite(workspace, invitee=ECE, by=lead, now=now)
    assert token not in str(Invitation.objects.values().get())
    assert token not in str(list(ActionLog.objects.values()))


def test_an_invitation_works_once_and_for_seven_days(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    _invitation, token = invite(workspace, invitee=ECE, by=lead, now=now)
    assert invitation_of(token, now=now + timedelta(days=7)) is None
    with pytest.raises(InvitationRefused, match="too old"):
        join_as_newcomer(token, newcomer=NEWCOMER, now=now + timedelta(days=7))
    join_as_newcomer(token, newcomer=NEWCOMER, now=now)
    with pytest.raises(InvitationRefused):
        join_as_newcomer(token, newcomer=NEWCOMER, now=now)


def test_a_withdrawn_invitation_is_void(workspace: Workspace, lead: User, now: datetime) -> None:
    invitation, token = invite(workspace, invitee=ECE, by=lead, now=now)
    withdraw(invitation, by=lead, now=now)
    assert invitation_of(token, now=now) is None
    with pytest.raises(InvitationRefused, match="in the meantime"):
        withdraw(invitation, by=lead, now=now)


def test_a_second_invitation_ends_the_first(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    _first, old = invite(workspace, invitee=ECE, by=lead, now=now)
    _second, new = invite(workspace, invitee=ECE, by=lead, now=now)
    assert invitation_of(old, now=now) is None
    assert invitation_of(new, now=now) is not None
    assert open_invitations(workspace, now=now).count() == 1


def test_a_member_is_not_invited_again(
    workspace: Workspace, lead: User, agent: User, now: datetime
) -> None:
    with pytest.raises(InvitationRefused, match="member already"):
        invite(workspace, invitee=Invitee(agent.email.upper(), "lead"), by=lead, now=now)


@pytest.mark.parametrize(
    ("who", "role"), [("lead", "owner"), ("agent", "viewer"), ("stranger", "agent")]
)
def test_nobody_invites_to_what_they_may_not_give(
    who: str, role: str, workspace: Workspace, request: pytest.FixtureRequest, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        invite(
            workspace,
            invitee=Invitee("x@y.example", role),
            by=request.getfixturevalue(who),
            now=now,
        )
    assert not Invitation.objects.exists()


def test_a_person_with_an_account_joins_signed_in_and_nobody_sets_their_password(
    workspace: Workspace, lead: User, stranger: User, now: datetime
) -> None:
    invitation, token = invite(
        workspace, invitee=Invitee(stranger.email, "viewer"), by=lead, now=now
    )
    assert account_of(invitation) == stranger
    with pytest.raises(InvitationRefused, match="sign in"):
        join_as_newcomer(token, newcomer=NEWCOMER, now=now)
    stranger.refresh_from_db()
    assert not stranger.check_password(NEWCOMER.password)
    join_signed_in(token, user=stranger, now=now)
    assert role_of(stranger, workspace) == "viewer"


def test_an_invitation_for_somebody_else_is_refused_and_stays_open(
    workspace: Workspace, lead: User, stranger: User, now: datetime
) -> None:
    _invitation, token = invite(workspace, invitee=ECE, by=lead, now=now)
    with pytest.raises(InvitationRefused, match=r"is for ece@lumen\.example"):
        join_signed_in(token, user=stranger, now=now)
    assert invitation_of(token, now=now) is not None
    assert role_of(stranger, workspace) is None


def test_somebody_who_left_comes_back_with_a_new_password(
    workspace: Workspace, lead: User, agent: User, now: datetime
) -> None:
    end_membership(Membership.objects.get(user=agent), by=lead, now=now)
    invitation, token = invite(workspace, invitee=Invitee(agent.email, "viewer"), by=lead, now=now)
    assert account_of(invitation) is None
    again = join_as_newcomer(token, newcomer=NEWCOMER, now=now)
    assert again.pk == agent.pk
    assert role_of(again, workspace) == "viewer"
    assert Membership.objects.get(user=agent).ended_at is None


def test_the_mail_speaks_the_inviters_language_and_carries_the_link(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    invitation, _token = invite(workspace, invitee=ECE, by=lead, now=now)
    assert send_invitation(invitation, link="https://desk.example/join/abc/")
    (letter,) = mail.outbox
    assert letter.to == ["ece@lumen.example"]
    assert "https://desk.example/join/abc/" in letter.body
    assert "Lumen" in letter.subject


def test_a_mail_server_that_is_down_loses_no_invitation(
    workspace: Workspace, lead: User, now: datetime, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    invitation, token = invite(workspace, invitee=ECE, by=lead, now=now)
    assert not send_invitation(invitation, link="https://desk.example/join/abc/")
    assert invitation_of(token, now=now) is not None
