"""Replies at a level: drafts that nothing stops, people who agree, and time that goes by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from amends.accounts.models import User
from amends.cases.models import Case, Decision
from amends.core.clock import ScriptedClock
from amends.pipeline.desk import Desk
from amends.replies.approve import approve_reply, ask_for_approval, release_reply
from amends.replies.bystander import STATEMENTS
from amends.replies.level import decision_that_counts
from amends.replies.models import ApprovalRequest, Delivery, Reply
from amends.replies.queries import reply_digest
from amends.replies.watch_approval import watch_approval
from amends.work.claim import claim_next
from tests.support.desk import Colleagues

CLEAN = "Kargonuzun gelmediğini görüyoruz, özür dileriz. Bugün 17.00'ye kadar size yazacağım. Elif"


@pytest.fixture
def nobody_sent_the_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """The linter stops copies of what a colleague has sent; here one text does for all."""
    monkeypatch.setattr("amends.replies.lint.recent_replies", lambda _reply: [])


def fresh(reply: Reply) -> Reply:
    return Reply.objects.get(pk=reply.pk)


def decide(case: Case, level: str, *, strategy: tuple[str, ...] = ("ACK",)) -> None:
    """Let the playbook say the level, as a rule of it would."""
    last = decision_that_counts(case)
    assert last is not None
    Decision.objects.create(
        workspace=case.workspace,
        case=case,
        verdict=last.verdict,
        triage=last.triage,
        rule_id="T1",
        priority=last.priority,
        approval=level,
        playbook="test",
        playbook_version="1",
        playbook_digest="d",
        decision={**last.decision, "strategy": list(strategy)},
        inputs=last.inputs,
        created_at=last.created_at + timedelta(seconds=1),
    )


@pytest.fixture
def draft_at(make_case: Callable[..., Case], colleagues: Colleagues) -> Callable[..., Reply]:
    """A draft without anything that the linter stops, at a level."""
    numbers = iter(range(100))

    def make(
        level: str = "A0", *, strategy: tuple[str, ...] = ("ACK",), text: str = CLEAN
    ) -> Reply:
        name = f"c-{next(numbers)}"
        case = make_case(external_id=name, thread_external_id=name)
        colleagues.triage(case)
        decide(case, level, strategy=strategy)
        colleagues.promise(case, text)
        return fresh(colleagues.draft(case, text))

    return make


@pytest.fixture
def ask_at(draft_at: Callable[..., Reply], colleagues: Colleagues) -> Callable[..., Reply]:
    def hand_over(level: str = "A0", **values: Any) -> Reply:
        reply = draft_at(level, **values)
        ask_for_approval(reply, by=colleagues.writer, now=colleagues.now, agreed=STATEMENTS)
        return fresh(reply)

    return hand_over


def agree(reply: Reply, *, by: User, now: datetime) -> Delivery | None:
    return approve_reply(fresh(reply), digest=reply_digest(reply), by=by, now=now)


def release(reply: Reply, *, by: User, now: datetime) -> Delivery:
    return release_reply(
        fresh(reply), digest=reply_digest(reply), by=by, now=now, agreed=STATEMENTS
    )


def wait(desk: Desk, clock: ScriptedClock, minutes: int) -> None:
    """Let time go by, and the worker look at what waits for approval."""
    clock.advance(timedelta(minutes=minutes))
    step = {"step": "watch_approval", "now": clock.now(), "lease": desk.lease}
    while claim := claim_next(ApprovalRequest, **step):
        watch_approval(claim, clock=clock)
