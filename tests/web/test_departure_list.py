"""The page that shows where people departed from the playbook: counted, with reasons, and nobody named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from amends.accounts.models import User
from amends.cases.models import Case
from amends.cases.override_decision import Departure, override_decision
from amends.core.clock import ScriptedClock
from amends.pipeline.act import triage_and_decide
from amends.pipeline.desk import Desk
from tests.web.conftest import FORM, words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
REASON = "The depot admitted it."


@pytest.fixture
def departed(case: Case, agent: User, now: datetime) -> Case:
    depart(case, by=agent, now=now)
    return case


def depart(case: Case, *, by: User, now: datetime, reason: str = REASON) -> None:
    desk = Desk(clock=ScriptedClock(now))
    triage_and_decide(case, form=FORM, by=by, now=now, desk=desk)
    override_decision(
        case,
        decision_id=case.decisions.latest("pk").pk,
        instead=Departure(reason=reason, rule_id="D1"),
        playbook=desk.playbook(case.workspace_id),
        by=by,
        now=now,
    )


def shown(client: Client, query: str = "") -> str:
    response: HttpResponse = client.get(reverse("playbook_departures") + query)  # type: ignore[assignment]
    return words(response)


def test_a_rule_stands_there_with_its_reasons_and_cases(
    sign_in: SignIn, viewer: User, departed: Case
) -> None:
    said = shown(sign_in(viewer))
    assert "In <strong>1</strong> of 1 case people put something else" in said
    assert REASON in said
    assert departed.public_id in said
    assert "Rule D1" in said


def test_the_same_reason_is_told_once_with_a_number(
    sign_in: SignIn, agent: User, departed: Case, make_case: Callable[..., Case], now: datetime
) -> None:
    other = make_case(external_id="o-1", thread_external_id="o-1")
    depart(other, by=agent, now=now, reason=REASON.upper())
    said = shown(sign_in(agent))
    assert "2 ×" in said
    assert said.casefold().count(REASON.casefold()) == 1
    assert departed.public_id in said
    assert other.public_id in said


def test_nobody_is_named(sign_in: SignIn, lead: User, agent: User, departed: Case) -> None:
    """Counts are for rules: people are never ranked."""
    response = sign_in(lead).get(reverse("playbook_departures"))
    main = response.content.decode().partition("<main")[2]
    assert agent.name not in main


def test_what_lies_before_the_range_is_not_counted(
    sign_in: SignIn, agent: User, case: Case, now: datetime
) -> None:
    depart(case, by=agent, now=now - timedelta(days=60))
    client = sign_in(agent)
    assert REASON in shown(client)
    assert REASON not in shown(client, "?days=30")
    assert "Nobody departed from a recommendation in the last 30 days." in shown(client, "?days=30")
    assert REASON in shown(client, "?days=nonsense")


def test_a_restricted_case_shows_only_to_who_may_see_it(
    sign_in: SignIn, agent: User, lead: User, departed: Case
) -> None:
    Case.objects.filter(pk=departed.pk).update(lane="legal")
    assert REASON not in shown(sign_in(agent))
    assert "people put something else" not in shown(sign_in(agent))
    assert REASON in shown(sign_in(lead))


def test_a_stranger_has_no_such_page(sign_in: SignIn, stranger: User, departed: Case) -> None:
    response = sign_in(stranger).get(reverse("playbook_departures"))
    assert REASON not in response.content.decode()


def test_the_playbook_leads_there(sign_in: SignIn, viewer: User, departed: Case) -> None:
    page = sign_in(viewer).get(reverse("playbook")).content.decode()
    assert reverse("playbook_departures") in page


def test_a_reason_in_other_letters_is_shown_as_it_was_written(
    sign_in: SignIn, agent: User, case: Case, now: datetime
) -> None:
    depart(case, by=agent, now=now, reason="<b>Neden?</b>")
    page = sign_in(agent).get(reverse("playbook_departures")).content.decode()
    assert "&lt;b&gt;Neden?&lt;/b&gt;" in page
