"""Who is at a case: said to others for a few seconds, never of a lane that they may not see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from amends.accounts.models import User, Workspace
from amends.cases.models import Case, Presence
from amends.cases.presence import (
    LOOKS_FOR,
    TYPES_FOR,
    forget_presence,
    leave_case,
    note_presence,
    presences_visible_to,
)

MakeCase = Callable[..., Case]


@pytest.fixture
def case(make_case: MakeCase) -> Case:
    return make_case()


def test_others_see_who_looks_and_who_types_and_nobody_sees_themself(
    case: Case, workspace: Workspace, agent: User, other_agent: User, now: datetime
) -> None:
    note_presence(case, person=agent, is_typing=True, now=now)
    (seen,) = presences_visible_to(other_agent, workspace=workspace, now=now)
    assert (seen.person, seen.typing_until) == (agent, now + TYPES_FOR)
    assert not presences_visible_to(agent, workspace=workspace, now=now).exists()


def test_it_expires_by_itself_and_is_forgotten(
    case: Case, workspace: Workspace, agent: User, other_agent: User, now: datetime
) -> None:
    note_presence(case, person=agent, is_typing=False, now=now)
    later = now + LOOKS_FOR
    assert not presences_visible_to(other_agent, workspace=workspace, now=later).exists()
    assert forget_presence(later) == 1


def test_a_page_that_asks_every_two_seconds_writes_a_row_every_few(
    case: Case, agent: User, now: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    note_presence(case, person=agent, is_typing=False, now=now)
    with django_assert_num_queries(1):
        note_presence(case, person=agent, is_typing=False, now=now + timedelta(seconds=2))
    note_presence(case, person=agent, is_typing=False, now=now + timedelta(seconds=8))
    row = Presence.objects.get()
    assert row.looking_until == now + timedelta(seconds=8) + LOOKS_FOR


def test_beginning_and_stopping_to_type_show_at_once(
    case: Case, agent: User, now: datetime
) -> None:
    for is_typing in (False, True, False):
        note_presence(case, person=agent, is_typing=is_typing, now=now)
        assert (Presence.objects.get().typing_until is not None) == is_typing


def test_who_closes_the_page_is_gone_at_once(case: Case, agent: User, now: datetime) -> None:
    note_presence(case, person=agent, is_typing=False, now=now)
    leave_case(case, person=agent)
    assert not Presence.objects.exists()


def test_of_a_restricted_lane_nobody_else_hears_also_when_it_moved_a_moment_ago(
    case: Case,
    workspace: Workspace,
    lead: User,
    agent: User,
    counsel: User,
    stranger: User,
    now: datetime,
) -> None:
    note_presence(case, person=lead, is_typing=True, now=now)
    Case.objects.filter(pk=case.pk).update(lane="legal")
    assert not presences_visible_to(agent, workspace=workspace, now=now).exists()
    assert not presences_visible_to(stranger, workspace=workspace, now=now).exists()
    assert presences_visible_to(counsel, workspace=workspace, now=now).count() == 1


def test_two_processes_that_say_it_at_once_leave_one_row(
    case: Case, agent: User, now: datetime
) -> None:
    """The upsert is one statement on both databases; a row that is there already is no error."""
    Presence.objects.create(case=case, person=agent, looking_until=now)
    note_presence(case, person=agent, is_typing=True, now=now)
    assert Presence.objects.count() == 1
    assert connection.vendor in {"sqlite", "postgresql"}
