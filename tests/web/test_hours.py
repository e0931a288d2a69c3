"""The page of business hours: read by everybody, changed by leaders, tried before it is saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from amends.accounts.models import Brand, BusinessHours, User
from amends.record.models import ActionLog
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WEEK = {f"day{number}": "09:00-12:30, 13:30-17:00" for number in range(5)}


def form(brand: Brand, **changes: Any) -> dict[str, Any]:
    """What a browser sends, with one row of own days."""
    return {
        "brand": brand.pk,
        "seen": 0,
        "mode": "week",
        "time_zone": "Europe/Istanbul",
        "country": "TR",
        "region": "",
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 0,
        "form-0-first": "2030-01-02",
        "form-0-last": "2030-01-03",
        "form-0-periods": "",
        "form-0-name": "Stocktaking",
        **WEEK,
        **changes,
    }


def test_without_hours_every_hour_counts_and_office_hours_are_proposed(
    brand: Brand, lead: User, sign_in: SignIn
) -> None:
    shown = words(sign_in(lead).get("/hours/"))
    assert "Around the clock: every hour counts." in shown
    assert 'value="09:00-17:00"' in shown


def test_a_lead_saves_hours_and_sees_when_a_friday_comment_is_due(
    brand: Brand, lead: User, sign_in: SignIn
) -> None:
    client = sign_in(lead)
    said = client.post("/hours/save/", form(brand), follow=True)
    assert said.status_code == 200
    row = BusinessHours.objects.get()
    assert (row.brand, row.number, row.changed_by) == (brand, 1, lead)
    assert row.hours["week"][0] == ["09:00-12:30", "13:30-17:00"]
    assert row.hours["own_days"][0]["last"] == "2030-01-03"
    assert ActionLog.objects.get(action="hours.change").data["number"] == 1
    shown = words(said)
    # By the wall of the brand, also for a reader elsewhere; a holiday may push Monday away.
    assert re.search(r"P3.*?\w+day \d+ \w+ 09:30", shown, re.DOTALL)


def test_trying_shows_what_would_follow_and_saves_nothing(
    brand: Brand, lead: User, sign_in: SignIn
) -> None:
    said = sign_in(lead).post("/hours/save/", form(brand, **{"try": "yes"}))
    assert said.status_code == 200
    assert "nothing is saved yet" in words(said)
    assert not BusinessHours.objects.exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"day0": "nine to five"}, "Write hours like"),
        ({"day0": "17-9"}, "The end must come after the beginning"),
        ({"day0": "9-13, 12-17"}, "overlap"),
        ({f"day{number}": "" for number in range(7)}, "Somebody must work at some time"),
        ({"country": "TR", "region": "XX"}, "no such region"),
        ({"country": "??"}, "Select a valid choice"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"form-0-last": "2029-01-01"}, "The last day comes before the first"),
        ({"form-0-periods": "always"}, "Write hours like"),
        ({"form-TOTAL_FORMS": "x"}, "ManagementForm"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(
    brand: Brand, lead: User, sign_in: SignIn, changes: dict[str, str], says: str
) -> None:
    said = sign_in(lead).post("/hours/save/", form(brand, **changes))
    assert said.status_code == 422
    assert says in words(said)
    assert not BusinessHours.objects.exists()


def test_a_change_that_somebody_made_meanwhile_is_not_overwritten(
    brand: Brand, lead: User, owner: User, sign_in: SignIn
) -> None:
    sign_in(owner).post("/hours/save/", form(brand))
    said = sign_in(lead).post("/hours/save/", form(brand, mode="always"))
    assert said.status_code == 422
    assert "Somebody else changed these hours" in words(said)
    assert BusinessHours.objects.count() == 1


def test_who_may_not_change_them_reads_them_without_a_form(
    brand: Brand, lead: User, agent: User, sign_in: SignIn
) -> None:
    sign_in(lead).post("/hours/save/", form(brand))
    client = sign_in(agent)
    shown = words(client.get("/hours/"))
    assert "09:00-12:30, 13:30-17:00" in shown
    assert "/hours/save/" not in shown
    assert client.post("/hours/save/", form(brand)).status_code == 403


def test_the_brand_of_another_workspace_is_not_found(
    brand: Brand, stranger: User, sign_in: SignIn, now: datetime
) -> None:
    assert sign_in(stranger).get(f"/hours/?brand={brand.pk}").status_code == 404
