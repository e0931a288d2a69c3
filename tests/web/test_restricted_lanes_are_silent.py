"""Nothing of a restricted case shows on any page to somebody who may not see its lane, counts included."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.cases.models import Case, Lane
from amends.cases.move_lane import put_into_lane
from amends.record.log import WORKER
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PAGES = (
    "/inbox/mine/",
    "/inbox/unassigned/",
    "/inbox/all/",
    "/inbox/due_soon/",
    "/inbox/approvals/",
    "/inbox/pulse/",
    "/measures/",
    "/departments/",
    "/endings/",
    "/notifications/",
    "/playbook/",
    "/engine/",
    "/mentions/",
    "/settings/",
    "/settings/labels/",
    "/settings/macros/",
    "/settings/routing/",
    "/bulk/numbers/",
)
WORDS = "My lawyer will write to you about the burnt charger."


@pytest.fixture
def restricted(make_case: Callable[..., Case], colleagues: Colleagues, now: datetime) -> Case:
    """A case with a reply that waits, moved into the legal lane."""
    case = make_case(WORDS)
    colleagues.ask(case)
    case.refresh_from_db()
    put_into_lane(case, lane=Lane.LEGAL, how="hand", reason="", actor=WORKER, now=now)
    return case


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("lane", ["legal", "employee", "threat", "minor"])
def test_an_agent_finds_no_trace(
    address: str, lane: str, restricted: Case, other_agent: User, sign_in: SignIn
) -> None:
    Case.objects.filter(pk=restricted.pk).update(lane=lane)
    answer = sign_in(other_agent).get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "burnt charger" not in page
    assert f"/cases/C-{restricted.number}/" not in page
    assert str(restricted.author) not in page


def test_the_case_itself_is_as_if_it_were_not(
    restricted: Case, other_agent: User, counsel: User, sign_in: SignIn
) -> None:
    address = f"/cases/C-{restricted.number}/"
    assert sign_in(other_agent).get(address).status_code == 404
    assert sign_in(counsel).get(address).status_code == 200
