"""The troll test (K08): S2.28, S3.11, S3.25 to S3.28. A customer is presumed; labels name conduct."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from amends.accounts.models import Membership, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.cases.count_endings import count_endings
from amends.cases.decide import latest_decision
from amends.cases.models import Case, TrollTest
from amends.cases.transitions import NotPossible
from amends.cases.troll_test import (
    TrollForm,
    TrollStage,
    is_troll_confirmed,
    note_experience,
    overturn_label,
    quoted_words,
    rule_label,
    stage_of,
    take_test,
)
from amends.cases.working_views import in_view
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
Make = Callable[..., Comment]
WORDS = "Hepiniz salaksınız, bu marka da size yakışır."
NO = TrollForm(
    is_on_topic=False,
    has_concern=False,
    is_constructive=False,
    conduct="Insults the other customers and says nothing of an experience.",
    quotes=["Hepiniz salaksınız"],
)


@pytest.fixture
def case(make_comment: Make, desk: Desk) -> Case:
    make_comment(WORDS, external_id="c-1")
    run_until_idle(desk)
    return Case.objects.get()


def ask(case: Case, clock: ScriptedClock) -> None:
    """Our question goes out in the thread."""
    clock.advance(timedelta(minutes=5))
    Case.objects.filter(pk=case.pk).update(first_replied_at=clock.now())
    case.refresh_from_db()


def write_again(make_comment: Make, desk: Desk, *, text: str, name: str) -> None:
    make_comment(text, external_id=name, thread_external_id="c-1", at=desk.clock.now())


def suspected(case: Case, colleagues: Colleagues, clock: ScriptedClock) -> TrollTest:
    """Three times no, asked, and no usable answer: the label waits for a second person."""
    test = take_test(case, form=NO, by=colleagues.writer, now=clock.now())
    ask(case, clock)
    clock.advance(timedelta(hours=25))
    note_experience(fresh(test), experience="none", by=colleagues.writer, now=clock.now())
    return fresh(test)


def waiting(colleagues: Colleagues, clock: ScriptedClock) -> list[Case]:
    """What stands among the approvals."""
    seen = Case.objects.all()
    return list(in_view(seen, "approvals", user=colleagues.approver, now=clock.now()))


def fresh(test: TrollTest) -> TrollTest:
    return TrollTest.objects.get(pk=test.pk)


@pytest.mark.parametrize("answers", [one for one in product([True, False], repeat=3) if any(one)])
def test_s3_26_to_28_one_yes_makes_the_label_impossible(
    case: Case, colleagues: Colleagues, clock: ScriptedClock, answers: tuple[bool, bool, bool]
) -> None:
    form = TrollForm(*answers, conduct="Insults us.", quotes=["salaksınız"])
    test = take_test(case, form=form, by=colleagues.writer, now=clock.now())
    assert (stage_of(case), test.conduct, test.quotes) == (TrollStage.NOT_A_TROLL, "", [])
    ask(case, clock)
    for refused in (
        lambda: note_experience(test, experience="unusable", by=colleagues.writer, now=clock.now()),
        lambda: rule_label(test, is_confirmed=True, by=colleagues.approver, now=clock.now()),
    ):
        with pytest.raises(NotPossible):
            refused()
    assert not is_troll_confirmed(case)


def test_s2_28_three_times_no_asks_about_the_experience_first(
    case: Case, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    test = take_test(case, form=NO, by=colleagues.writer, now=clock.now())
    assert stage_of(case) == TrollStage.ASK
    with pytest.raises(NotPossible, match="Ask about the experience first"):
        note_experience(test, experience="unusable", by=colleagues.writer, now=clock.now())
    with pytest.raises(NotPossible, match="no label to confirm"):
        rule_label(test, is_confirmed=True, by=colleagues.approver, now=clock.now())


def test_no_answer_needs_a_day_and_is_noted_once(
    case: Case, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    test = take_test(case, form=NO, by=colleagues.writer, now=clock.now())
    ask(case, clock)
    clock.advance(timedelta(hours=23))
    with pytest.raises(NotPossible, match="a day"):
        note_experience(fresh(test), experience="none", by=colleagues.writer, now=clock.now())
    clock.advance(timedelta(hours=2))
    note_experience(fresh(test), experience="none", by=colleagues.writer, now=clock.now())
    assert stage_of(case) == TrollStage.SECOND_PERSON
    with pytest.raises(NotPossible, match="Nothing is asked"):
        note_experience(fresh(test), experience="usable", by=colleagues.writer, now=clock.now())


def test_s3_11_a_usable_answer_makes_it_a_complaint(
    case: Case, make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    test = take_test(case, form=NO, by=colleagues.writer, now=clock.now())
    ask(case, clock)
    clock.advance(timedelta(hours=1))
    write_again(make_comment, desk, text="Siparişim 3 haftadır yok", name="c-2")
    run_until_idle(desk)
    case.refresh_from_db()
    assert stage_of(case) == TrollStage.ASK  # the answer is another comment; the question stands
    note_experience(fresh(test), experience="usable", by=colleagues.writer, now=clock.now())
    assert stage_of(case) == TrollStage.COMPLAINT
    with pytest.raises(NotPossible):
        rule_label(fresh(test), is_confirmed=True, by=colleagues.approver, now=clock.now())


def test_the_label_needs_a_second_person_and_reaches_the_playbook(
    case: Case, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    test = suspected(case, colleagues, clock)
    assert waiting(colleagues, clock) == [case]
    with pytest.raises(NotPossible, match="somebody else"):
        rule_label(test, is_confirmed=True, by=colleagues.writer, now=clock.now())
    assert not is_troll_confirmed(case)
    rule_label(fresh(test), is_confirmed=True, by=colleagues.approver, now=clock.now())
    assert stage_of(case) == TrollStage.CONFIRMED
    assert waiting(colleagues, clock) == []
    run_until_idle(desk)
    decision = latest_decision(case)
    assert decision is not None
    assert (decision.inputs["troll_confirmed"], decision.priority) == (True, "P5")


def test_before_it_is_confirmed_nothing_says_so_to_the_playbook(
    case: Case, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    suspected(case, colleagues, clock)
    colleagues.triage(case)
    decision = latest_decision(case)
    assert decision is not None
    assert "troll_confirmed" not in decision.inputs


def test_one_person_alone_waits_out_the_pause_and_the_record_shows_it(
    case: Case,
    colleagues: Colleagues,
    clock: ScriptedClock,
    workspace: Workspace,
) -> None:
    Membership.objects.filter(workspace=workspace).exclude(user=colleagues.writer).delete()
    test = suspected(case, colleagues, clock)
    with pytest.raises(NotPossible, match="alone"):
        rule_label(test, is_confirmed=True, by=colleagues.writer, now=clock.now())
    clock.advance(timedelta(minutes=10))
    ruling = rule_label(fresh(test), is_confirmed=True, by=colleagues.writer, now=clock.now())
    assert ruling.is_solo


@pytest.mark.parametrize(
    ("conduct", "quotes", "why"),
    [
        ("", ["salaksınız"], "what was done"),
        ("He is a troll", ["salaksınız"], "not what somebody is"),
        ("Это тролль", ["salaksınız"], "not what somebody is"),
        ("Insults the others", [], "Quote the words"),
        ("Insults the others", ["words that are not there"], "does not stand in the comment"),
    ],
)
def test_a_suspicion_names_conduct_with_the_words_that_show_it_and_never_the_person(
    case: Case,
    colleagues: Colleagues,
    clock: ScriptedClock,
    conduct: str,
    quotes: list[str],
    why: str,
) -> None:
    form = TrollForm(
        is_on_topic=False,
        has_concern=False,
        is_constructive=False,
        conduct=conduct,
        quotes=quotes,
    )
    with pytest.raises(NotPossible, match=why):
        take_test(case, form=form, by=colleagues.writer, now=clock.now())
    assert not TrollTest.objects.exists()


def test_the_database_itself_refuses_a_suspicion_without_conduct(
    case: Case, agent: User, clock: ScriptedClock
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TrollTest.objects.create(
            workspace=case.workspace,
            case=case,
            version=case.comment.versions.get(),
            is_on_topic=False,
            has_concern=False,
            is_constructive=False,
            taken_by=agent,
            taken_at=clock.now(),
        )


def test_the_quotation_is_a_place_in_the_words_so_that_it_goes_with_them(
    case: Case, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    test = take_test(case, form=NO, by=colleagues.writer, now=clock.now())
    assert test.quotes == [[0, 18]]
    assert quoted_words(fresh(test)) == ["Hepiniz salaksınız"]


def test_new_words_make_a_label_a_thing_of_the_past(
    case: Case, make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    test = suspected(case, colleagues, clock)
    rule_label(fresh(test), is_confirmed=True, by=colleagues.approver, now=clock.now())
    clock.advance(timedelta(hours=1))
    write_again(make_comment, desk, text="Kargom da yok", name="c-3")
    run_until_idle(desk)
    case.refresh_from_db()
    assert stage_of(case) == TrollStage.PAST
    decision = latest_decision(case)
    assert decision is not None
    assert "troll_confirmed" not in decision.inputs


def test_a_label_can_be_overturned_with_a_reason_and_that_is_counted(
    case: Case,
    workspace: Workspace,
    colleagues: Colleagues,
    clock: ScriptedClock,
) -> None:
    test = suspected(case, colleagues, clock)
    rule_label(fresh(test), is_confirmed=True, by=colleagues.approver, now=clock.now())
    with pytest.raises(NotPossible, match="Say why"):
        overturn_label(test, reason=" ", by=colleagues.writer, now=clock.now())
    overturn_label(test, reason="She had bought here.", by=colleagues.writer, now=clock.now())
    assert stage_of(case) == TrollStage.OVERTURNED
    assert not is_troll_confirmed(case)
    with pytest.raises(NotPossible):
        overturn_label(test, reason="again", by=colleagues.writer, now=clock.now())
    figures = count_endings(
        colleagues.writer, workspace=workspace, since=clock.now() - timedelta(days=30)
    )
    assert (figures.labels_confirmed, figures.labels_overturned) == (1, 1)


def test_a_refused_label_says_why_and_a_new_test_may_follow(
    case: Case, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    test = suspected(case, colleagues, clock)
    with pytest.raises(NotPossible, match="Say why"):
        rule_label(test, is_confirmed=False, by=colleagues.approver, now=clock.now())
    rule_label(
        test,
        is_confirmed=False,
        reason="An angry customer.",
        by=colleagues.approver,
        now=clock.now(),
    )
    assert stage_of(case) == TrollStage.REFUSED
    take_test(case, form=NO, by=colleagues.approver, now=clock.now())
    assert stage_of(case) == TrollStage.ASK


@pytest.mark.parametrize("role", ["viewer", "stranger"])
def test_who_does_not_work_here_tests_nobody(
    case: Case, clock: ScriptedClock, role: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        take_test(case, form=NO, by=request.getfixturevalue(role), now=clock.now())
