"""What-if: past cases under a draft, counted and listed, and nothing about the cases changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.models import Case, Decision, WhatIf, WhatIfChange
from amends.cases.playbook_queries import (
    count_aspects,
    count_moves,
    what_if_changes_visible_to,
)
from amends.cases.publish_playbook import save_playbook_draft
from amends.cases.transitions import NotPossible
from amends.cases.what_if import WHAT_IF, ask_what_if, cancel_what_if
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_one, run_until_idle
from amends.pipeline.steps import BACKGROUND
from tests.support.desk import FORM, Colleagues
from tests.support.playbooks import another, broken, with_default

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STEP = next(one for one in BACKGROUND if one.name == WHAT_IF)


@pytest.fixture
def asked(
    make_case: Callable[..., Case], colleagues: Colleagues, workspace: Workspace, lead: User
) -> Callable[..., WhatIf]:
    """Three cases: two that no rule fits and one that a row covers; and a draft to try on them."""
    for number, category in enumerate(("other", "other", "praise")):
        case = make_case(external_id=f"c-{number}")
        colleagues.triage(case, replace(FORM, category=category, is_complaint=False))

    def ask(text: str = with_default("A3"), **changes: datetime) -> WhatIf:
        now = colleagues.now
        save_playbook_draft(workspace, text=text, revision=0, by=lead, now=now)
        dates = {"since": now - DAY, "until": now + DAY} | changes
        return ask_what_if(workspace, by=lead, now=now, **dates)

    return ask


def test_it_counts_and_lists_what_would_change(asked: Callable[..., WhatIf], desk: Desk) -> None:
    before = list(Case.objects.values()), Decision.objects.count()
    run = asked()
    run_until_idle(desk, steps=(STEP,))
    run.refresh_from_db()
    assert (run.status, run.percent, run.done, run.total) == ("done", 100, 3, 3)
    changes = list(WhatIfChange.objects.order_by("case"))
    assert len(changes) == 2
    for change in changes:
        assert (change.before["approval"], change.after["approval"]) == ("A1", "A3")
        assert (change.approval, change.rule, change.clocks, change.rest) == (
            True,
            False,
            False,
            False,
        )
    assert (list(Case.objects.values()), Decision.objects.count()) == before


def test_other_clocks_change_every_case_of_that_priority(
    asked: Callable[..., WhatIf], desk: Desk
) -> None:
    asked(another(words={"P4: {first_reply: 4h": "P4: {first_reply: 2h"}))
    run_until_idle(desk, steps=(STEP,))
    changes = WhatIfChange.objects.all()
    assert len(changes) == Case.objects.filter(priority="P4").count() > 0
    for change in changes:
        assert (change.clocks, change.priority) == (True, False)
        assert change.before["clocks"]["first_reply"] == "4h"
        assert change.after["clocks"]["first_reply"] == "2h"


def test_it_says_from_which_rule_to_which_cases_would_move(
    asked: Callable[..., WhatIf], desk: Desk, lead: User
) -> None:
    run = asked(another(words={"  - id: D16": "  - id: D99"}))
    run_until_idle(desk, steps=(STEP,))
    changes = what_if_changes_visible_to(lead, run=run)
    assert count_moves(changes) == [("D16", "D99", 1)]
    assert count_aspects(changes) == {
        "all": 1,
        "rule": 1,
        **dict.fromkeys(("priority", "approval", "strategy", "clocks", "rest"), 0),
    }


def test_a_draft_that_says_the_same_changes_nothing(
    asked: Callable[..., WhatIf], desk: Desk
) -> None:
    asked(another())
    run_until_idle(desk, steps=(STEP,))
    assert WhatIf.objects.get().status == "done"
    assert not WhatIfChange.objects.exists()


def test_only_cases_of_the_days_asked_for_are_tried(
    asked: Callable[..., WhatIf], desk: Desk, now: datetime
) -> None:
    run = asked(since=now - 9 * DAY, until=now - 8 * DAY)
    run_until_idle(desk, steps=(STEP,))
    run.refresh_from_db()
    assert (run.total, run.done, run.status) == (0, 0, "done")


def test_it_goes_on_where_a_crash_left_it(
    asked: Callable[..., WhatIf], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amends.cases.what_if.BATCH", 1)
    run = asked()
    assert run_one(STEP, desk=desk)
    run.refresh_from_db()
    assert (run.done, run.status) == (1, "running")
    WhatIf.objects.filter(pk=run.pk).update(lease_token="dead", leased_until=desk.clock.now())
    run_until_idle(desk, steps=(STEP,))
    run.refresh_from_db()
    assert (run.done, run.status) == (3, "done")
    assert WhatIfChange.objects.count() == 2


def test_it_can_be_cancelled_and_another_one_asked_for(
    asked: Callable[..., WhatIf], desk: Desk, workspace: Workspace, lead: User, now: datetime
) -> None:
    asked()
    dates = {"since": now - DAY, "until": now + DAY}
    with pytest.raises(NotPossible, match="running already"):
        ask_what_if(workspace, by=lead, now=now, **dates)
    cancel_what_if(workspace, by=lead, now=now)
    with pytest.raises(NotPossible):
        cancel_what_if(workspace, by=lead, now=now)
    assert not run_one(STEP, desk=desk)
    ask_what_if(workspace, by=lead, now=now, **dates)
    run_until_idle(desk, steps=(STEP,))
    assert [one.status for one in WhatIf.objects.order_by("pk")] == ["cancelled", "done"]


def test_the_result_of_an_earlier_one_is_cleared_away(
    asked: Callable[..., WhatIf], desk: Desk, workspace: Workspace, lead: User, now: datetime
) -> None:
    asked()
    run_until_idle(desk, steps=(STEP,))
    again = ask_what_if(workspace, since=now - DAY, until=now + DAY, by=lead, now=now)
    run_until_idle(desk, steps=(STEP,))
    assert set(WhatIfChange.objects.values_list("what_if", flat=True)) == {again.pk}


def test_facts_that_cannot_be_read_any_more_are_counted_apart(
    asked: Callable[..., WhatIf], desk: Desk
) -> None:
    run = asked()
    last = Decision.objects.latest("pk")
    values = {"rule_id": "D0", "priority": "P3", "approval": "A0", "decision": {}}
    Decision.objects.create(
        **values,
        workspace=last.workspace,
        case=last.case,
        playbook="p",
        playbook_version="0",
        playbook_digest="d",
        inputs={"mood_of_the_moon": "full"},
        created_at=desk.clock.now(),
    )
    run_until_idle(desk, steps=(STEP,))
    run.refresh_from_db()
    assert (run.done, run.skipped, run.status) == (3, 1, "done")


@pytest.mark.parametrize("who", ["agent", "counsel", "viewer", "stranger"])
def test_only_who_may_edit_the_playbook_tries_it(
    who: str, request: pytest.FixtureRequest, workspace: Workspace, now: datetime
) -> None:
    person: User = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        ask_what_if(workspace, since=now - DAY, until=now, by=person, now=now)
    with pytest.raises(NotAllowed):
        cancel_what_if(workspace, by=person, now=now)


def test_there_must_be_a_sound_draft_and_days_in_order(
    workspace: Workspace, lead: User, now: datetime
) -> None:
    dates = {"since": now - DAY, "until": now}
    with pytest.raises(NotPossible, match="no draft"):
        ask_what_if(workspace, by=lead, now=now, **dates)
    save_playbook_draft(workspace, text=broken()[0], revision=0, by=lead, now=now)
    with pytest.raises(NotPossible, match="mistakes"):
        ask_what_if(workspace, by=lead, now=now, **dates)
    save_playbook_draft(workspace, text=another(), revision=1, by=lead, now=now)
    with pytest.raises(NotPossible, match="before the first"):
        ask_what_if(workspace, since=now, until=now - DAY, by=lead, now=now)
