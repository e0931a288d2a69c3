"""Who may see which case: one door, restricted lanes behind it, counts included."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from amends.accounts.models import Membership, User, Workspace
from amends.cases.assign import assign_case
from amends.cases.count_cases import view_counts
from amends.cases.models import Case, CaseStatus, Lane
from amends.cases.queries import case_or_none, cases_visible_to, earlier_cases
from amends.cases.transitions import NotPossible
from amends.cases.working_views import VIEWS, in_view

pytestmark = pytest.mark.django_db
OPEN = {"open"}
EVERY = set(Lane.values)
SEEN = {
    "owner": EVERY,
    "lead": EVERY,
    "counsel": EVERY,
    "agent": OPEN,
    "viewer": OPEN,
    "stranger": set(),
}


@pytest.fixture
def one_of_each_lane(make_case: Callable[..., Case]) -> dict[str, Case]:
    return {lane: make_case(lane=lane, thread_external_id=f"t-{lane}") for lane in Lane.values}


@pytest.mark.parametrize("role", SEEN)
def test_everybody_sees_the_lanes_of_their_role_and_no_others_anywhere(
    role: str,
    one_of_each_lane: dict[str, Case],
    workspace: Workspace,
    now: datetime,
    request: pytest.FixtureRequest,
) -> None:
    user: User = request.getfixturevalue(role)
    seen = SEEN[role]
    visible = cases_visible_to(user, workspace=workspace)
    assert set(visible.values_list("lane", flat=True)) == seen
    counts = view_counts(user, workspace=workspace, now=now)
    assert (counts["all"], counts["unassigned"]) == (len(seen), len(seen))
    for lane, case in one_of_each_lane.items():
        found = case_or_none(user, workspace=workspace, number=case.number)
        assert (found is not None) == (lane in seen)
    earlier = earlier_cases(one_of_each_lane["open"], user)
    assert set(earlier.values_list("lane", flat=True)) == seen - OPEN


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("role", SEEN)
def test_the_count_of_a_view_is_what_its_list_shows(
    role: str,
    view: str,
    one_of_each_lane: dict[str, Case],
    workspace: Workspace,
    now: datetime,
    request: pytest.FixtureRequest,
) -> None:
    user: User = request.getfixturevalue(role)
    for case, status in zip(one_of_each_lane.values(), CaseStatus, strict=False):
        Case.objects.filter(pk=case.pk).update(status=status, assignee=user)
    Case.objects.filter(Q(lane="legal") | Q(lane="threat")).update(status="awaiting_approval")
    visible = cases_visible_to(user, workspace=workspace)
    shown = in_view(visible, view, user=user, now=now)
    assert view_counts(user, workspace=workspace, now=now)[view] == shown.count()
    assert set(shown.values_list("lane", flat=True)) <= SEEN[role]


@pytest.mark.usefixtures("one_of_each_lane")
def test_who_left_and_who_never_was_here_see_nothing(
    lead: User, workspace: Workspace, now: datetime
) -> None:
    Membership.objects.filter(user=lead).update(is_active=False)
    assert not cases_visible_to(lead, workspace=workspace).exists()
    assert set(view_counts(lead, workspace=workspace, now=now).values()) == {0}
    nobody = AnonymousUser()
    assert not cases_visible_to(nobody, workspace=workspace).exists()


@pytest.mark.usefixtures("one_of_each_lane")
def test_a_locked_account_sees_nothing(lead: User, workspace: Workspace) -> None:
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert not cases_visible_to(lead, workspace=workspace).exists()


@pytest.mark.parametrize("lane", [lane for lane in Lane.values if lane != "open"])
def test_a_restricted_case_is_given_to_nobody_who_may_not_see_it(
    one_of_each_lane: dict[str, Case], lead: User, agent: User, now: datetime, lane: str
) -> None:
    with pytest.raises(NotPossible, match="cannot work on this case"):
        assign_case(one_of_each_lane[lane], to=agent, by=lead, now=now)
    assert Case.objects.get(lane=lane).assignee is None
