"""A person promotes and goes back; whoever comes second is told; a head that does not fit is left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.accounts.models import User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.live import live_classifier
from amends.cases.models import Case, ModelRelease, Verdict
from amends.cases.transitions import NotPossible
from amends.cases.triage import suggest_triage
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.learning.models import Reassessment
from amends.learning.promote import SHIPPED, promote_release, revert_to_shipped
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import BACKGROUND
from amends.record.models import ActionLog
from amends_engine.classifier import EngineName
from tests.support.teachable import FakeCascade
from tests.support.threads import run_together

pytestmark = pytest.mark.django_db
BASE = EngineName("cascade", "2026.1.1")


def reassess_all(desk: Desk, clock: ScriptedClock) -> None:
    while Reassessment.objects.filter(status="running").exists():
        run_until_idle(desk, steps=BACKGROUND)
        clock.advance(timedelta(seconds=1))


def test_a_promoted_head_judges_what_comes_in(
    candidate: ModelRelease,
    lead: User,
    desk: Desk,
    make_comment: Callable[..., Comment],
    clock: ScriptedClock,
) -> None:
    promote_release(candidate, instead_of=SHIPPED, shipped=BASE, by=lead, now=clock.now())
    comment = make_comment("bardak kasiyer kaba yine", external_id="new")
    run_until_idle(desk)
    verdict = Verdict.objects.get(version__comment=comment)
    assert (verdict.engine, verdict.engine_version) == ("cascade", "2026.1.1+w1")
    assert verdict.category == "misunderstanding"
    candidate.refresh_from_db()
    assert (candidate.status, candidate.promoted_by) == ("live", lead)
    entry = ActionLog.objects.get(action="engine.promote")
    assert (entry.actor_label, entry.subject_label) == ("Lead", "cascade 2026.1.1+w1")


def test_going_back_brings_the_shipped_engine_and_its_verdicts_back(
    candidate: ModelRelease, lead: User, desk: Desk, clock: ScriptedClock
) -> None:
    case = Case.objects.exclude(comment__external_id="t-0").order_by("number").first()
    assert case is not None
    promote_release(candidate, instead_of=SHIPPED, shipped=BASE, by=lead, now=clock.now())
    clock.advance(timedelta(minutes=1))
    reassess_all(desk, clock)
    verdict = suggest_triage(case).verdict
    assert verdict is not None
    assert verdict.engine_version == "2026.1.1+w1"
    revert_to_shipped(case.workspace, instead_of=candidate.pk, by=lead, now=clock.now())
    reassess_all(desk, clock)
    verdict = suggest_triage(case).verdict
    assert verdict is not None
    assert verdict.engine_version == "2026.1.1"
    candidate.refresh_from_db()
    assert (candidate.status, candidate.retired_by) == ("retired", lead)
    promote_release(candidate, instead_of=SHIPPED, shipped=BASE, by=lead, now=clock.now())
    verdict = suggest_triage(case).verdict
    assert verdict is not None
    assert verdict.engine_version == "2026.1.1+w1"


def test_who_saw_another_live_engine_is_told(
    candidate: ModelRelease, workspace: Workspace, lead: User, desk: Desk
) -> None:
    now = desk.clock.now()
    with pytest.raises(NotPossible, match="meanwhile"):
        promote_release(candidate, instead_of=99, shipped=BASE, by=lead, now=now)
    with pytest.raises(NotPossible, match="live already"):
        revert_to_shipped(workspace, instead_of=SHIPPED, by=lead, now=now)
    promote_release(candidate, instead_of=SHIPPED, shipped=BASE, by=lead, now=now)
    with pytest.raises(NotPossible, match="live already"):
        promote_release(candidate, instead_of=candidate.pk, shipped=BASE, by=lead, now=now)
    with pytest.raises(NotPossible, match="meanwhile"):
        promote_release(candidate, instead_of=SHIPPED, shipped=BASE, by=lead, now=now)
    assert ModelRelease.objects.get().status == "live"


@pytest.mark.parametrize("shipped", [None, EngineName("cascade", "2026.2.1")])
def test_a_head_of_another_engine_is_not_promoted(
    shipped: EngineName | None, candidate: ModelRelease, lead: User, desk: Desk
) -> None:
    with pytest.raises(NotPossible, match="another version of the engine"):
        promote_release(
            candidate, instead_of=SHIPPED, shipped=shipped, by=lead, now=desk.clock.now()
        )


@pytest.mark.parametrize("role", ["agent", "counsel", "viewer", "stranger"])
def test_who_may_not_teach_changes_nothing(
    role: str, candidate: ModelRelease, desk: Desk, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(role)
    now = desk.clock.now()
    with pytest.raises(NotAllowed):
        promote_release(candidate, instead_of=SHIPPED, shipped=BASE, by=user, now=now)
    with pytest.raises(NotAllowed):
        revert_to_shipped(candidate.workspace, instead_of=candidate.pk, by=user, now=now)
    assert not Reassessment.objects.exists()


def test_an_unusable_head_leaves_the_shipped_engine_judging_and_says_so(
    candidate: ModelRelease,
    lead: User,
    engine: FakeCascade,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    desk: Desk,
) -> None:
    promote_release(candidate, instead_of=SHIPPED, shipped=BASE, by=lead, now=desk.clock.now())
    ModelRelease.objects.update(weights=b"damaged")
    assert live_classifier(candidate.workspace_id, shipped=engine) is engine
    upgraded = FakeCascade(engine=EngineName("cascade", "2027.1.1"))
    assert live_classifier(candidate.workspace_id, shipped=upgraded) is upgraded
    said = capsys.readouterr().out + caplog.text
    assert "engine.head_unusable" in said
    assert "altered or damaged" in said
    assert "taught on top of cascade 2026.1.1" in said


def test_heads_of_workspaces_are_apart(
    candidate: ModelRelease,
    lead: User,
    engine: FakeCascade,
    make_workspace: Callable[[str], Workspace],
    desk: Desk,
) -> None:
    promote_release(candidate, instead_of=SHIPPED, shipped=BASE, by=lead, now=desk.clock.now())
    assert live_classifier(make_workspace("far").pk, shipped=engine) is engine


@pytest.mark.usefixtures("real_database")
@pytest.mark.django_db(transaction=True)
def test_two_people_who_promote_at_once_promote_one(
    workspace: Workspace, lead: User, owner: User, desk: Desk
) -> None:
    now = desk.clock.now()
    releases = [
        ModelRelease.objects.create(
            workspace=workspace,
            number=number,
            engine="cascade",
            base_version="2026.1.1",
            version=f"2026.1.1+w{number}",
            manifest={},
            weights=b"",
            trained_by=lead,
            created_at=now,
        )
        for number in (1, 2, 3)
    ]
    people = (lead, owner, lead)

    def promoter(place: int) -> Callable[[], Reassessment]:
        return lambda: promote_release(
            releases[place], instead_of=SHIPPED, shipped=BASE, by=people[place], now=now
        )

    results = run_together(*(promoter(place) for place in range(3)))
    assert sum(isinstance(one, NotPossible) for one in results) == 2, results
    assert ModelRelease.objects.filter(status="live").count() == 1
    assert Reassessment.objects.filter(status="running").count() == 1
    assert ActionLog.objects.filter(action="engine.promote").count() == 1
