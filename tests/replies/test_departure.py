"""What a person put in the place of a recommendation counts for the reply: its approval and its parts."""

from __future__ import annotations

from collections.abc import Callable

from amends.accounts.models import User
from amends.cases.decide import latest_decision
from amends.cases.models import Case
from amends.cases.override_decision import Departure, override_decision
from amends.replies.level import read_need
from amends.replies.lint import gather_context, lint_draft
from tests.support.desk import Colleagues


def test_the_reply_needs_the_approval_and_the_parts_of_the_departure(
    make_case: Callable[..., Case], colleagues: Colleagues, agent: User
) -> None:
    case, now = make_case(), colleagues.now
    colleagues.triage(case)
    decision = latest_decision(case)
    assert decision is not None
    override_decision(
        case,
        decision_id=decision.pk,
        instead=Departure("It is delicate.", strategy=("ACK", "ASK"), approval="A3"),
        playbook=colleagues.desk.playbook(case.workspace_id),
        by=agent,
        now=now,
    )
    reply = colleagues.draft(case)
    assert gather_context(reply, now=now)["required"] == ["ACK", "ASK"]
    assert read_need(reply, by=agent, now=now, linted=lint_draft(reply, now=now)).level == "A3"
