"""Closing needs a reason, notes need words, and both need the right person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.assign import assign_case
from amends.cases.close import close_case, reopen_case
from amends.cases.models import Case, Note
from amends.cases.note import MAX_CHARS, write_note
from amends.cases.transitions import NotPossible
from amends.record.models import ActionLog
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


@pytest.mark.parametrize("disposition", ["resolved", "not_ours"])
@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_case_is_never_closed_without_a_reason(
    make_case: MakeCase, agent: User, now: datetime, disposition: str, reason: str
) -> None:
    case = make_case()
    with pytest.raises(NotPossible, match="Say why"):
        close_case(case, disposition=disposition, reason=reason, by=agent, now=now)
    assert Case.objects.get().status == "new"


def test_the_database_itself_refuses_no_action_without_a_reason(make_case: MakeCase) -> None:
    case = make_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            status="no_action", disposition="not_ours", reason=""
        )


def test_the_reason_stands_in_the_case_and_in_the_log(
    make_case: MakeCase, agent: User, now: datetime
) -> None:
    close_case(make_case(), disposition="removed", reason=" spam ", by=agent, now=now)
    case = Case.objects.get()
    assert (case.status, case.reason, case.closed_at, case.next_step) == (
        "no_action",
        "spam",
        now,
        "",
    )
    assert ActionLog.objects.latest("pk").data["reason"] == "spam"
    reopen_case(case, by=agent, now=now)
    assert (Case.objects.get().reason, Case.objects.get().reopened) == ("", 1)


def test_closing_is_closing_and_nothing_else(
    make_case: MakeCase, agent: User, now: datetime
) -> None:
    with pytest.raises(NotPossible):
        close_case(make_case(), disposition="answered", reason="x", by=agent, now=now)


def test_a_case_whose_answer_waits_for_approval_is_not_closed_over_it(
    make_case: MakeCase, colleagues: Colleagues, agent: User, now: datetime
) -> None:
    case = make_case()
    colleagues.ask(case)
    case.refresh_from_db()
    with pytest.raises(NotPossible, match="cannot become"):
        close_case(case, disposition="resolved", reason="x", by=agent, now=now)


@pytest.mark.parametrize("role", ["counsel", "viewer", "stranger"])
def test_who_may_not_close_or_assign_is_refused(
    make_case: MakeCase, now: datetime, role: str, request: pytest.FixtureRequest
) -> None:
    user, case = request.getfixturevalue(role), make_case()
    with pytest.raises(NotAllowed):
        close_case(case, disposition="resolved", reason="x", by=user, now=now)
    with pytest.raises(NotAllowed):
        assign_case(case, to=user, by=user, now=now)


def test_a_note_needs_words_and_is_bounded(make_case: MakeCase, agent: User, now: datetime) -> None:
    case = make_case()
    for text in ("", " \n\t ", "x" * (MAX_CHARS + 1)):
        with pytest.raises(NotPossible):
            write_note(case, text=text, by=agent, now=now)
    assert not Note.objects.exists()
    write_note(case, text=" I called her. ", by=agent, now=now)
    assert Note.objects.get().text == "I called her."


def test_a_viewer_writes_no_notes_and_counsel_does(
    make_case: MakeCase, viewer: User, counsel: User, now: datetime
) -> None:
    case = make_case()
    with pytest.raises(NotAllowed):
        write_note(case, text="x", by=viewer, now=now)
    write_note(case, text="x", by=counsel, now=now)


def test_a_case_is_given_and_taken_back_and_the_log_names_both(
    make_case: MakeCase, lead: User, agent: User, now: datetime
) -> None:
    case = make_case()
    assign_case(case, to=agent, by=lead, now=now)
    assert Case.objects.get().assignee == agent
    assign_case(case, to=None, by=lead, now=now)
    assert Case.objects.get().assignee is None
    entries = ActionLog.objects.filter(action="case.assign").order_by("pk")
    assert [one.data["name"] for one in entries] == [str(agent), None]


def test_nobody_is_given_work_that_their_role_does_not_cover(
    make_case: MakeCase, lead: User, viewer: User, stranger: User, now: datetime
) -> None:
    case = make_case()
    for nobody in (viewer, stranger):
        with pytest.raises(NotPossible, match="cannot work on this case"):
            assign_case(case, to=nobody, by=lead, now=now)
