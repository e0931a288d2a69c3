"""Lanes (K24): a triage moves what is not for everybody, a confidant takes it out; nothing leaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from amends.accounts.models import Notification, NotificationKind, User, Workspace
from amends.accounts.notify import notify
from amends.accounts.permissions import NotAllowed
from amends.cases.assign import assign_case
from amends.cases.count_cases import view_counts
from amends.cases.models import Case
from amends.cases.move_lane import lane_for, move_lane
from amends.cases.queries import case_or_none, cases_visible_to
from amends.cases.transitions import NotPossible
from amends.cases.triage import TriageForm, confirm_triage
from amends.record.log import Subject
from amends.record.models import ActionLog
from tests.support.desk import FORM

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
ASKED = replace(FORM, policy_ground="none", flags=())


@pytest.mark.parametrize(
    ("change", "lane"),
    [
        ({}, "open"),
        ({"category": "employee"}, "employee"),
        ({"flags": ("legal_threat",)}, "legal"),
        ({"policy_ground": "threat"}, "threat"),
        ({"policy_ground": "doxxing"}, "threat"),
        ({"flags": ("self_harm",)}, "threat"),
        ({"flags": ("minor",)}, "minor"),
        ({"author_type": "minor_suspected"}, "minor"),
        ({"policy_ground": "hate", "flags": ("offensive",)}, "open"),
        ({"flags": ("safety",), "severity": "critical"}, "open"),
        ({"category": "employee", "flags": ("minor", "legal_threat")}, "minor"),
    ],
)
def test_a_triage_puts_a_case_where_its_matter_belongs(
    make_case: MakeCase, agent: User, now: datetime, change: dict[str, object], lane: str
) -> None:
    case = make_case()
    form: TriageForm = replace(ASKED, **change)  # type: ignore[arg-type]
    confirm_triage(case, form=form, by=agent, now=now)
    assert Case.objects.get().lane == lane == case.lane


def test_the_lane_that_protects_most_is_chosen() -> None:
    flags = ("minor", "self_harm", "legal_threat")
    assert lane_for(category="employee", policy_ground="threat", flags=flags) == "minor"
    assert lane_for(category="employee", policy_ground="threat", flags=flags[1:]) == "threat"
    assert lane_for(category="employee", policy_ground="none", flags=flags[2:]) == "legal"


def test_a_triage_never_takes_a_case_out_of_a_lane(
    make_case: MakeCase, lead: User, now: datetime
) -> None:
    case = make_case(lane="legal")
    confirm_triage(case, form=ASKED, by=lead, now=now)
    assert Case.objects.get().lane == "legal"


def test_whoever_may_not_see_the_case_any_more_loses_it_and_is_told_nothing(
    make_case: MakeCase, workspace: Workspace, agent: User, lead: User, now: datetime
) -> None:
    case = make_case()
    assign_case(case, to=agent, by=lead, now=now)
    about = Subject("case", case.public_id, case.public_id)
    for person in (agent, lead):
        notify(person, workspace=workspace, kind=NotificationKind.WARNING, about=about, now=now)
    confirm_triage(case, form=replace(ASKED, category="employee"), by=agent, now=now)
    assert Case.objects.get().assignee is None
    assert [one.user for one in Notification.objects.all()] == [lead]
    assert case_or_none(agent, workspace=workspace, number=case.number) is None
    assert not cases_visible_to(agent, workspace=workspace).exists()
    assert set(view_counts(agent, workspace=workspace, now=now).values()) == {0}
    entry = ActionLog.objects.get(action="case.return")
    assert (entry.data["why"], entry.data["from"]) == ("lane", str(agent.pk))


def test_whoever_may_see_it_keeps_it(make_case: MakeCase, lead: User, now: datetime) -> None:
    case = make_case()
    assign_case(case, to=lead, by=lead, now=now)
    move_lane(case, to="legal", reason="", by=lead, now=now)
    assert (Case.objects.get().assignee, Case.objects.get().lane) == (lead, "legal")


def test_an_agent_may_hide_a_case_by_hand_and_the_log_says_so(
    make_case: MakeCase, agent: User, now: datetime
) -> None:
    case = make_case()
    move_lane(case, to="minor", reason="She writes of her teacher.", by=agent, now=now)
    assert Case.objects.get().lane == "minor"
    entry = ActionLog.objects.get(action="case.lane")
    assert entry.data == {
        "from": "open",
        "to": "minor",
        "how": "hand",
        "reason": "She writes of her teacher.",
    }
    with pytest.raises(NotAllowed):
        move_lane(case, to="open", reason="Not so grave.", by=agent, now=now)


@pytest.mark.parametrize("role", ["owner", "lead", "counsel"])
def test_out_of_a_lane_leads_only_a_confidants_reason(
    make_case: MakeCase, now: datetime, role: str, request: pytest.FixtureRequest
) -> None:
    case, user = make_case(lane="legal"), request.getfixturevalue(role)
    with pytest.raises(NotPossible, match="Say why"):
        move_lane(case, to="open", reason=" ", by=user, now=now)
    assert Case.objects.get().lane == "legal"
    move_lane(case, to="open", reason="The lawyer's letter was a joke.", by=user, now=now)
    assert Case.objects.get().lane == "open"


@pytest.mark.parametrize("role", ["viewer", "stranger"])
def test_who_does_not_work_here_moves_nothing(
    make_case: MakeCase, now: datetime, role: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        move_lane(make_case(), to="legal", reason="x", by=request.getfixturevalue(role), now=now)


def test_a_lane_that_is_none_and_a_move_that_somebody_else_made_are_refused(
    make_case: MakeCase, lead: User, now: datetime
) -> None:
    case = make_case()
    with pytest.raises(NotPossible, match="no such lane"):
        move_lane(case, to="secret", reason="x", by=lead, now=now)
    Case.objects.filter(pk=case.pk).update(lane="minor")
    with pytest.raises(NotPossible, match="Somebody else"):
        move_lane(case, to="legal", reason="x", by=lead, now=now)
