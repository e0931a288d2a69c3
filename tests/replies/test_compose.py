"""An empty draft begins with the parts of the decision; what is written is never replaced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.replies.approve import ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.compose import begin_with_parts
from amends.replies.draft import begin_reply
from amends.replies.models import Reply
from tests.support.desk import WHY, Colleagues

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(make_case: Callable[..., Case], colleagues: Colleagues, now: datetime) -> Reply:
    case = make_case()
    colleagues.triage(case)
    reply = begin_reply(case, by=colleagues.writer, now=now)
    Reply.objects.filter(pk=reply.pk).update(language="tr")
    return Reply.objects.get(pk=reply.pk)


def test_the_beginning_is_a_revision_of_its_writer_with_gaps_to_fill_in(
    empty: Reply, colleagues: Colleagues, now: datetime
) -> None:
    begun = begin_with_parts(empty, by=colleagues.writer, now=now)
    assert "[…]" in begun.text
    assert begun.revisions.get().edited_by == colleagues.writer


def test_s2_20_it_cannot_be_handed_over_as_it_is(
    empty: Reply, colleagues: Colleagues, now: datetime
) -> None:
    begun = begin_with_parts(empty, by=colleagues.writer, now=now)
    with pytest.raises(NotPossible, match="gap"):
        ask_for_approval(begun, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)


def test_what_is_written_is_not_replaced(
    empty: Reply, colleagues: Colleagues, now: datetime
) -> None:
    Reply.objects.filter(pk=empty.pk).update(text="Merhaba")
    empty.refresh_from_db()
    with pytest.raises(NotPossible, match="already"):
        begin_with_parts(empty, by=colleagues.writer, now=now)


def test_a_language_without_sentences_says_so(
    empty: Reply, colleagues: Colleagues, now: datetime
) -> None:
    Reply.objects.filter(pk=empty.pk).update(language="de")
    empty.refresh_from_db()
    with pytest.raises(NotPossible, match="language"):
        begin_with_parts(empty, by=colleagues.writer, now=now)


def test_who_may_not_write_may_not_begin(empty: Reply, viewer: User, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        begin_with_parts(empty, by=viewer, now=now)
