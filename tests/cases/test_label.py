"""Labels: put on, taken off, made in passing, unique whatever their case, merged and retired."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.label import find_or_make_label, labels_on, make_label, put_label, take_label
from amends.cases.manage_labels import (
    change_label,
    label_counts_visible_to,
    merge_labels,
    retire_label,
    revive_label,
)
from amends.cases.models import Case, CaseLabel, Label, fold_name
from amends.cases.transitions import NotPossible
from amends.record.models import ActionLog

MakeCase = Callable[..., Case]


@pytest.fixture
def label(workspace: Workspace, lead: User, now: datetime) -> Label:
    return make_label(workspace, name="İade", colour="red", by=lead, now=now)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("İADE", "iade"),
        ("Kargo  gecikti", "KARGO GECİKTİ"),
        ("Kırık", "KIRIK"),
        ("Возврат", "ВОЗВРАТ"),
        ("Straße", "STRASSE"),
        ("ﬁnal", "FINAL"),
    ],
)
def test_names_that_differ_in_case_alone_are_one(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_a_second_label_of_the_name_is_refused_in_any_case(
    label: Label, workspace: Workspace, lead: User, now: datetime
) -> None:
    for name in ("iade", "IADE", " İADE ", "ıade"):
        with pytest.raises(NotPossible, match="already"):
            make_label(workspace, name=name, by=lead, now=now)


def test_another_workspace_has_labels_of_its_own(
    label: Label, stranger: User, now: datetime
) -> None:
    elsewhere = stranger.memberships.get().workspace
    assert make_label(elsewhere, name="iade", by=stranger, now=now).pk != label.pk


def test_a_label_is_put_once_and_taken_off_and_both_are_logged(
    label: Label, make_case: MakeCase, agent: User, now: datetime
) -> None:
    case = make_case()
    assert put_label(case, label=label, by=agent, now=now)
    assert not put_label(case, label=label, by=agent, now=now)
    assert labels_on(case) == [label]
    assert take_label(case, label=label, by=agent, now=now)
    assert not take_label(case, label=label, by=agent, now=now)
    logged = ActionLog.objects.filter(action__in=["case.label", "case.unlabel"]).order_by("pk")
    assert [entry.action for entry in logged] == ["case.label", "case.unlabel"]
    assert logged[0].data["name"] == "İade"


def test_who_manages_labels_makes_one_in_passing_and_an_agent_finds_those_there_are(
    label: Label, workspace: Workspace, lead: User, agent: User, now: datetime
) -> None:
    assert find_or_make_label(workspace, name="IADE", by=agent, now=now) == label
    with pytest.raises(NotPossible, match="owner or lead"):
        find_or_make_label(workspace, name="Warranty", by=agent, now=now)
    assert find_or_make_label(workspace, name="Warranty", by=lead, now=now).name == "Warranty"


def test_a_viewer_and_a_stranger_label_nothing(
    label: Label, make_case: MakeCase, viewer: User, stranger: User, now: datetime
) -> None:
    case = make_case()
    for person in (viewer, stranger):
        with pytest.raises(NotAllowed):
            put_label(case, label=label, by=person, now=now)
        with pytest.raises(NotAllowed):
            merge_labels(label, into=label, by=person, now=now)


def test_a_label_of_another_workspace_cannot_be_put(
    make_case: MakeCase, agent: User, stranger: User, now: datetime
) -> None:
    elsewhere = stranger.memberships.get().workspace
    foreign = make_label(elsewhere, name="x", by=stranger, now=now)
    with pytest.raises(NotPossible):
        put_label(make_case(), label=foreign, by=agent, now=now)


def test_a_retired_label_stays_where_it_is_and_is_put_nowhere_else(
    label: Label, make_case: MakeCase, agent: User, lead: User, now: datetime
) -> None:
    case, other = make_case(), make_case(thread_external_id="t-2", external_id="c-9")
    put_label(case, label=label, by=agent, now=now)
    retire_label(label, by=lead, now=now)
    assert labels_on(case) == [label]
    with pytest.raises(NotPossible, match="retired"):
        put_label(other, label=label, by=agent, now=now)
    revive_label(label, by=lead, now=now)
    assert put_label(other, label=label, by=agent, now=now)


def test_renaming_keeps_the_case_of_letters_and_refuses_the_name_of_another(
    label: Label, workspace: Workspace, lead: User, now: datetime
) -> None:
    make_label(workspace, name="Kargo", by=lead, now=now)
    change_label(label, name="İADE", colour="blue", by=lead, now=now)
    label.refresh_from_db()
    assert (label.name, label.colour, label.key) == ("İADE", "blue", "iade")
    with pytest.raises(NotPossible, match="merge"):
        change_label(label, name="KARGO", colour="blue", by=lead, now=now)
    assert Label.objects.get(pk=label.pk).name == "İADE"


def test_merging_leaves_each_case_with_the_other_label_once(
    label: Label, workspace: Workspace, make_case: MakeCase, agent: User, lead: User, now: datetime
) -> None:
    into = make_label(workspace, name="Return", by=lead, now=now)
    both, one = make_case(), make_case(thread_external_id="t-2", external_id="c-9")
    put_label(both, label=label, by=agent, now=now)
    put_label(both, label=into, by=agent, now=now)
    put_label(one, label=label, by=agent, now=now)
    assert merge_labels(label, into=into, by=lead, now=now) == 1
    assert labels_on(both) == labels_on(one) == [into]
    assert not Label.objects.filter(pk=label.pk).exists()
    assert CaseLabel.objects.count() == 2
    with pytest.raises(NotPossible):
        merge_labels(into, into=into, by=lead, now=now)


def test_counts_know_nothing_of_lanes_that_the_person_may_not_see(
    label: Label,
    make_case: MakeCase,
    agent: User,
    counsel: User,
    workspace: Workspace,
    now: datetime,
) -> None:
    put_label(make_case(), label=label, by=agent, now=now)
    secret = make_case(thread_external_id="t-2", external_id="c-9")
    put_label(secret, label=label, by=agent, now=now)
    Case.objects.filter(pk=secret.pk).update(lane="legal")
    assert label_counts_visible_to(agent, workspace=workspace) == {label.pk: (1, 1)}
    assert label_counts_visible_to(counsel, workspace=workspace) == {label.pk: (2, 2)}
