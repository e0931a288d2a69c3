"""The ledger equals the log: every number is counted again by hand here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from amends.accounts.models import Brand, User, Workspace
from amends.cases.models import Case
from amends.cases.open import case_for
from amends.core.policy.schema import read_shipped_policy
from amends.inbox.models import Comment
from amends.measures.publish_policy import publish_policy
from amends.record.log import CLOCK, Subject, log_action
from amends.record.models import ActionLog
from amends.reports.transparency import ACTIONS, Period, TransparencyReport, transparency_report

pytestmark = pytest.mark.django_db
Log = Callable[..., None]


@pytest.fixture
def case(make_comment: Callable[..., Comment], now: datetime) -> Case:
    return case_for(make_comment("Bu ne rezalet"), now=now)


@pytest.fixture
def period(now: datetime) -> Period:
    return Period(now - timedelta(days=30), now + timedelta(days=30))


@pytest.fixture
def log(workspace: Workspace, case: Case, now: datetime) -> Log:
    """Write an entry as `measures` writes it."""

    def write(action: str, measure: int, *, at: datetime = now, **data: Any) -> None:
        log_action(
            action,
            workspace_id=workspace.pk,
            actor=CLOCK,
            subject=Subject("case", data.pop("subject", case.public_id)),
            now=at,
            data={"measure": measure, **data},
        )

    return write


def act(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "hide",
        "clause": "insults",
        "ground": "profanity_targeted",
        "tier": "B",
        "channel": "sandbox",
        "language": "tr",
        "is_criticism": False,
        "until": None,
        **changed,
    }


@pytest.fixture
def busy(log: Log) -> None:
    """A month: six measures, two undone, two appeals, one of them right, one refused try."""
    hate = {"clause": "hate", "ground": "hate", "tier": "A"}
    log("measure.act", 1, **act())
    log("measure.act", 2, **act(kind="delete", **hate, language="nl", channel="bluesky"))
    log("measure.act", 3, **act(kind="delete", **hate, is_criticism=True))
    log("measure.act", 4, **act(kind="temporary_ban", until="2026-12-01"))
    log("measure.act", 5, **act(kind="warn", language="ru"))
    log("measure.act", 6, **act(kind="report", **hate))
    log("measure.undo", 4, kind="temporary_ban", because="expired")
    log("measure.undo", 1, kind="hide", because="appeal")
    log("measure.refused", 7, **act(kind="delete"), codes=["criticism"])
    log("appeal.open", 1, decide_by="2026-12-10")
    log("appeal.open", 2, decide_by="2026-12-10")
    log("appeal.decide", 1, outcome="upheld")
    log("appeal.decide", 2, outcome="rejected")


@pytest.mark.usefixtures("busy")
def test_the_numbers_equal_the_action_log(brand: Brand, period: Period) -> None:
    report = transparency_report(brand, period=period)
    entries = list(ActionLog.objects.filter(action__in=ACTIONS))
    acts = [one.data for one in entries if one.action == "measure.act"]

    assert report.entries == len(entries) == 13
    assert report.measures == len(acts) == 6
    for key, counted in (
        ("kind", report.by_kind),
        ("channel", report.by_channel),
        ("language", report.by_language),
    ):
        assert counted == {
            value: sum(one[key] == value for one in acts) for value in {one[key] for one in acts}
        }
    for row in report.rows:
        assert row.count == sum(one["clause"] == row.clause for one in acts)
    assert sum(row.count for row in report.rows) == len(acts)
    assert (report.appeals, report.appeals_decided, report.reversals) == (2, 2, 1)
    assert (report.taken_back, report.expired, report.refused) == (1, 1, 1)


@pytest.mark.usefixtures("busy")
def test_each_clause_has_its_own_appeals_and_reversals(brand: Brand, period: Period) -> None:
    rows = {row.clause: row for row in transparency_report(brand, period=period).rows}
    insults, hate = rows["insults"], rows["hate"]
    assert (insults.count, insults.taken_back, insults.appeals, insults.reversals) == (3, 1, 1, 1)
    assert (hate.count, hate.taken_back, hate.appeals, hate.reversals) == (3, 0, 1, 0)
    assert hate.acts == {"delete": 2, "report": 1}


@pytest.mark.usefixtures("busy")
def test_criticism_removed_is_zero_and_what_stood_beside_grave_conduct_is_told(
    brand: Brand, period: Period
) -> None:
    report = transparency_report(brand, period=period)
    assert report.criticism_removed == 0
    assert report.mixed_removed == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"clause": ""},
        {"ground": "none"},
        {"ground": "negative"},
        {"is_criticism": True},
        {"kind": "delete", "clause": None},
    ],
)
def test_criticism_removed_is_computed_and_not_claimed(
    changed: dict[str, Any], brand: Brand, period: Period, log: Log
) -> None:
    log("measure.act", 1, **act(**changed))
    log("measure.act", 2, **act(**(changed | {"kind": "warn"})))  # nothing was removed
    assert transparency_report(brand, period=period).criticism_removed == 1


def test_a_period_holds_what_was_done_in_it(brand: Brand, log: Log, now: datetime) -> None:
    before = now - timedelta(days=40)
    log("measure.act", 1, at=before, **act())
    log("appeal.decide", 1, at=now, outcome="reversed")
    first = transparency_report(brand, period=Period(before, now))
    second = transparency_report(brand, period=Period(now, now + timedelta(days=1)))
    assert (first.measures, first.reversals) == (1, 0)
    assert (second.measures, second.reversals) == (0, 1)
    assert second.rows[0].clause == "insults"  # under the clause of its measure


def test_another_brand_and_another_workspace_are_not_counted(
    brand: Brand, lead: User, stranger: User, log: Log, period: Period, now: datetime
) -> None:
    other = Brand.objects.create(workspace=brand.workspace, name="Other", slug="other")
    starting = read_shipped_policy().decode()
    version = publish_policy(other, text=starting, after=0, note="", by=lead, now=now).version
    log("measure.act", 1, **act(policy=version.pk))
    log("measure.act", 2, **act(), subject="C-999")
    log("measure.act", 3, **act(), subject="Ж")
    elsewhere = stranger.memberships.get().workspace.brands.get()
    assert transparency_report(brand, period=period).measures == 0
    assert transparency_report(elsewhere, period=period).measures == 0
    assert transparency_report(other, period=period).measures == 1


def test_an_entry_that_says_nothing_makes_nothing_crash(
    brand: Brand, log: Log, period: Period
) -> None:
    for action in ACTIONS:
        log(action, 1)
        log(action, 2, kind=3, clause=[], channel=None, language={}, because=1, outcome=[])
    report: TransparencyReport = transparency_report(brand, period=period)
    assert report.entries == 2 * len(ACTIONS)
