"""Two at once around a private conversation: one wins, the other is told, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from amends.accounts.models import User
from amends.cases.close import close_case
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.core.clock import ScriptedClock
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_due
from amends.replies.closing_note import leave_untold
from amends.replies.draft import DraftConflict
from amends.replies.hand_over import (
    LinkSpent,
    find_link,
    make_link,
    offer_in_draft,
    write_first,
    write_more,
)
from amends.replies.models import HandOver, PrivateMessage, Reply
from amends.replies.private import begin_private_reply
from tests.support.desk import Colleagues
from tests.support.private import Customer, secret_in
from tests.support.threads import run_together, successes

pytestmark = pytest.mark.usefixtures("real_database")


@pytest.fixture
def case(make_case: Callable[..., Case], colleagues: Colleagues) -> Case:
    made = make_case()
    colleagues.triage(made)
    return made


def test_of_two_first_messages_one_uses_the_link_up(
    case: Case, agent: User, clock: ScriptedClock
) -> None:
    for number in range(4):
        token = make_link(case, language="tr", by=agent, now=clock.now())
        results = run_together(
            *(
                lambda text=text, token=token: write_first(token, text=text, now=clock.now())
                for text in ("Ben", "Ben de")
            )
        )
        assert sum(isinstance(one, str) for one in results) == 1, results
        assert any(isinstance(one, LinkSpent) for one in results), results
        assert PrivateMessage.objects.count() == number + 1


def test_of_two_links_at_once_in_one_draft_one_is_worth_something(
    case: Case, colleagues: Colleagues, agent: User, other_agent: User, clock: ScriptedClock
) -> None:
    reply = colleagues.draft(case)

    def offer(by: User) -> Reply:
        mine = Reply.objects.select_related("case__workspace", "workspace").get(pk=reply.pk)
        return offer_in_draft(mine, text=mine.text, revision=mine.revision, by=by, now=clock.now())

    results = run_together(lambda: offer(agent), lambda: offer(other_agent))
    kept = [one for one in results if isinstance(one, Reply)]
    assert all(isinstance(one, Reply | NotPossible | DraftConflict) for one in results), results
    row = HandOver.objects.get(used_at=None, revoked_at=None)
    secret = secret_in(Reply.objects.get(pk=reply.pk).text)
    assert find_link(secret, now=clock.now()).hand_over == row
    assert kept


def test_two_who_answer_at_once_write_one_reply(
    case: Case, customer: Customer, agent: User, other_agent: User, clock: ScriptedClock
) -> None:
    talk = customer.write(case)

    def begin(by: User) -> Reply:
        row = HandOver.objects.select_related("case__workspace", "account").get(pk=talk.pk)
        return begin_private_reply(row, by=by, now=clock.now())

    run_together(lambda: begin(agent), lambda: begin(other_agent))
    assert Reply.objects.filter(hand_over=talk).count() == 1
    case.refresh_from_db()
    assert case.status == "drafting"


def test_three_workers_place_an_answer_once(case: Case, customer: Customer, desk: Desk) -> None:
    talk = customer.write(case)
    customer.answer(talk)
    assert len(successes(run_together(*(lambda: run_due(desk) for _ in range(3))))) == 3
    assert PrivateMessage.objects.filter(hand_over=talk, written_by__isnull=False).count() == 1


def test_a_message_and_the_closing_at_the_same_moment_never_leave_it_unheard(
    case: Case, customer: Customer, agent: User, clock: ScriptedClock
) -> None:
    talk = customer.write(case)
    for _ in range(4):
        case.refresh_from_db()
        if not case.is_open:
            Case.objects.filter(pk=case.pk).update(status="triaged", disposition="")
        else:
            Case.objects.filter(pk=case.pk).update(status="triaged")
        case.refresh_from_db()
        leave_untold(case, reason="They asked so", by=agent, now=clock.now())

        def close() -> None:
            mine = Case.objects.select_related("workspace").get(pk=case.pk)
            close_case(mine, disposition="resolved", reason="Done", by=agent, now=clock.now())

        closed, wrote = run_together(
            close, lambda: write_more(talk, text="Bitmedi", now=clock.now())
        )
        case.refresh_from_db()
        assert isinstance(wrote, PrivateMessage), wrote
        assert case.needs_closing_note
        assert case.is_open, (closed, case.status)
        assert closed is None or isinstance(closed, NotPossible)
