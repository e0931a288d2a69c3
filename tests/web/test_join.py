"""The page behind an invitation: for newcomers, for those with an account, and for nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from amends.accounts.invite import Invitee, invite
from amends.accounts.models import User, Workspace
from amends.accounts.permissions import role_of
from amends.core.clock import SystemClock

VALUES = {"name": "Ece", "password": "lantern-orchard-9", "time_zone": "Europe/Istanbul"}


def url_for(email: str, *, workspace: Workspace, by: User) -> str:
    now = SystemClock().now()
    _invitation, token = invite(workspace, invitee=Invitee(email, "agent", "Ece"), by=by, now=now)
    return reverse("join", args=[token])


def test_a_newcomer_joins_and_is_signed_in(
    client: Client, workspace: Workspace, lead: User
) -> None:
    url = url_for("ece@lumen.example", workspace=workspace, by=lead)
    body = client.get(url).content.decode()
    assert "Join Lumen" in body
    assert 'value="Ece"' in body
    assert client.post(url, VALUES).headers["Location"] == reverse("inbox")
    assert client.get(reverse("profile")).status_code == 200
    assert role_of(User.objects.get(email="ece@lumen.example"), workspace) == "agent"
    assert Client().get(url).status_code == 410


@pytest.mark.parametrize("password", ["short", "ece@lumen.example", "qwertyuiop"])
def test_a_weak_password_is_refused_and_the_invitation_stays(
    client: Client, workspace: Workspace, lead: User, password: str
) -> None:
    url = url_for("ece@lumen.example", workspace=workspace, by=lead)
    answer = client.post(url, {**VALUES, "password": password})
    assert answer.status_code == 422
    assert 'id="id_password_error"' in answer.content.decode()
    assert client.post(url, VALUES).status_code == 302


def test_somebody_with_an_account_is_asked_to_sign_in_first(
    client: Client, workspace: Workspace, lead: User, stranger: User
) -> None:
    url = url_for(stranger.email, workspace=workspace, by=lead)
    body = client.get(url).content.decode()
    assert "Sign in first" in body
    assert f"next={url}" in body
    assert client.post(url, VALUES).status_code == 200  # nothing is changed by guessing a form
    stranger.refresh_from_db()
    assert not stranger.check_password(VALUES["password"])
    client.force_login(stranger)
    client.post(url)
    assert role_of(stranger, workspace) == "agent"
    assert "Lumen" in client.get(reverse("profile")).content.decode()


def test_somebody_else_cannot_use_the_invitation(
    client: Client, workspace: Workspace, lead: User, agent: User, stranger: User
) -> None:
    url = url_for(stranger.email, workspace=workspace, by=lead)
    client.force_login(agent)
    assert "you are signed in as agent@lumen.example" in client.get(url).content.decode()
    assert client.post(url).status_code == 410
    assert role_of(stranger, workspace) is None


def test_a_link_that_never_was_is_void(client: Client, db: None) -> None:
    answer = client.get(reverse("join", args=["guess"]))
    assert answer.status_code == 410
    assert "Ask the colleague" in answer.content.decode()
