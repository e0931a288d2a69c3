"""The own profile: language, time zone, look, and the way to another workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from amends.accounts.models import Membership, User, Workspace
from amends.record.models import ActionLog

pytestmark = pytest.mark.django_db
VALUES = {
    "name": "Ece Yıldız",
    "language": "en",
    "time_zone": "Europe/Istanbul",
    "theme": "dark",
}


def test_a_profile_is_saved_and_a_new_name_is_logged(client: Client, agent: User) -> None:
    client.force_login(agent)
    answer = client.post(reverse("profile"), VALUES, follow=True)
    assert "Your profile was saved." in answer.content.decode()
    agent.refresh_from_db()
    assert (agent.name, agent.time_zone, agent.theme) == ("Ece Yıldız", "Europe/Istanbul", "dark")
    assert not agent.has_shortcuts
    assert ActionLog.objects.get(action="person.rename").actor_label == "Ece Yıldız"
    client.post(reverse("profile"), {**VALUES, "theme": "light"})
    assert ActionLog.objects.filter(action="person.rename").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 151), ("time_zone", "Mars/Olympus"), ("theme", "pink")],
)
def test_a_value_that_cannot_be_is_refused_beside_its_field(
    client: Client, agent: User, field: str, value: str
) -> None:
    client.force_login(agent)
    answer = client.post(reverse("profile"), {**VALUES, field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    agent.refresh_from_db()
    assert agent.name == "Agent"


def test_the_address_cannot_be_changed(client: Client, agent: User) -> None:
    client.force_login(agent)
    client.post(reverse("profile"), {**VALUES, "email": "other@lumen.example"})
    agent.refresh_from_db()
    assert agent.email == "agent@lumen.example"


def test_somebody_with_two_workspaces_goes_from_one_to_the_other(
    client: Client, agent: User, make_workspace: Callable[[str], Workspace], now: datetime
) -> None:
    second = make_workspace("second")
    Membership.objects.create(workspace=second, user=agent, role="lead", created_at=now)
    client.force_login(agent)
    assert "Second" in client.get(reverse("profile")).content.decode()
    client.post(reverse("change_workspace"), {"workspace": second.pk})
    assert client.get(reverse("people")).status_code == 200  # a lead there, an agent here


@pytest.mark.parametrize("value", ["", "x", "999999", "9" * 40, "-1"])
def test_a_workspace_of_others_stays_closed(client: Client, agent: User, value: str) -> None:
    client.force_login(agent)
    assert client.post(reverse("change_workspace"), {"workspace": value}).status_code == 404


def test_the_workspace_of_somebody_else_stays_closed(
    client: Client, agent: User, stranger: User
) -> None:
    client.force_login(agent)
    foreign = stranger.memberships.get().workspace_id
    assert client.post(reverse("change_workspace"), {"workspace": foreign}).status_code == 404
