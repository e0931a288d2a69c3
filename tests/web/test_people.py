"""The people page: invite, change roles, off-board, each with its consequences in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from amends.accounts.invite import Invitee, invite
from amends.accounts.models import Invitation, Membership, User, Workspace
from amends.accounts.permissions import role_of

pytestmark = pytest.mark.django_db


def post(client: Client, page: str, /, *args: Any, **values: Any) -> str:
    return client.post(reverse(page, args=args), values, follow=True).content.decode()


def test_members_stand_there_with_their_roles(client: Client, lead: User, agent: User) -> None:
    client.force_login(lead)
    body = client.get(reverse("people")).content.decode()
    assert "agent@lumen.example" in body
    assert "lead@lumen.example" in body


def test_an_invitation_is_mailed_and_its_link_shown_once(
    client: Client, lead: User, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example"
    client.force_login(lead)
    body = post(client, "invite_person", email="ece@lumen.example", name="Ece", role="agent")
    assert "on its way by mail" in body
    assert f"{settings.BASE_URL}/join/" in body
    assert "/join/" in mail.outbox[0].body
    again = client.get(reverse("people")).content.decode()
    assert "/join/" not in again
    assert "ece@lumen.example" in again


def test_without_a_mail_server_the_page_says_so(client: Client, lead: User, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    client.force_login(lead)
    body = post(client, "invite_person", email="ece@lumen.example", role="agent")
    assert "No mail server is set up" in body
    assert "/join/" in body


@pytest.mark.parametrize(
    "values",
    [
        {"email": "not an address", "role": "agent"},
        {"email": "ece@lumen.example", "role": "owner"},
        {"email": "ece@lumen.example", "role": "emperor"},
        {"email": "lead@lumen.example", "role": "agent"},
    ],
    ids=["bad address", "role above the own", "no such role", "member already"],
)
def test_what_cannot_be_invited_comes_back_with_a_reason(
    client: Client, lead: User, values: dict[str, str]
) -> None:
    client.force_login(lead)
    answer = client.post(reverse("invite_person"), values)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "field-error" in body
    assert f'value="{values["email"]}"' in body
    assert not Invitation.objects.exists()


def test_an_invitation_is_withdrawn(
    client: Client, lead: User, workspace: Workspace, now: datetime
) -> None:
    client.force_login(lead)
    invitation, _token = invite(
        workspace, invitee=Invitee("ece@lumen.example", "agent"), by=lead, now=now
    )
    assert "was withdrawn" in post(client, "withdraw_invitation", invitation.pk)
    assert "in the meantime" in post(client, "withdraw_invitation", invitation.pk)


def test_a_role_is_changed(client: Client, lead: User, agent: User, workspace: Workspace) -> None:
    client.force_login(lead)
    body = post(client, "change_role", agent.memberships.get().pk, role="viewer")
    assert "Agent now has the role “Viewer”." in body
    assert role_of(agent, workspace) == "viewer"
    assert "Choose a role" in post(client, "change_role", agent.memberships.get().pk, role="x")


def test_the_last_owner_is_told_what_to_do_first(client: Client, owner: User) -> None:
    client.force_login(owner)
    membership = owner.memberships.get()
    body = post(client, "change_role", membership.pk, role="agent")
    assert "make somebody else an owner first" in body
    assert "make somebody else an owner first" in post(client, "offboard", membership.pk)


def test_off_boarding_asks_first_and_then_does_it(
    client: Client, lead: User, agent: User, workspace: Workspace
) -> None:
    client.force_login(lead)
    membership = agent.memberships.get()
    body = client.get(reverse("offboard", args=[membership.pk])).content.decode()
    assert "Off-board Agent?" in body
    assert "open cases return to the queue" in body
    assert role_of(agent, workspace) == "agent"
    assert "signed out everywhere" in post(client, "offboard", membership.pk)
    assert role_of(agent, workspace) is None
    assert "No longer here" in client.get(reverse("people")).content.decode()


def test_a_lead_cannot_off_board_an_owner(
    client: Client, lead: User, owner: User, workspace: Workspace
) -> None:
    client.force_login(lead)
    membership = owner.memberships.get()
    url = reverse("offboard", args=[membership.pk])
    assert "Only an owner can" in client.get(url).content.decode()
    assert client.post(url).status_code == 403
    assert role_of(owner, workspace) == "owner"


def test_members_of_another_workspace_cannot_be_reached(
    client: Client, lead: User, stranger: User
) -> None:
    client.force_login(lead)
    foreign = Membership.objects.get(user=stranger)
    for name in ("offboard", "change_role"):
        assert client.post(reverse(name, args=[foreign.pk]), {"role": "viewer"}).status_code == 404


def test_the_page_asks_the_database_a_fixed_number_of_questions(
    client: Client,
    lead: User,
    make_member: Any,
    workspace: Workspace,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(30):
        make_member(f"person{number}", workspace=workspace, role="agent")
    client.force_login(lead)
    with django_assert_max_num_queries(40):
        client.get(reverse("people"))
