"""Saved views: one's own and shared ones, their names, their order, and who may change them."""

from __future__ import annotations

from datetime import datetime

import pytest

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.models import SavedView
from amends.cases.save_view import (
    MOST_VIEWS,
    change_view,
    delete_view,
    move_view,
    save_view,
    saved_views_visible_to,
    share_view,
)
from amends.cases.transitions import NotPossible
from amends.record.models import ActionLog

pytestmark = pytest.mark.django_db


def names(user: User, workspace: Workspace) -> list[str]:
    return [one.name for one in saved_views_visible_to(user, workspace=workspace)]


def keep(
    workspace: Workspace, name: str, *, by: User, now: datetime, **values: object
) -> SavedView:
    query = values.pop("query", "view=unassigned&language=tr")
    return save_view(workspace, name=name, query=query, by=by, now=now, **values)  # type: ignore[arg-type]


def test_ones_own_views_are_ones_own_and_shared_ones_stand_with_everybody(
    workspace: Workspace, agent: User, other_agent: User, lead: User, stranger: User, now: datetime
) -> None:
    keep(workspace, "Mine alone", by=agent, now=now)
    keep(workspace, "Turkish", by=lead, now=now, is_shared=True)
    assert names(agent, workspace) == ["Mine alone", "Turkish"]
    assert names(other_agent, workspace) == ["Turkish"]
    assert names(stranger, workspace) == []
    with pytest.raises(NotAllowed):
        keep(workspace, "For all", by=agent, now=now, is_shared=True)
    with pytest.raises(NotAllowed):
        keep(workspace, "Theirs", by=stranger, now=now)


def test_only_what_is_a_filter_is_kept_of_an_address(
    workspace: Workspace, agent: User, now: datetime
) -> None:
    query = "view=mine&severity=high&severity=low&after=0~-~9&csrf=x&q=kargo&order=newest"
    view = keep(workspace, "A", by=agent, now=now, query=query)
    assert view.query == "view=mine&severity=low&severity=high&q=kargo&order=newest"
    assert keep(workspace, "B", by=agent, now=now, query="view=secret&x=1").query == "view=all"


def test_a_name_is_needed_and_taken_once_among_those_it_stands_beside(
    workspace: Workspace, agent: User, other_agent: User, now: datetime
) -> None:
    view = keep(workspace, " Kargo  işleri ", by=agent, now=now)
    assert view.name == "Kargo işleri"
    keep(workspace, "Kargo işleri", by=other_agent, now=now)
    for name in ("", "   ", "kargo İşleri".lower().replace("i̇", "i")):
        with pytest.raises(NotPossible):
            keep(workspace, name, by=agent, now=now)
    change_view(view, name="Kargo", by=agent, now=now)
    assert names(agent, workspace) == ["Kargo"]


def test_views_are_put_in_order_and_the_ends_stay_where_they_are(
    workspace: Workspace, agent: User, now: datetime
) -> None:
    one, _two, three = (keep(workspace, name, by=agent, now=now) for name in "abc")
    move_view(three, up=True, by=agent, now=now)
    move_view(one, up=True, by=agent, now=now)
    assert names(agent, workspace) == ["a", "c", "b"]
    move_view(one, up=False, by=agent, now=now)
    assert names(agent, workspace) == ["c", "a", "b"]


def test_leads_change_what_is_shared_and_nobody_elses_own(
    workspace: Workspace, agent: User, lead: User, owner: User, now: datetime
) -> None:
    shared = keep(workspace, "Shared", by=lead, now=now, is_shared=True)
    own = keep(workspace, "Own", by=agent, now=now)
    with pytest.raises(NotPossible):
        change_view(shared, name="Mine now", by=agent, now=now)
    with pytest.raises(NotPossible):
        delete_view(own, by=owner, now=now)
    change_view(shared, name="Ours", query="view=all&language=nl", by=owner, now=now)
    assert names(agent, workspace) == ["Own", "Ours"]
    share_view(shared, is_shared=False, by=owner, now=now)
    assert names(agent, workspace) == ["Own"]
    assert names(lead, workspace) == ["Ours"]
    delete_view(own, by=agent, now=now)
    assert names(agent, workspace) == []
    said = (
        ActionLog.objects.filter(subject_kind="view")
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert list(said) == ["view.save", "view.save", "view.change", "view.unshare", "view.delete"]


def test_there_is_an_end_to_how_many(workspace: Workspace, agent: User, now: datetime) -> None:
    for n in range(MOST_VIEWS):
        keep(workspace, f"view {n}", by=agent, now=now)
    with pytest.raises(NotPossible):
        keep(workspace, "one more", by=agent, now=now)
