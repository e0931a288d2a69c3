"""Statuses: the table of the docs is the table of the code, and two who move a case have one winner."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from itertools import product
from pathlib import Path

import pytest

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.cases.models import OPEN_STATUSES, Case, CaseStatus
from amends.cases.transitions import TRANSITIONS, NotPossible, may_move, move_case
from amends.record.log import WORKER
from amends.record.models import ActionLog
from tests.support.threads import run_together

PAGE = Path(__file__).parents[2] / "docs" / "how-a-comment-travels.md"
ILLEGAL = [
    (before, after)
    for before, after in product(CaseStatus, CaseStatus)
    if after not in TRANSITIONS[before]
]


def documented() -> dict[str, tuple[str, ...]]:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    return {before: tuple(re.findall(r"`(\w+)`", after)) for before, after in rows}


def put(case: Case, status: CaseStatus) -> Case:
    Case.objects.filter(pk=case.pk).update(status=status, reason="because", disposition="resolved")
    return Case.objects.get(pk=case.pk)


def test_the_table_of_the_docs_is_the_table_of_the_code() -> None:
    code = {
        before.value: tuple(after.value for after in then) for before, then in TRANSITIONS.items()
    }
    assert documented() == code
    assert set(code) == set(CaseStatus.values)


@pytest.mark.django_db
def test_every_transition_outside_of_the_table_is_refused_and_leaves_no_trace(
    make_case: Callable[..., Case], now: datetime
) -> None:
    case = make_case()
    entries = ActionLog.objects.count()
    for before, after in ILLEGAL:
        moved = put(case, before)
        assert not may_move(moved, to=after)
        with pytest.raises(NotPossible, match="cannot become"):
            move_case(moved, to=after, actor=WORKER, now=now, reason="because")
        assert Case.objects.get().status == before
    assert ActionLog.objects.count() == entries


@pytest.mark.django_db
def test_every_transition_of_the_table_is_logged_with_who_and_why(
    make_case: Callable[..., Case], agent: User, now: datetime
) -> None:
    case = make_case()
    for before, then in TRANSITIONS.items():
        for after in then:
            moved = put(case, before)
            move_case(
                moved,
                to=after,
                actor=actor_of(agent),
                now=now,
                reason="because",
                disposition="resolved",
            )
            assert Case.objects.get().status == after == moved.status
            entry = ActionLog.objects.latest("pk")
            assert entry.action == "case.move"
            closing = {} if after in OPEN_STATUSES else {"disposition": "resolved"}
            assert entry.data == {"from": before, "to": after, "reason": "because"} | closing
            assert entry.actor_label == str(agent)


@pytest.mark.usefixtures("real_database")
def test_of_two_who_move_a_case_at_once_one_wins_and_the_other_hears_it(
    make_case: Callable[..., Case], now: datetime
) -> None:
    number = make_case().pk
    put(Case.objects.get(pk=number), CaseStatus.TRIAGED)

    def mover(to: CaseStatus) -> Callable[[], None]:
        case = Case.objects.get(pk=number)
        return lambda: move_case(
            case, to=to, actor=WORKER, now=now, reason="because", disposition="not_ours"
        )

    before = ActionLog.objects.filter(action="case.move").count()
    results = run_together(mover(CaseStatus.DRAFTING), mover(CaseStatus.NO_ACTION))
    (refused,) = (result for result in results if result is not None)
    assert isinstance(refused, NotPossible)
    assert "Somebody else" in str(refused)
    assert ActionLog.objects.filter(action="case.move").count() == before + 1


@pytest.mark.django_db
def test_reopening_is_counted_and_closing_is_dated(
    make_case: Callable[..., Case], now: datetime
) -> None:
    case = make_case()
    for _ in range(2):
        move_case(
            case,
            to=CaseStatus.RESOLVED,
            actor=WORKER,
            now=now,
            reason="done",
            disposition="resolved",
        )
        assert Case.objects.get().closed_at == now
        move_case(case, to=CaseStatus.NEW, actor=WORKER, now=now)
    stored = Case.objects.get()
    assert (stored.reopened, stored.closed_at, stored.reason) == (2, None, "")
