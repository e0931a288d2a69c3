"""Advocates (K39, S4.25): counted by thread, by people; nothing here can write to anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.mark_advocate import (
    advocate_comments,
    count_advocates,
    mark_advocate,
    suggest_advocates,
)
from amends.cases.models import Advocate, Case, Verdict
from amends.cases.transitions import NotPossible
from amends.connectors.kit.events import InboundAuthor
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle

pytestmark = pytest.mark.django_db
CAN = InboundAuthor("a-2", "can", "Can")


@pytest.fixture
def talk(make_comment: Callable[..., Comment], desk: Desk) -> dict[str, Comment]:
    """A complaint, and two answers of another customer."""
    comments = {
        "root": make_comment("Kargom yok", external_id="t-1"),
        "kind": make_comment(
            "Bana hep zamanında geldi",
            external_id="t-2",
            thread_external_id="t-1",
            parent_external_id="t-1",
            author=CAN,
        ),
        "more": make_comment(
            "Destek de iyi", external_id="t-3", thread_external_id="t-1", author=CAN
        ),
    }
    run_until_idle(desk)
    return comments


def case_of(comment: Comment) -> Case:
    return Case.objects.get(items__comment=comment)


def test_who_defends_us_is_counted_once_for_a_thread_and_can_be_taken_back(
    talk: dict[str, Comment], agent: User, now: datetime
) -> None:
    case = case_of(talk["root"])
    for name in ("kind", "more"):
        mark_advocate(talk[name], case=case, is_advocate=True, by=agent, now=now)
    assert count_advocates(agent, case=case) == 1
    assert advocate_comments(agent, case=case) == {talk["kind"].pk, talk["more"].pk}
    for name in ("kind", "more"):
        mark_advocate(talk[name], case=case, is_advocate=False, by=agent, now=now)
    assert count_advocates(agent, case=case) == 0
    assert Advocate.objects.count() == 4


def test_a_kind_answer_to_a_negative_word_is_suggested_and_marks_nobody(
    talk: dict[str, Comment], agent: User
) -> None:
    case = case_of(talk["root"])
    assert suggest_advocates(agent, case=case) == set()
    said = Verdict.objects.get(version__comment=talk["kind"])
    Verdict.objects.create(
        workspace=said.workspace,
        version=said.version,
        engine="told",
        engine_version="2",
        language="tr",
        sentiment="positive",
        is_complaint=False,
        category="praise",
        severity="low",
        assessment=said.assessment,
        created_at=said.created_at,
    )
    assert suggest_advocates(agent, case=case) == {talk["kind"].pk}
    assert count_advocates(agent, case=case) == 0


def test_neither_our_own_words_nor_those_of_another_thread_are_counted(
    talk: dict[str, Comment],
    make_comment: Callable[..., Comment],
    agent: User,
    viewer: User,
    now: datetime,
) -> None:
    case = case_of(talk["root"])
    elsewhere = make_comment("Harika", external_id="u-1", author=CAN)
    with pytest.raises(NotPossible, match="does not stand"):
        mark_advocate(elsewhere, case=case, is_advocate=True, by=agent, now=now)
    Comment.objects.filter(pk=talk["more"].pk).update(is_ours=True)
    talk["more"].refresh_from_db()
    with pytest.raises(NotPossible, match="our own"):
        mark_advocate(talk["more"], case=case, is_advocate=True, by=agent, now=now)
    with pytest.raises(NotAllowed):
        mark_advocate(talk["kind"], case=case, is_advocate=True, by=viewer, now=now)


def test_words_of_a_case_that_is_hidden_from_a_person_neither_count_nor_can_be_marked(
    talk: dict[str, Comment], agent: User, lead: User, now: datetime
) -> None:
    case = case_of(talk["root"])
    mark_advocate(talk["kind"], case=case, is_advocate=True, by=agent, now=now)
    Case.objects.filter(pk=case_of(talk["kind"]).pk).update(lane="minor")
    assert (count_advocates(agent, case=case), count_advocates(lead, case=case)) == (0, 1)
    with pytest.raises(NotPossible, match="does not stand"):
        mark_advocate(talk["more"], case=case, is_advocate=True, by=agent, now=now)
