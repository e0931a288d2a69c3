"""Taking a case over: the previous holder is told, and of two who click at once one is told who was first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.accounts.models import Notification, User
from amends.accounts.notice_words import notice_sentence
from amends.accounts.permissions import NotAllowed
from amends.cases.assign import assign_case
from amends.cases.close import close_case
from amends.cases.models import Case
from amends.cases.take_over import take_over
from amends.cases.transitions import NotPossible
from amends.record.models import ActionLog
from amends.replies.queries import open_reply
from tests.support.desk import Colleagues
from tests.support.threads import run_together

MakeCase = Callable[..., Case]


@pytest.fixture
def case(make_case: MakeCase) -> Case:
    return make_case()


def test_the_previous_holder_is_told_and_the_draft_stays(
    case: Case, colleagues: Colleagues, agent: User, other_agent: User, now: datetime
) -> None:
    assign_case(case, to=agent, by=agent, now=now)
    draft = colleagues.draft(case, "Ayşe Hanım, hemen")
    take_over(case, holder=agent.pk, by=other_agent, now=now)
    assert Case.objects.get().assignee == other_agent
    reply = open_reply(case)
    assert reply is not None
    assert (reply.pk, reply.text) == (draft.pk, "Ayşe Hanım, hemen")
    notice = Notification.objects.get(user=agent)
    assert "took over" in notice_sentence(notice)
    assert "Other" not in notice_sentence(notice)  # a notice goes to messengers: it names nobody
    assert ActionLog.objects.filter(action="case.assign").last().data["from"] == str(agent.pk)


def test_of_two_who_take_a_case_from_the_queue_the_second_learns_who_has_it(
    case: Case, agent: User, other_agent: User, now: datetime
) -> None:
    take_over(case, holder=None, by=agent, now=now)
    with pytest.raises(NotPossible, match="Agent took the case"):
        take_over(case, holder=None, by=other_agent, now=now)
    assert Case.objects.get().assignee == agent
    take_over(case, holder=None, by=agent, now=now)  # a second click is no error
    assert ActionLog.objects.filter(action="case.assign").count() == 1


def test_a_case_that_was_closed_or_given_back_meanwhile_is_not_taken(
    case: Case, agent: User, other_agent: User, now: datetime
) -> None:
    assign_case(case, to=agent, by=agent, now=now)
    assign_case(case, to=None, by=agent, now=now)
    with pytest.raises(NotPossible, match="back into the queue"):
        take_over(case, holder=agent.pk, by=other_agent, now=now)
    close_case(case, disposition="not_ours", reason="x", by=agent, now=now)
    with pytest.raises(NotPossible, match="closed"):
        take_over(case, holder=None, by=other_agent, now=now)


def test_who_may_not_work_on_it_takes_nothing(
    case: Case, agent: User, viewer: User, counsel: User, stranger: User, now: datetime
) -> None:
    for person in (viewer, counsel, stranger):
        with pytest.raises(NotAllowed):
            take_over(case, holder=None, by=person, now=now)
    Case.objects.filter(pk=case.pk).update(lane="legal")
    case.refresh_from_db()
    with pytest.raises(NotPossible):
        take_over(case, holder=None, by=agent, now=now)


@pytest.mark.usefixtures("real_database")
def test_two_who_click_in_the_same_moment_do_not_both_have_it(
    case: Case, agent: User, other_agent: User, now: datetime
) -> None:
    for _ in range(8):
        Case.objects.update(assignee=None)

        def take(by: User) -> str:
            take_over(Case.objects.get(), holder=None, by=by, now=now)
            return str(by)

        outcomes = run_together(lambda: take(agent), lambda: take(other_agent))
        (winner,) = [one for one in outcomes if isinstance(one, str)]
        assert str(Case.objects.get().assignee) == winner
        assert [type(one) for one in outcomes if one != winner] == [NotPossible]
