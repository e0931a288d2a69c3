"""One act on many cases: by the verb and permission of doing it singly, and never one that does harm."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from amends.accounts.models import User, Workspace
from amends.cases import acts, bulk
from amends.cases.acts import ACTS, Act
from amends.cases.assign import assign_case
from amends.cases.bulk import AT_MOST, BULK_VERBS, act_in_bulk
from amends.cases.label import labels_on, make_label, put_label
from amends.cases.macros import MACRO_VERBS
from amends.cases.models import Case, Label, Stroke
from amends.cases.snooze import end_snooze
from amends.cases.transitions import NotPossible
from amends.cases.undo import UNDO, stroke_or_none, undo_stroke, undoable_until
from amends.record.models import ActionLog
from tests.support.desk import Colleagues

MakeCase = Callable[..., Case]
FORBIDDEN = ("send", "approve", "release", "measure", "hide", "delete", "erase", "block", "ban")


@pytest.fixture
def three(make_case: MakeCase) -> list[Case]:
    return [make_case(external_id=f"c-{n}", thread_external_id=f"t-{n}") for n in range(3)]


@pytest.fixture
def label(workspace: Workspace, lead: User, now: datetime) -> Label:
    return make_label(workspace, name="İade", by=lead, now=now)


def numbers(cases: list[Case]) -> list[int]:
    return [case.number for case in cases]


def test_no_verb_for_many_hides_deletes_sends_approves_or_measures() -> None:
    """Walks the verbs: their names, and what the module that does them can reach at all."""
    assert set(BULK_VERBS) == {"assign", "label", "unlabel", "snooze", "close"}
    assert set(MACRO_VERBS) == set(ACTS) == set(UNDO)
    assert set(BULK_VERBS) < set(ACTS)
    assert not [verb for verb in ACTS for word in FORBIDDEN if word in verb]
    tree = ast.parse(inspect.getsource(acts))
    reached = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert not [name for name in reached for word in FORBIDDEN if word in name]
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [one for one in modules if one.startswith(("amends.replies", "amends.measures"))]


@pytest.mark.parametrize("verb", ["note", "send", "approve", "hide", "delete", "triage", ""])
def test_what_is_not_for_many_is_refused(
    verb: str, three: list[Case], workspace: Workspace, owner: User, now: datetime
) -> None:
    with pytest.raises(NotPossible):
        act_in_bulk(numbers(three), act=Act(verb), workspace=workspace, by=owner, now=now)
    assert not Stroke.objects.exists()


def test_what_may_be_a_complaint_is_not_closed_with_others_before_somebody_read_it(
    three: list[Case], workspace: Workspace, agent: User, colleagues: Colleagues, now: datetime
) -> None:
    colleagues.triage(three[0])
    closing = Act("close", {"disposition": "not_ours", "reason": "Another shop"})
    stroke = act_in_bulk(numbers(three), act=closing, workspace=workspace, by=agent, now=now)
    assert [part["case"] for part in stroke.parts] == [three[0].number]
    assert all("complaint" in why for _case, why in stroke.refused)


def test_a_case_that_moved_out_of_sight_meanwhile_is_left_alone(
    three: list[Case],
    workspace: Workspace,
    agent: User,
    label: Label,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = bulk.do_act

    def moves_the_next(case: Case, **values: Any) -> Any:
        Case.objects.filter(pk=three[1].pk).update(lane="legal")
        return real(case, **values)

    monkeypatch.setattr(bulk, "do_act", moves_the_next)
    put = Act("label", {"label": str(label.pk)})
    stroke = act_in_bulk(numbers(three), act=put, workspace=workspace, by=agent, now=now)
    assert [part["case"] for part in stroke.parts] == [three[0].number, three[2].number]
    assert not stroke.refused


def test_it_says_how_many_were_done_and_why_the_others_were_not(
    three: list[Case], workspace: Workspace, agent: User, colleagues: Colleagues, now: datetime
) -> None:
    for case in three:
        colleagues.triage(case)
    closing = Act("close", {"disposition": "not_ours", "reason": "Another shop"})
    act_in_bulk([three[0].number], act=closing, workspace=workspace, by=agent, now=now)
    stroke = act_in_bulk(numbers(three), act=closing, workspace=workspace, by=agent, now=now)
    assert [part["case"] for part in stroke.parts] == numbers(three[1:])
    ((public_id, why),) = stroke.refused
    assert public_id == three[0].public_id
    assert "cannot become" in why
    assert set(Case.objects.values_list("reason", flat=True)) == {"Another shop"}


def test_cases_of_a_lane_that_the_person_may_not_see_are_as_if_they_were_not(
    three: list[Case], workspace: Workspace, agent: User, now: datetime
) -> None:
    Case.objects.filter(pk=three[0].pk).update(lane="legal")
    act = Act("assign", {"to": "me"})
    stroke = act_in_bulk(numbers(three), act=act, workspace=workspace, by=agent, now=now)
    assert [part["case"] for part in stroke.parts] == numbers(three[1:])
    assert stroke.refused == []
    assert Case.objects.get(pk=three[0].pk).assignee is None


def test_a_wrong_role_and_a_stranger_change_nothing(
    three: list[Case],
    workspace: Workspace,
    viewer: User,
    stranger: User,
    label: Label,
    now: datetime,
) -> None:
    for verb, values in (
        ("assign", {"to": "nobody"}),
        ("label", {"label": label.pk}),
        ("snooze", {"choice": "tomorrow"}),
        ("close", {"disposition": "not_ours", "reason": "x"}),
    ):
        act = Act(verb, values)
        for person in (viewer, stranger):
            stroke = act_in_bulk(numbers(three), act=act, workspace=workspace, by=person, now=now)
            assert stroke.parts == []
    assert not Case.objects.exclude(status="new").exists()


def test_closing_many_asks_for_a_reason_and_never_for_a_silence_or_a_duplicate(
    three: list[Case], workspace: Workspace, agent: User, now: datetime
) -> None:
    for code, reason in (("not_ours", " "), ("silence", "x"), ("duplicate", "x"), ("", "x")):
        act = Act("close", {"disposition": code, "reason": reason})
        stroke = act_in_bulk(numbers(three), act=act, workspace=workspace, by=agent, now=now)
        assert stroke.parts == []
        assert len(stroke.refused) == 3


def test_none_and_too_many_are_refused(workspace: Workspace, agent: User, now: datetime) -> None:
    act = Act("assign", {"to": "me"})
    for many in ([], list(range(AT_MOST + 1))):
        with pytest.raises(NotPossible):
            act_in_bulk(many, act=act, workspace=workspace, by=agent, now=now)


def test_an_assignment_is_undone_within_half_a_minute_but_not_over_a_later_one(
    three: list[Case], workspace: Workspace, agent: User, other_agent: User, now: datetime
) -> None:
    assign_case(three[0], to=other_agent, by=other_agent, now=now)
    act = Act("assign", {"to": "me"})
    stroke = act_in_bulk(numbers(three), act=act, workspace=workspace, by=agent, now=now)
    assign_case(three[2], to=other_agent, by=other_agent, now=now)
    ((public_id, why),) = undo_stroke(stroke, by=agent, now=now + timedelta(seconds=30))
    assert (public_id, "since" in why) == (three[2].public_id, True)
    holders = list(Case.objects.order_by("number").values_list("assignee", flat=True))
    assert holders == [other_agent.pk, None, other_agent.pk]
    assert ActionLog.objects.filter(action="case.undo").count() == 2
    with pytest.raises(NotPossible):
        undo_stroke(stroke, by=agent, now=now)


def test_labels_and_sleep_are_undone_and_labels_that_were_there_before_stay(
    three: list[Case], workspace: Workspace, agent: User, label: Label, now: datetime
) -> None:
    put_label(three[0], label=label, by=agent, now=now)
    act = Act("label", {"label": label.pk})
    stroke = act_in_bulk(numbers(three), act=act, workspace=workspace, by=agent, now=now)
    assert undo_stroke(stroke, by=agent, now=now) == []
    assert [labels_on(case) for case in three] == [[label], [], []]
    asleep = Act("snooze", {"until": now + timedelta(minutes=10)})
    stroke = act_in_bulk(numbers(three), act=asleep, workspace=workspace, by=agent, now=now)
    end_snooze(three[1], by=agent, now=now)
    assert [one for one, _why in undo_stroke(stroke, by=agent, now=now)] == [three[1].public_id]
    assert not Case.objects.filter(snoozed_until__isnull=False).exists()


def test_it_is_too_late_after_half_a_minute_and_a_closing_of_many_stands(
    three: list[Case], workspace: Workspace, agent: User, other_agent: User, now: datetime
) -> None:
    act = Act("assign", {"to": "me"})
    stroke = act_in_bulk(numbers(three), act=act, workspace=workspace, by=agent, now=now)
    with pytest.raises(NotPossible):
        undo_stroke(stroke, by=agent, now=now + timedelta(seconds=31))
    with pytest.raises(NotPossible):
        undo_stroke(stroke, by=other_agent, now=now)
    assert stroke_or_none(other_agent, workspace=workspace, pk=stroke.pk) is None
    closing = Act("close", {"disposition": "not_ours", "reason": "x"})
    closed = act_in_bulk(numbers(three), act=closing, workspace=workspace, by=agent, now=now)
    assert undoable_until(closed) is None
