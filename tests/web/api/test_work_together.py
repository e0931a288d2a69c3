"""Labels, sleep, taking over, merging and splitting over the API: the verbs of the pages, and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from amends.accounts.models import Membership, User, Workspace
from amends.cases.label import make_label
from amends.cases.models import Case, CaseComment, Label, Merge
from amends.cases.note_traces import note_traces
from amends.connectors.kit.events import InboundAuthor
from amends.record.models import ActionLog
from tests.web.api.conftest import Program, code_of

pytestmark = pytest.mark.django_db
Make = Callable[..., Program]
MakeCase = Callable[..., Case]
CAN = InboundAuthor("a-2", "can", "Can")


@pytest.fixture
def label(workspace: Workspace, lead: User, now: datetime) -> Label:
    return make_label(workspace, name="Courier", colour="blue", by=lead, now=now)


@pytest.fixture
def other(make_case: MakeCase) -> Case:
    return make_case("Kargom hâlâ gelmedi", author=CAN)


def at(case: Case, rest: str) -> str:
    return f"/cases/{case.public_id}/{rest}"


def logged(case: Case, action: str) -> int:
    return ActionLog.objects.filter(subject_id=case.public_id, action=action).count()


def test_a_label_is_listed_put_on_found_and_taken_off(
    case: Case, label: Label, agent: User, program: Make
) -> None:
    desk = program(agent)
    shown = {"id": label.pk, "name": "Courier", "colour": "blue"}
    assert desk.get("/labels").json() == {"labels": [shown | {"is_retired": False}]}
    path = at(case, f"labels/{label.pk}")
    for _time in range(2):  # the second changes nothing
        assert desk.put(path, {}).json()["labels"] == [shown]
    assert logged(case, "case.label") == 1
    entry = ActionLog.objects.get(action="case.label")
    assert entry.data["token"] == f"{desk.prefix}… (CRM)"
    assert desk.get(f"/cases/{case.public_id}").json()["labels"] == [shown]
    (found,) = desk.get(f"/cases?label={label.pk}").json()["cases"]
    assert found["labels"] == [shown]
    for _time in range(2):
        assert desk.ask("DELETE", path).json()["labels"] == []
    assert logged(case, "case.unlabel") == 1


def test_a_label_that_is_none_or_retired_is_not_put_on(
    case: Case, label: Label, agent: User, program: Make, now: datetime
) -> None:
    desk = program(agent)
    assert code_of(desk.put(at(case, "labels/999"), {})) == "not_found"
    Label.objects.update(retired_at=now)
    refused = desk.put(at(case, f"labels/{label.pk}"), {})
    assert code_of(refused) == "not_possible"
    assert "retired" in refused.json()["detail"]
    assert desk.get("/labels").json()["labels"][0]["is_retired"]


def test_a_case_sleeps_until_a_moment_and_wakes(
    case: Case, agent: User, program: Make, now: datetime
) -> None:
    desk = program(agent)
    Case.objects.filter(pk=case.pk).update(first_reply_due_at=None, clock_started_at=None)
    until = (now + timedelta(days=2)).replace(microsecond=0)
    said = desk.post(at(case, "snooze"), {"until": until.isoformat()}).json()
    assert datetime.fromisoformat(said["snoozed_until"]) == until
    assert [one["id"] for one in desk.get("/cases?view=snoozed").json()["cases"]] == [said["id"]]
    assert desk.post(at(case, "wake")).json()["snoozed_until"] is None
    assert code_of(desk.post(at(case, "wake"))) == "not_possible"
    assert (logged(case, "case.snooze"), logged(case, "case.wake")) == (1, 1)


@pytest.mark.parametrize("until", ["2001-01-01T00:00:00Z", "2040-01-01T00:00:00Z"])
def test_no_case_sleeps_until_a_time_gone_by_or_for_ever(
    until: str, case: Case, agent: User, program: Make
) -> None:
    desk = program(agent)
    refused = desk.post(at(case, "snooze"), {"until": until})
    assert code_of(refused) == "not_possible"
    assert "at most 90 days" in refused.json()["detail"]
    assert code_of(desk.post(at(case, "snooze"), {"until": "tomorrow"})) == "invalid"


def test_of_two_who_take_a_case_one_is_told_who_was_first(
    case: Case, agent: User, other_agent: User, program: Make
) -> None:
    mine, theirs = program(agent), program(other_agent)
    assert mine.post(at(case, "take"), {"holder": None}).json()["assignee"]["id"] == agent.pk
    refused = theirs.post(at(case, "take"), {"holder": None})
    assert code_of(refused) == "not_possible"
    assert str(agent) in refused.json()["detail"]
    taken = theirs.post(at(case, "take"), {"holder": agent.pk}).json()
    assert taken["assignee"]["id"] == other_agent.pk
    assert code_of(mine.post(at(case, "pass-on"))) == "not_possible"
    assert theirs.post(at(case, "pass-on")).json()["assignee"] is None


def test_two_cases_are_merged_once_and_made_two_again(
    case: Case, other: Case, agent: User, program: Make
) -> None:
    desk = program(agent)
    wanted = {"other": other.public_id, "reason": "The same parcel"}
    made = desk.post(at(case, "merges"), wanted, Idempotency_Key="m-1")
    again = desk.post(at(case, "merges"), wanted, Idempotency_Key="m-1")
    assert (made.status_code, again.json()) == (201, made.json())
    assert again["Idempotent-Replayed"] == "true"
    said = made.json()
    assert (said["survivor"], said["merged"]) == (case.public_id, other.public_id)
    assert (said["reason"], said["merged_by"]["id"]) == ("The same parcel", agent.pk)
    assert desk.get(at(case, "merges")).json() == {"merges": [said], "ended": None}
    assert desk.get(at(other, "merges")).json() == {"merges": [], "ended": said}
    assert code_of(desk.post(at(case, "merges"), wanted)) == "not_possible"
    assert logged(case, "case.merge") == 1
    undone = desk.post(at(case, f"merges/{said['id']}/undo"))
    assert undone.json()["undone_at"] is not None
    assert desk.get(f"/cases/{other.public_id}").json()["status"] == "new"
    assert code_of(desk.post(at(case, f"merges/{said['id']}/undo"))) == "not_possible"
    assert code_of(desk.post(at(case, "merges/999/undo"))) == "not_found"
    assert logged(case, "case.undo_merge") == 1


def test_a_merge_is_undone_from_the_case_that_ended_too(
    case: Case, other: Case, agent: User, program: Make
) -> None:
    desk = program(agent)
    made = desk.post(at(case, "merges"), {"other": other.public_id}).json()
    assert desk.post(at(other, f"merges/{made['id']}/undo")).status_code == 200
    other.refresh_from_db()
    assert other.merged_into_id is None


def test_comments_are_split_off_and_attached_elsewhere(
    case: Case, other: Case, make_case: MakeCase, agent: User, program: Make
) -> None:
    desk = program(agent)
    desk.post(at(case, "merges"), {"other": other.public_id})
    everything = [case.comment_id, other.comment_id]
    assert code_of(desk.post(at(case, "split"), {"comments": everything})) == "not_possible"
    made = desk.post(at(case, "split"), {"comments": [other.comment_id]})
    assert (made.status_code, made.json()["comment_id"]) == (201, other.comment_id)
    third = make_case("Nerede kaldı?", author=InboundAuthor("a-3", "elif", "Elif"))
    only = desk.post(at(third, "attach"), {"comment": other.comment_id})
    assert code_of(only) == "not_possible"  # it is the only one of its case
    new = made.json()["id"]
    desk.post(f"/cases/{new}/merges", {"other": third.public_id})
    moved = desk.post(at(case, "attach"), {"comment": third.comment_id})
    assert moved.json()["id"] == case.public_id
    assert CaseComment.objects.get(comment=third.comment_id).case_id == case.pk
    assert code_of(desk.post(at(case, "attach"), {"comment": 10**6})) == "not_found"
    assert (logged(case, "case.split"), logged(case, "case.attach")) == (1, 1)


def test_what_may_be_the_same_is_told_with_its_reasons(
    make_case: MakeCase, agent: User, viewer: User, program: Make
) -> None:
    case = make_case("Sipariş no 4471982 nerede?")
    other = make_case("4471982 numaralı siparişim yok", author=CAN)
    for one in (case, other):
        note_traces(one.comment.versions.get())
    said = {"case": other.public_id, "reasons": ["same_order"], "number": "4471"}
    path = at(case, "suggestions")
    assert program(agent).get(path).json() == {"suggestions": [said]}
    assert program(viewer).get(path).json() == {"suggestions": []}


DEEDS: dict[str, tuple[str, dict[str, Any]]] = {
    "labels/{label}": ("PUT", {}),
    "labels/{label} off": ("DELETE", {}),
    "snooze": ("POST", {"until": "2040-01-01T00:00:00Z"}),
    "wake": ("POST", {}),
    "take": ("POST", {"holder": None}),
    "pass-on": ("POST", {}),
    "merges": ("POST", {"other": "C-1"}),
    "merges/1/undo": ("POST", {}),
    "split": ("POST", {"comments": [1]}),
    "attach": ("POST", {"comment": 1}),
    "suggestions": ("GET", {}),
    "merges list": ("GET", {}),
}


def deed(desk: Program, case: Case, name: str, *, label: Label) -> Any:
    method, body = DEEDS[name]
    path = at(case, name.split(" ")[0].format(label=label.pk))
    return desk.ask(method, path, None if method == "GET" else body)


@pytest.mark.parametrize("name", DEEDS)
def test_a_case_out_of_sight_is_as_if_there_were_none(
    name: str, case: Case, label: Label, agent: User, stranger: User, program: Make
) -> None:
    desk, elsewhere = program(agent), program(stranger)
    assert code_of(deed(elsewhere, case, name, label=label)) == "not_found"
    Case.objects.filter(pk=case.pk).update(lane="legal")
    hidden = deed(desk, case, name, label=label)
    assert (hidden.status_code, code_of(hidden)) == (404, "not_found")
    assert hidden.content == deed(desk, Case(number=999), name, label=label).content


@pytest.mark.parametrize("name", [one for one, (method, _b) in DEEDS.items() if method != "GET"])
def test_who_only_reads_changes_nothing(
    name: str, case: Case, label: Label, agent: User, program: Make
) -> None:
    desk, readers = program(agent), program(agent, scopes=["read", "note"])
    assert code_of(deed(readers, case, name, label=label)) == "scope"
    Membership.objects.filter(user=agent).update(role="viewer")
    assert code_of(deed(desk, case, name, label=label)) == "not_allowed"


def test_neither_a_merge_nor_its_undoing_reaches_a_hidden_case(
    case: Case, other: Case, agent: User, lead: User, program: Make
) -> None:
    desk, leads = program(agent), program(lead)
    Case.objects.filter(pk=other.pk).update(lane="legal")
    refused = desk.post(at(case, "merges"), {"other": other.public_id})
    missing = desk.post(at(case, "merges"), {"other": "C-999"})
    assert (code_of(refused), refused.content) == ("not_found", missing.content)
    moved = desk.post(at(case, "attach"), {"comment": other.comment_id})
    assert moved.content == desk.post(at(case, "attach"), {"comment": 10**6}).content
    made = leads.post(at(case, "merges"), {"other": other.public_id}).json()
    Case.objects.filter(pk=case.pk).update(lane="open")  # the survivor may be moved out later
    assert desk.get(at(case, "merges")).json() == {"merges": [], "ended": None}
    assert code_of(desk.post(at(case, f"merges/{made['id']}/undo"))) == "not_found"
    assert Merge.objects.get().undone_at is None
