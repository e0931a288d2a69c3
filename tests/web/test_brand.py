"""The page of how a brand speaks: read by members, written by owners and leads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amends.accounts.change_brand_profile import brand_profile_in_force
from amends.accounts.models import Brand, User
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
FORM = {
    "seen_version": "0",
    "voice": "Warm and plain.",
    "signatures": "Selin\nBart",
    "avoided": "honestly\n\nhonestly",
    "second_languages": ["en"],
    "address_tr": "siz",
    "address_id": "kak",
    "address_ru": "vy",
    "address_nl": "je",
    "grave_address_nl": "u",
}


def test_a_lead_writes_the_profile(brand: Brand, lead: User, sign_in: SignIn) -> None:
    answer = sign_in(lead).post("/brand/", FORM)
    assert answer.status_code == 302
    profile = brand_profile_in_force(brand)
    assert profile is not None
    assert (profile.avoided, profile.signatures) == (["honestly"], ["Selin", "Bart"])
    assert profile.grave_address == {"nl": "u"}
    page = words(sign_in(lead).get("/brand/"))
    assert "Warm and plain." in page


def test_what_cannot_stand_is_said_at_its_field(brand: Brand, lead: User, sign_in: SignIn) -> None:
    answer = sign_in(lead).post("/brand/", {**FORM, "avoided": "x" * 90})
    assert answer.status_code == 422
    assert "characters each" in words(answer)
    assert brand_profile_in_force(brand) is None


def test_an_agent_reads_and_may_not_write(brand: Brand, agent: User, sign_in: SignIn) -> None:
    client = sign_in(agent)
    assert client.get("/brand/").status_code == 200
    assert client.post("/brand/", FORM).status_code == 403


def test_a_stranger_sees_nothing(brand: Brand, stranger: User, sign_in: SignIn) -> None:
    assert sign_in(stranger).get(f"/brand/?brand={brand.pk}").status_code == 404
