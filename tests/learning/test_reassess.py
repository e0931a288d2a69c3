"""History is judged anew: after a crash, beside people's work, and without touching what they said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.accounts.models import User, Workspace
from amends.cases.decide import latest_decision
from amends.cases.models import Case, ModelRelease, Triage, Verdict
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.inbox.models import ChannelAccount, Comment
from amends.learning import reassess as reassessing
from amends.learning.models import Reassessment
from amends.learning.notice_upgrade import notice_upgrade
from amends.learning.promote import SHIPPED, promote_release
from amends.learning.reassess import (
    pause_reassessment,
    reassess,
    resume_reassessment,
    start_reassessment,
)
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_one, run_until_idle
from amends.pipeline.steps import BACKGROUND
from amends.work.claim import LeaseLost, claim_next
from amends_engine.classifier import EngineName
from tests.support.desk import ToldClassifier
from tests.support.teachable import FakeCascade

pytestmark = pytest.mark.django_db
Make = Callable[..., Comment]
REASSESS = next(step for step in BACKGROUND if step.name == "reassess")
NEXT = EngineName("cascade", "2026.2.1")


@pytest.fixture
def history(desk: Desk, make_comment: Make, monkeypatch: pytest.MonkeyPatch) -> FakeCascade:
    """Seven comments, judged by the engine of yesterday; today's is installed, batches are small."""
    monkeypatch.setattr(reassessing, "BATCH", 3)
    for number in range(7):
        make_comment(f"kutu kırık geldi {number}", external_id=f"h-{number}")
    run_until_idle(desk)
    upgraded = FakeCascade(engine=NEXT)
    desk.classifier = lambda: upgraded
    return upgraded


def go_on(desk: Desk, clock: ScriptedClock, *, times: int = 50) -> Reassessment:
    for _ in range(times):
        run_one(REASSESS, desk=desk)
        clock.advance(timedelta(seconds=1))
    return Reassessment.objects.order_by("-pk")[0]


def judged_by(version: str) -> int:
    return Verdict.objects.filter(engine_version=version).count()


def start(desk: Desk) -> Reassessment:
    workspace_id = ChannelAccount.objects.get().workspace_id
    return start_reassessment(workspace_id, release=None, by=None, now=desk.clock.now())


def test_everything_is_judged_once_in_small_batches_newest_first(
    history: FakeCascade, desk: Desk, clock: ScriptedClock
) -> None:
    assert start(desk).total == 7
    row = go_on(desk, clock, times=1)
    assert (row.done, row.percent, judged_by("2026.2.1")) == (3, 42, 3)
    assert history.seen == [f"kutu kırık geldi {number}" for number in (6, 5, 4)]
    row = go_on(desk, clock)
    assert (row.status, row.done, row.percent) == ("done", 7, 100)
    assert (row.engine, row.engine_version) == ("cascade", "2026.2.1")
    assert (judged_by("2026.1.1"), judged_by("2026.2.1")) == (7, 7)


def test_a_crash_between_batches_or_within_one_loses_and_doubles_nothing(
    history: FakeCascade, desk: Desk, clock: ScriptedClock
) -> None:
    start(desk)
    go_on(desk, clock, times=1)
    dead = claim_next(Reassessment, step="reassess", now=clock.now(), lease=desk.lease)
    assert dead is not None
    clock.advance(timedelta(minutes=2))  # that worker is gone; another one takes the row
    row = go_on(desk, clock)
    assert (row.status, row.done) == ("done", 7)
    with pytest.raises(LeaseLost):
        reassess(dead, clock=clock, classifier=desk.classifier)
    assert judged_by("2026.2.1") == 7
    assert Reassessment.objects.get().done == 7


def test_running_it_again_judges_nothing_twice(
    history: FakeCascade, desk: Desk, clock: ScriptedClock
) -> None:
    start(desk)
    go_on(desk, clock)
    seen = len(history.seen)
    start(desk)
    assert go_on(desk, clock).status == "done"
    assert len(history.seen) == seen
    assert judged_by("2026.2.1") == 7


def test_it_is_paused_and_goes_on_where_it_stopped(
    history: FakeCascade, desk: Desk, clock: ScriptedClock, workspace: Workspace, lead: User
) -> None:
    start(desk)
    go_on(desk, clock, times=1)
    pause_reassessment(workspace, by=lead, now=clock.now())
    assert go_on(desk, clock).done == 3
    with pytest.raises(NotPossible):
        pause_reassessment(workspace, by=lead, now=clock.now())
    resume_reassessment(workspace, by=lead, now=clock.now())
    assert go_on(desk, clock).status == "done"
    assert len(history.seen) == 7


def test_a_batch_that_is_at_work_while_somebody_pauses_does_not_count(
    history: FakeCascade, desk: Desk, clock: ScriptedClock, workspace: Workspace, lead: User
) -> None:
    start(desk)
    claim = claim_next(Reassessment, step="reassess", now=clock.now(), lease=desk.lease)
    assert claim is not None
    pause_reassessment(workspace, by=lead, now=clock.now())
    with pytest.raises(LeaseLost):
        reassess(claim, clock=clock, classifier=desk.classifier)
    assert (judged_by("2026.2.1"), Reassessment.objects.get().done) == (0, 0)


def test_confirmed_triages_and_their_cases_stay_as_they_are(
    triaged: Callable[[int], list[Case]], desk: Desk, clock: ScriptedClock
) -> None:
    triaged(2)
    before = (list(Triage.objects.values()), list(Case.objects.values().order_by("pk")))
    desk.classifier = lambda: FakeCascade(
        engine=NEXT, known={"kırık": ("category", "praise"), "kaba": ("severity", "critical")}
    )
    start(desk)
    assert go_on(desk, clock).status == "done"
    run_until_idle(desk)
    assert (list(Triage.objects.values()), list(Case.objects.values().order_by("pk"))) == before


def test_history_gets_verdicts_but_no_clock_and_stays_closed(
    make_comment: Make, desk: Desk, clock: ScriptedClock
) -> None:
    long_ago = clock.now() - timedelta(days=30)
    make_comment("kutu kırık", published_at=long_ago, external_id="old")
    run_until_idle(desk)
    desk.classifier = lambda: FakeCascade(engine=NEXT)
    before = Case.objects.values().get()
    assert before["clock_started_at"] is None
    start(desk)
    go_on(desk, clock)
    run_until_idle(desk)
    assert Case.objects.values().get() == before
    assert judged_by("2026.2.1") == 1


def test_a_case_that_nobody_has_triaged_follows_the_new_verdict(
    make_comment: Make, desk: Desk, clock: ScriptedClock
) -> None:
    make_comment("kutu kırık")
    run_until_idle(desk)
    case = Case.objects.get()
    desk.classifier = lambda: FakeCascade(engine=NEXT, known={"kırık": ("severity", "critical")})
    start(desk)
    go_on(desk, clock)
    run_until_idle(desk)
    case.refresh_from_db()
    decision = latest_decision(case)
    assert decision is not None
    assert decision.verdict is not None
    assert decision.verdict.engine_version == "2026.2.1"
    assert (case.severity, case.status) == ("critical", "new")


def test_a_text_on_which_the_engine_breaks_is_passed_over(
    history: FakeCascade, desk: Desk, clock: ScriptedClock
) -> None:
    history.fails_on = "geldi 5"
    start(desk)
    for _ in range(60):
        go_on(desk, clock, times=1)
        clock.advance(timedelta(seconds=40))
    row = Reassessment.objects.get()
    assert (row.status, row.skipped, judged_by("2026.2.1")) == ("done", 1, 6)


def test_another_promotion_ends_it(
    candidate: ModelRelease, lead: User, desk: Desk, clock: ScriptedClock
) -> None:
    old = start(desk)
    base = EngineName("cascade", "2026.1.1")
    new = promote_release(candidate, instead_of=SHIPPED, shipped=base, by=lead, now=clock.now())
    old.refresh_from_db()
    assert (old.status, old.next_step) == ("stopped", "")
    assert new.engine_version == "2026.1.1+w1"
    ModelRelease.objects.update(status="retired")  # it is live no more before the worker came
    assert go_on(desk, clock, times=1).status == "stopped"


def test_without_an_engine_it_waits(history: FakeCascade, desk: Desk, clock: ScriptedClock) -> None:
    desk.classifier = lambda: None
    start(desk)
    row = go_on(desk, clock, times=2)
    assert (row.status, row.done) == ("running", 0)
    assert "no usable engine" in row.last_error
    desk.classifier = lambda: history
    clock.advance(timedelta(minutes=11))
    assert go_on(desk, clock).status == "done"


def test_capture_and_judgement_go_on_between_batches(
    history: FakeCascade, desk: Desk, clock: ScriptedClock, make_comment: Make
) -> None:
    start(desk)
    go_on(desk, clock, times=1)
    comment = make_comment("kargo nerede", external_id="meanwhile")
    run_until_idle(desk)
    assert Case.objects.filter(comment=comment).exists()
    assert go_on(desk, clock).done == 7  # it was judged as it came, by the same engine


def test_an_upgrade_is_noticed_once(history: FakeCascade, desk: Desk, clock: ScriptedClock) -> None:
    now = clock.now()
    assert notice_upgrade(shipped=EngineName("cascade", "2026.1.1"), now=now) == 0
    assert notice_upgrade(shipped=NEXT, now=now) == 1
    assert notice_upgrade(shipped=NEXT, now=now) == 0
    assert go_on(desk, clock).status == "done"
    assert notice_upgrade(shipped=NEXT, now=now) == 0
    assert notice_upgrade(shipped=None, now=now) == 0


def test_an_empty_desk_has_nothing_to_judge_anew(workspace: Workspace, desk: Desk) -> None:
    desk.classifier = ToldClassifier
    assert notice_upgrade(shipped=NEXT, now=desk.clock.now()) == 0
    row = start_reassessment(workspace.pk, release=None, by=None, now=desk.clock.now())
    run_until_idle(desk, steps=BACKGROUND)
    row.refresh_from_db()
    assert (row.status, row.percent) == ("done", 100)
