"""Macros: all steps or none, one entry with its parts, and one click that takes them back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.acts import Act
from amends.cases.assign import assign_case
from amends.cases.label import labels_on, make_label
from amends.cases.macros import change_macro, macros_visible_to, make_macro, retire_macro
from amends.cases.manage_labels import retire_label
from amends.cases.models import Case, Label, Macro, Note, Stroke
from amends.cases.run_macro import run_macro
from amends.cases.transitions import NotPossible
from amends.cases.undo import undo_stroke
from amends.record.models import ActionLog
from tests.support.desk import Colleagues

MakeCase = Callable[..., Case]


@pytest.fixture
def case(make_case: MakeCase) -> Case:
    return make_case()


@pytest.fixture
def label(workspace: Workspace, lead: User, now: datetime) -> Label:
    return make_label(workspace, name="İade", by=lead, now=now)


@pytest.fixture
def steps(label: Label) -> list[Act]:
    return [
        Act("assign", {"to": "me"}),
        Act("label", {"label": str(label.pk)}),
        Act("note", {"text": "Not our shop."}),
        Act("close", {"disposition": "not_ours", "reason": "Another shop of that name"}),
    ]


@pytest.fixture
def macro(workspace: Workspace, lead: User, steps: list[Act], now: datetime) -> Macro:
    return make_macro(workspace, name="Not ours", steps=steps, is_shared=True, by=lead, now=now)


def test_all_steps_are_taken_and_logged_as_one_act_with_its_parts(
    macro: Macro, case: Case, agent: User, label: Label, now: datetime, colleagues: Colleagues
) -> None:
    colleagues.triage(case)
    case.refresh_from_db()
    run_macro(macro, case=case, by=agent, now=now)
    case = Case.objects.get()
    assert (case.assignee, case.status, labels_on(case)) == (agent, "no_action", [label])
    entry = ActionLog.objects.get(action="case.macro")
    assert entry.data["parts"] == ["assign", "label", "note", "close"]


def test_a_step_that_is_refused_takes_all_the_others_back(
    macro: Macro, case: Case, agent: User, lead: User, label: Label, now: datetime
) -> None:
    retire_label(label, by=lead, now=now)
    with pytest.raises(NotPossible, match=r"Nothing was done\. Step 2"):
        run_macro(macro, case=case, by=agent, now=now)
    case = Case.objects.get()
    assert (case.assignee, case.status) == (None, "new")
    assert not Stroke.objects.exists()
    assert not ActionLog.objects.filter(action__in=["case.macro", "case.assign"]).exists()


def test_one_click_takes_it_back_and_the_note_is_said_not_to_count(
    macro: Macro, case: Case, colleagues: Colleagues, agent: User, now: datetime
) -> None:
    colleagues.draft(case, "Merhaba")
    case.refresh_from_db()
    stroke = run_macro(macro, case=case, by=agent, now=now)
    assert undo_stroke(stroke, by=agent, now=now + timedelta(minutes=9)) == []
    case = Case.objects.get()
    assert (case.assignee, case.status, labels_on(case)) == (None, "drafting", [])
    assert [note.text for note in Note.objects.order_by("pk")][-1].startswith("Undone")
    assert ActionLog.objects.filter(action="case.undo").count() == 1


def test_it_is_not_taken_back_over_what_somebody_did_since(
    macro: Macro, case: Case, agent: User, other_agent: User, now: datetime, colleagues: Colleagues
) -> None:
    colleagues.triage(case)
    case.refresh_from_db()
    stroke = run_macro(macro, case=case, by=agent, now=now)
    assign_case(case, to=other_agent, by=other_agent, now=now)
    with pytest.raises(NotPossible, match="given to somebody else since"):
        undo_stroke(stroke, by=agent, now=now)
    case = Case.objects.get()
    assert (case.status, case.assignee) == ("no_action", other_agent)  # nothing of it was undone
    stroke.refresh_from_db()
    assert stroke.undone_at is None


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [Act("send", {})],
        [Act("approve", {})],
        [Act("measure", {})],
        [Act("assign", {"to": "999999"})],
        [Act("label", {"label": "999999"})],
        [Act("snooze", {"choice": "never"})],
        [Act("note", {"text": " "})],
        [Act("close", {"disposition": "silence", "reason": "x"})],
        [Act("close", {"disposition": "duplicate", "reason": "x"})],
        [Act("close", {"disposition": "not_ours", "reason": ""})],
        [Act("close", {"disposition": "not_ours", "reason": "x"}), Act("assign", {"to": "me"})],
        [Act("assign", {"to": "me"})] * 11,
    ],
)
def test_a_macro_that_could_not_run_is_not_kept(
    steps: list[Act], workspace: Workspace, lead: User, now: datetime
) -> None:
    with pytest.raises(NotPossible):
        make_macro(workspace, name="x", steps=steps, is_shared=False, by=lead, now=now)


def test_own_ones_are_seen_by_their_owner_and_shared_ones_made_by_leads(
    workspace: Workspace,
    agent: User,
    other_agent: User,
    viewer: User,
    stranger: User,
    now: datetime,
) -> None:
    mine = [Act("assign", {"to": "me"})]
    own = make_macro(workspace, name="Mine", steps=mine, is_shared=False, by=agent, now=now)
    assert list(macros_visible_to(agent, workspace=workspace)) == [own]
    for person in (other_agent, viewer, stranger):
        assert not macros_visible_to(person, workspace=workspace).exists()
    for person, is_shared in ((agent, True), (viewer, False), (stranger, False)):
        with pytest.raises(NotAllowed):
            make_macro(workspace, name="x", steps=mine, is_shared=is_shared, by=person, now=now)


def test_nobody_changes_runs_or_retires_what_is_somebody_elses(
    workspace: Workspace,
    case: Case,
    macro: Macro,
    agent: User,
    other_agent: User,
    lead: User,
    now: datetime,
) -> None:
    mine = [Act("assign", {"to": "me"})]
    own = make_macro(workspace, name="Mine", steps=mine, is_shared=False, by=agent, now=now)
    with pytest.raises(NotPossible):
        run_macro(own, case=case, by=other_agent, now=now)
    with pytest.raises(NotPossible):
        retire_macro(own, by=lead, now=now)
    with pytest.raises(NotAllowed):
        change_macro(macro, name="x", steps=mine, is_shared=True, by=agent, now=now)
    change_macro(macro, name="Mine now", steps=mine, is_shared=True, by=lead, now=now)
    retire_macro(macro, by=lead, now=now)
    with pytest.raises(NotPossible, match="not offered"):
        run_macro(macro, case=case, by=agent, now=now)
