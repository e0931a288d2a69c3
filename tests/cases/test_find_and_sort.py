"""Views, filters and orders: what lies where, what combines, and pages that follow each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.accounts.models import Notification, User, Workspace
from amends.cases.count_cases import count_each, view_counts
from amends.cases.filters import ORDERS, CaseFilter
from amends.cases.models import Case, CaseLabel, CaseStatus, Label
from amends.cases.narrow import narrow
from amends.cases.note import write_note
from amends.cases.orders import Cursor, order_of, read_page
from amends.cases.queries import cases_visible_to
from amends.cases.working_views import VIEWS, in_view

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]
NAMES = list(CaseFilter.__slots__)
CODES = st.sampled_from(
    [
        "1",
        "7",
        "me",
        "nobody",
        "tr",
        "und",
        "high",
        "P1",
        "new",
        "spam",
        "2026-03-10",
        "due",
        "ş -x",
    ]
)
GIVEN = st.dictionaries(st.sampled_from(NAMES), st.lists(st.one_of(CODES, st.text(max_size=12))))


@given(GIVEN)
def test_whatever_stands_in_an_address_is_read_and_written_back_the_same(
    given_: dict[str, list[str]],
) -> None:
    chosen = CaseFilter.read(given_)
    assert CaseFilter.read(parse_qs(chosen.query)) == chosen
    for name, value in chosen.conditions:
        smaller = chosen.without(name, value)
        assert len(smaller.pairs()) == len(chosen.pairs()) - 1
        assert set(smaller.pairs()) < set(chosen.pairs())


def test_what_means_nothing_narrows_nothing() -> None:
    nonsense = {
        "channel": ["x"],
        "label": ["-1", "0"],
        "severity": ["loud"],
        "since": ["2026-13-40"],
    }
    assert CaseFilter.read(nonsense | {"order": ["random"], "assignee": ["you"]}) == CaseFilter()


def view(name: str, *, user: User, now: datetime) -> set[int]:
    return set(in_view(Case.objects.all(), name, user=user, now=now).values_list("pk", flat=True))


def change(case: Case, **values: object) -> Case:
    Case.objects.filter(pk=case.pk).update(**values)
    case.refresh_from_db()
    return case


@pytest.fixture
def cases(make_case: MakeCase) -> list[Case]:
    return [make_case(f"text {n}", thread_external_id=f"t-{n}") for n in range(8)]


def test_a_snoozed_case_sleeps_out_of_the_working_views_until_its_time(
    make_case: MakeCase, agent: User, now: datetime
) -> None:
    case = change(make_case(), first_reply_due_at=now, snoozed_until=now + timedelta(hours=1))
    working = ("unassigned", "due_soon")
    assert not any(view(name, user=agent, now=now) for name in working)
    assert view("snoozed", user=agent, now=now) == view("all", user=agent, now=now) == {case.pk}
    later = now + timedelta(hours=1)
    assert all(view(name, user=agent, now=later) == {case.pk} for name in working)
    assert not view("snoozed", user=agent, now=later)
    change(case, assignee=agent)
    assert not view("mine", user=agent, now=now)
    assert view("mine", user=agent, now=later) == {case.pk}


@pytest.mark.parametrize("name", VIEWS)
def test_a_merged_case_is_in_no_view(
    name: str, cases: list[Case], agent: User, now: datetime
) -> None:
    statuses = [*CaseStatus.values][: len(cases) - 1]
    for case, status in zip(cases[1:], statuses, strict=False):
        values = {"reason": "a"} if status == "no_action" else {}
        change(case, merged_into=cases[0], status=status, first_reply_due_at=now, **values)
    change(cases[1], assignee=agent, look_asked_at=now)
    change(cases[2], snoozed_until=now + timedelta(hours=1))
    assert view(name, user=agent, now=now) <= {cases[0].pk}


def test_mentions_hold_the_cases_in_which_a_note_named_me_and_count_those_i_have_not_opened(
    cases: list[Case], agent: User, other_agent: User, workspace: Workspace, now: datetime
) -> None:
    for case in cases[:2]:
        write_note(case, text=f"@{agent.name} bakar mısın?", by=other_agent, now=now)
    assert view("mentions", user=agent, now=now) == {cases[0].pk, cases[1].pk}
    assert not view("mentions", user=other_agent, now=now)
    Notification.objects.filter(subject_id=cases[0].public_id).update(read_at=now)
    assert view("mentions", user=agent, now=now) == {cases[0].pk, cases[1].pk}
    assert view_counts(agent, workspace=workspace, now=now)["mentions"] == 1


def test_filters_combine(
    cases: list[Case], workspace: Workspace, agent: User, now: datetime
) -> None:
    urgent, lost = (
        Label.objects.create(workspace=workspace, name=name, created_at=now)
        for name in ("urgent", "lost parcel")
    )
    for n, case in enumerate(cases):
        change(
            case,
            language="tr" if n % 2 else "nl",
            severity="high" if n < 4 else "low",
            assignee=agent if n in {1, 3} else None,
            created_at=now - timedelta(days=n),
        )
        for label in [urgent] * (n < 6) + [lost] * (n in {1, 2}):
            CaseLabel.objects.create(case=case, label=label, put_at=now)

    def shown(**values: object) -> list[int]:
        found = narrow(Case.objects.all(), CaseFilter(**values), user=agent)  # type: ignore[arg-type]
        return [case.number - cases[0].number for case in found.order_by("number")]

    assert shown(language="tr") == [1, 3, 5, 7]
    assert shown(language="tr", severity=("high",)) == [1, 3]
    assert shown(label=(urgent.pk, lost.pk)) == [1, 2]
    assert shown(label=(lost.pk,), assignee="me") == [1]
    assert shown(assignee="nobody", severity=("high", "low"), language="tr") == [5, 7]
    assert shown(assignee=str(agent.pk)) == [1, 3]
    day = now.date()
    assert shown(since=day - timedelta(days=2), until=day - timedelta(days=1)) == [1, 2]
    assert shown(until=date.max) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert shown(since=date.min, channel=cases[0].comment.account_id + 1) == []


@pytest.mark.parametrize("name", ORDERS)
def test_every_order_pages_without_gap_or_repetition_while_cases_arrive(
    name: str, cases: list[Case], make_case: MakeCase, now: datetime
) -> None:
    grave = ["low", "critical", "", "medium", "high", "critical", "", "low"]
    for n, case in enumerate(cases):  # two at each moment, two never
        due = now + timedelta(minutes=n // 2) if n < 6 else None
        change(case, first_reply_due_at=due, severity=grave[n], changed_at=now - timedelta(n // 2))
    order = order_of("all", name)
    keys: list[int] = []
    after, pages = "", 0
    while True:
        page, after = read_page(Case.objects.all(), order=order, after=after, size=3)
        keys += [case.pk for case in page]
        pages += 1
        if pages == 1 and order.is_down:  # arrives on top: the pages that follow do not move
            fresh = make_case("new", thread_external_id="new")
            change(fresh, severity="critical", changed_at=now + timedelta(1))
        if not after:
            break
        assert order.place_of(page[-1]) == after
    assert sorted(keys) == [case.pk for case in cases]
    assert len(set(keys)) == len(keys)
    by = {case.pk: case for case in Case.objects.all()}
    if name == "severity":
        ranks = ["critical", "high", "medium", "low", ""]
        shown = [ranks.index(by[key].severity) for key in keys]
        assert shown == sorted(shown)
    if name == "due":
        dues = [
            by[key].first_reply_due_at or datetime.max.replace(tzinfo=now.tzinfo) for key in keys
        ]
        assert dues == sorted(dues)


@given(st.text(max_size=30))
def test_a_broken_cursor_is_read_as_the_top_or_as_some_place(text: str) -> None:
    cursor = Cursor.read(text)
    assert cursor.tie is None or cursor.tie >= 0


def test_counts_of_many_lists_take_one_question_and_end_beyond_the_cap(
    cases: list[Case],
    agent: User,
    workspace: Workspace,
    django_assert_num_queries: Callable[..., object],
) -> None:
    visible = cases_visible_to(agent, workspace=workspace)
    lists = {"all": visible, "none": visible.none(), "some": visible.filter(pk=cases[0].pk)}
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert count_each(lists) == {"all": len(cases), "none": 0, "some": 1}
