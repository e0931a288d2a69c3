"""The first page: a GET shows, a POST makes the owner, and a void link says what to do."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from amends.accounts.models import Membership, User
from amends.accounts.set_up import create_setup_link
from amends.core.clock import SystemClock

pytestmark = pytest.mark.django_db
VALUES = {
    "workspace": "Lümen",
    "brand": "Lümen Ev",
    "name": "Deniz",
    "email": "deniz@example.com",
    "password": "tulip-harbour-42",
    "time_zone": "Europe/Istanbul",
}


@pytest.fixture
def url() -> str:
    return reverse("setup", args=[create_setup_link(now=SystemClock().now())])


def test_the_first_owner_begins_and_is_signed_in(client: Client, url: str) -> None:
    assert client.get(url).status_code == 200
    assert client.get(url).status_code == 200
    answer = client.post(url, VALUES)
    assert answer.headers["Location"] == reverse("inbox")
    assert client.get(reverse("people")).status_code == 200
    assert Membership.objects.get().role == "owner"
    assert Client().get(url).status_code == 410


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "deniz"),
        ("password", "short"),
        ("password", "deniz@example.com"),
        ("password", "1234567890"),
        ("workspace", ""),
        ("brand", "x" * 121),
        ("time_zone", "Nowhere"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_the_link_stays_good(
    client: Client, url: str, field: str, value: str
) -> None:
    answer = client.post(url, {**VALUES, field: value})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert f'id="id_{field}_error"' in body
    if field != "workspace":
        assert 'value="Lümen"' in body
    assert "tulip-harbour-42" not in body
    assert not User.objects.exists()
    assert client.post(url, VALUES).status_code == 302


def test_a_link_that_never_was_is_void(client: Client) -> None:
    answer = client.get(reverse("setup", args=["guess"]))
    assert answer.status_code == 410
    assert "start Amends again" in answer.content.decode()


def test_a_desk_with_an_owner_takes_no_second_one(
    client: Client, url: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("owner")
    assert client.post(url, VALUES).status_code == 410
    assert not User.objects.filter(email="deniz@example.com").exists()


def test_the_page_is_not_kept_by_caches(client: Client, url: str) -> None:
    assert "no-store" in client.get(url).headers["Cache-Control"]
