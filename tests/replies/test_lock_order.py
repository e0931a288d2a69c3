"""Who hands over or approves and who merges at the same moment: one waits, never both."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from amends.accounts.models import User
from amends.cases import merge as merging
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.connectors.kit.events import InboundAuthor
from amends.core.clock import ScriptedClock
from amends.pipeline.join import merge
from amends.replies import approve
from amends.replies.approve import approve_reply, ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.hand_over import write_more
from amends.replies.models import Reply
from amends.replies.queries import reply_digest
from tests.support.desk import WHY, Colleagues
from tests.support.private import Customer
from tests.support.threads import run_together

pytestmark = pytest.mark.usefixtures("real_database")
CAN = InboundAuthor("a-2", "can", "Can")


def anew(case: Case) -> Case:
    return Case.objects.select_related("workspace", "comment__thread").get(pk=case.pk)


def test_a_merge_and_a_hand_over_for_approval_at_once_do_not_wait_for_each_other(
    make_case: Callable[..., Case],
    colleagues: Colleagues,
    agent: User,
    clock: ScriptedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each stops where it holds its first lock until the other has come as far, or waits for it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    case, other = make_case(), make_case(author=CAN)
    reply = colleagues.draft(case)
    colleagues.triage(other)
    writer_holds, merger_holds = threading.Event(), threading.Event()
    pass_the_linter, lock_two = approve.pass_the_linter, merging.lock_two

    def holding_the_reply(held: Reply, **named: Any) -> Any:
        writer_holds.set()
        merger_holds.wait(2)
        return pass_the_linter(held, **named)

    def hold_cases(one: Case, two: Case) -> tuple[Case, Case]:
        writer_holds.wait(2)
        held = lock_two(one, two)
        merger_holds.set()
        return held

    monkeypatch.setattr(approve, "pass_the_linter", holding_the_reply)
    monkeypatch.setattr(merging, "lock_two", hold_cases)

    def ask() -> None:
        mine = Reply.objects.select_related("case__workspace").get(pk=reply.pk)
        by, now = colleagues.writer, clock.now()
        ask_for_approval(mine, by=by, now=now, override=WHY, agreed=STATEMENTS)

    results = run_together(
        ask, lambda: merge(anew(case), into=anew(other), by=agent, now=clock.now())
    )
    refused = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [NotPossible], refused


def test_a_word_in_private_and_an_approval_at_once_do_not_wait_for_each_other(
    make_case: Callable[..., Case], customer: Customer, clock: ScriptedClock
) -> None:
    case = make_case()
    talk = customer.write(case)
    for _turn in range(3):
        reply = Reply.objects.filter(status="frozen").first()
        if reply is None:
            reply = customer.ask(talk)
        approver = customer.colleagues.approver

        def say_yes(pk: int = reply.pk, approver: User = approver) -> object:
            mine = Reply.objects.select_related("case__workspace").get(pk=pk)
            return approve_reply(mine, digest=reply_digest(mine), by=approver, now=clock.now())

        results = run_together(say_yes, lambda: write_more(talk, text="Vazgeçtim", now=clock.now()))
        for result in results:
            assert not isinstance(result, Exception) or isinstance(result, NotPossible), result
