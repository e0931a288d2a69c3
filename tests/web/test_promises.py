"""Promises on the page of a case: entered with owner and time, shown with their clock, settled once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from amends.accounts.models import User
from amends.cases.models import Case
from amends.replies.models import Promise
from amends.replies.promise import make_promise
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PART = {"HX-Request": "true"}


def url(case: Case, what: str) -> str:
    return f"/cases/C-{case.number}/{what}"


def test_a_promise_is_entered_with_owner_and_time_in_the_zone_of_the_reader(
    case: Case, agent: User, lead: User, sign_in: SignIn, now: datetime
) -> None:
    User.objects.filter(pk=agent.pk).update(time_zone="Asia/Jakarta")
    until = (now + timedelta(hours=12)).replace(second=0, microsecond=0)
    typed = until + timedelta(hours=7)
    form = {"text": "We call back", "owner": lead.pk, "until": typed.strftime("%Y-%m-%dT%H:%M")}
    said = sign_in(agent).post(url(case, "promises/make/"), form, headers=PART)
    assert said.status_code == 200
    assert "The promise stands in the register." in words(said)
    kept = Promise.objects.get()
    assert (kept.owner, kept.promised_for) == (lead, until)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"text": ""}, "Say in a sentence"),
        ({"owner": ""}, "Say who keeps"),
        ({"owner": "²"}, "Say who keeps"),
        ({"until": ""}, "Say until when"),
        ({"until": "2026-99-99T99:99"}, "Say until when"),
        ({"until": "2020-01-01T10:00"}, "Say until when"),
    ],
)
def test_what_is_missing_is_said_beside_the_form_and_the_rest_stays(
    case: Case, agent: User, sign_in: SignIn, changes: dict[str, str], told: str
) -> None:
    form = {"text": "We call back", "owner": agent.pk, "until": "2099-01-01T10:00"} | changes
    said = sign_in(agent).post(url(case, "promises/make/"), form, headers=PART)
    assert said.status_code == 422
    assert told in words(said)
    assert str(form["text"]) in words(said)
    assert not Promise.objects.exists()


def test_the_page_shows_what_is_open_with_its_clock_and_takes_the_outcome_once(
    case: Case, agent: User, sign_in: SignIn
) -> None:
    now = timezone.now()
    kept = make_promise(
        case, text="We call back", owner=agent, promised_for=now + timedelta(hours=2), by=agent, now=now
    )  # fmt: skip
    client = sign_in(agent)
    page = words(client.get(url(case, "")))
    assert "We call back" in page
    assert "due in" in page
    form = {"promise": kept.pk, "became": "broken", "told": "yes"}
    said = words(client.post(url(case, "promises/settle/"), form, headers=PART))
    assert "Tell the customer" in said
    assert "Broken" in said
    again = client.post(url(case, "promises/settle/"), form, headers=PART)
    assert again.status_code == 422


def test_a_promise_of_another_case_is_not_settled_from_here(
    case: Case, make_case: Callable[..., Case], agent: User, sign_in: SignIn
) -> None:
    now = timezone.now()
    other = make_case(external_id="c-9", thread_external_id="c-9")
    kept = make_promise(
        other, text="x", owner=agent, promised_for=now + timedelta(hours=2), by=agent, now=now
    )
    form = {"promise": kept.pk, "became": "kept"}
    assert sign_in(agent).post(url(case, "promises/settle/"), form, headers=PART).status_code == 422
    kept.refresh_from_db()
    assert kept.status == "open"
