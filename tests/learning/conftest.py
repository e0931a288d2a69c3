"""A desk whose engine can be taught, and a history of triages to teach it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from amends.accounts.models import User
from amends.cases.models import Case, ModelRelease
from amends.cases.triage import confirm_triage
from amends.inbox.models import Comment
from amends.learning.learn import ask_for_training
from amends.learning.models import Training
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.pipeline.steps import BACKGROUND
from tests.support.desk import FORM
from tests.support.teachable import FakeCascade, make_golden

THINGS = ["kutu", "kablo", "fincan", "lamba", "saat", "gömlek", "masa", "tabak"]
GOLDEN = make_golden([("Kutu ezik geldi", {"category": "business_error"})])


@pytest.fixture
def engine() -> FakeCascade:
    return FakeCascade()


@pytest.fixture
def desk(desk: Desk, engine: FakeCascade, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk.classifier = lambda: engine
    monkeypatch.setattr("amends.learning.learn.read_golden", lambda: GOLDEN)
    return desk


@pytest.fixture
def triaged(
    desk: Desk, make_comment: Callable[..., Comment], agent: User
) -> Callable[[int], list[Case]]:
    """Comments that were judged and triaged: half as the engine said, half are misunderstandings."""

    def make(count: int) -> list[Case]:
        for number in range(count):
            end = "kasiyer kaba" if number % 2 else "kırık geldi"
            make_comment(f"{THINGS[number % 8]} {end} {number}", external_id=f"t-{number}")
        run_until_idle(desk)
        cases = list(Case.objects.order_by("number"))
        for case in cases:
            is_other = "kasiyer" in case.comment.versions.get().text
            form = replace(FORM, category="misunderstanding") if is_other else FORM
            confirm_triage(case, form=form, by=agent, now=desk.clock.now())
        run_until_idle(desk)
        return cases

    return make


@pytest.fixture
def train(desk: Desk, lead: User) -> Callable[[], Training]:
    """Ask for a training and let the worker do it."""

    def run() -> Training:
        workspace = lead.memberships.get().workspace
        training = ask_for_training(workspace, by=lead, now=desk.clock.now())
        run_until_idle(desk, steps=BACKGROUND)
        training.refresh_from_db()
        return training

    return run


@pytest.fixture
def candidate(triaged: Callable[[int], list[Case]], train: Callable[[], Training]) -> ModelRelease:
    triaged(48)
    release = train().release
    assert release is not None
    return release
