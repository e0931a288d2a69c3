"""Training: a candidate with figures or a reason, and never a change of what judges now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.live import live_classifier
from amends.cases.models import Case, ModelRelease
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.learning.learn import ask_for_training, learn, tell_progress
from amends.learning.models import Training
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import BACKGROUND
from amends.record.models import ActionLog
from amends.work.claim import LeaseLost, claim_next
from tests.support.desk import ToldClassifier
from tests.support.teachable import FakeCascade, make_golden
from tests.support.threads import run_together

pytestmark = pytest.mark.django_db
Triaged = Callable[[int], list[Case]]
Train = Callable[[], Training]


def test_a_candidate_comes_with_figures_and_does_not_judge(
    candidate: ModelRelease, engine: FakeCascade, workspace: Workspace
) -> None:
    assert (candidate.status, candidate.version) == ("candidate", "2026.1.1+w1")
    figures = [one for one in candidate.manifest["figures"] if not one["language"]]
    assert [(one["field"], one["verdict"], one["count"]) for one in figures] == [
        ("category", "better", 48)
    ]
    assert candidate.manifest["golden"]["figures"]
    assert live_classifier(workspace.pk, shipped=engine) is engine
    assert ActionLog.objects.filter(action="engine.learn").count() == 1


def test_too_few_corrections_are_refused_with_the_numbers(triaged: Triaged, train: Train) -> None:
    triaged(10)
    training = train()
    assert (training.status, training.reason) == ("refused", "too_few")
    assert training.facts == {"have": 10, "need": 40}
    assert not ModelRelease.objects.exists()


def test_a_candidate_that_falls_on_the_golden_set_is_refused(
    triaged: Triaged, train: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = make_golden([("saat kasiyer kaba değil", {"category": "business_error"})] * 2)
    monkeypatch.setattr("amends.learning.learn.read_golden", lambda: golden)
    triaged(48)
    training = train()
    assert (training.status, training.reason) == ("refused", "golden_fell")
    assert training.facts["field"] == "category"
    assert training.figures[0]["verdict"] == "better"


def test_an_engine_that_takes_no_head_is_told(desk: Desk, train: Train) -> None:
    desk.classifier = ToldClassifier
    assert train().reason == "engine"


def test_one_training_runs_at_a_time(workspace: Workspace, lead: User, desk: Desk) -> None:
    now = desk.clock.now()
    ask_for_training(workspace, by=lead, now=now)
    with pytest.raises(NotPossible, match="running already"):
        ask_for_training(workspace, by=lead, now=now)
    run_until_idle(desk, steps=BACKGROUND)
    ask_for_training(workspace, by=lead, now=now)


@pytest.mark.parametrize("role", ["agent", "counsel", "viewer", "stranger"])
def test_who_may_not_teach_is_refused(
    role: str, workspace: Workspace, desk: Desk, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(role)
    with pytest.raises(NotAllowed):
        ask_for_training(workspace, by=user, now=desk.clock.now())
    assert not Training.objects.exists()


def test_a_training_that_died_is_done_again_and_makes_one_candidate(
    triaged: Triaged, workspace: Workspace, lead: User, desk: Desk, clock: ScriptedClock
) -> None:
    triaged(48)
    ask_for_training(workspace, by=lead, now=clock.now())
    lost = claim_next(Training, step="learn", now=clock.now(), lease=desk.lease)
    assert lost is not None
    tell_progress(lost, percent=30, now=clock.now(), lease=desk.lease)
    clock.advance(timedelta(minutes=2))  # the worker is gone
    run_until_idle(desk, steps=BACKGROUND)
    assert Training.objects.get().status == "done"
    with pytest.raises(LeaseLost):  # it was not gone, only slow: what it does counts no more
        learn(lost, clock=clock, lease=desk.lease, classifier=desk.classifier)
    assert ModelRelease.objects.count() == 1


def test_a_training_that_keeps_dying_ends_and_may_be_asked_for_again(
    workspace: Workspace, lead: User, desk: Desk, clock: ScriptedClock
) -> None:
    ask_for_training(workspace, by=lead, now=clock.now())
    for _ in range(9):
        claim_next(Training, step="learn", now=clock.now(), lease=desk.lease)
        clock.advance(timedelta(minutes=2))
    assert Training.objects.get().status == "failed"
    ask_for_training(workspace, by=lead, now=clock.now())


@pytest.mark.usefixtures("real_database")
@pytest.mark.django_db(transaction=True)
def test_two_people_who_ask_at_once_start_one_training(
    workspace: Workspace, lead: User, owner: User, desk: Desk
) -> None:
    now = desk.clock.now()
    results = run_together(
        lambda: ask_for_training(workspace, by=lead, now=now),
        lambda: ask_for_training(workspace, by=owner, now=now),
    )
    assert sum(isinstance(one, NotPossible) for one in results) == 1, results
    assert Training.objects.count() == 1
