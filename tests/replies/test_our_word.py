"""What went out is known to the case also after its author wrote again, on channels that show us nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.cases.close import closings_of
from amends.cases.models import Case, TrollTest
from amends.cases.our_word import is_answered, spoken_since
from amends.cases.troll_test import TrollForm, note_experience, take_test
from amends.cases.watch_thread import fight_of, mark_fight, thread_state
from amends.connectors.kit.events import InboundAuthor
from amends.core.clock import ScriptedClock
from amends.inbox.models import Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.replies.settle import confirm_published
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
Make = Callable[..., Comment]
CAN = InboundAuthor("a-2", "can", "Can")


@pytest.fixture
def case(make_comment: Make, desk: Desk) -> Case:
    make_comment("Hepiniz aynısınız", external_id="w-1")
    run_until_idle(desk)
    return Case.objects.get()


def answer(case: Case, colleagues: Colleagues, clock: ScriptedClock) -> None:
    """A reply is approved, and a person posts it by hand."""
    delivery = colleagues.approve(case)
    clock.advance(timedelta(minutes=1))
    confirm_published(delivery, url="", by=colleagues.writer, now=clock.now())
    case.refresh_from_db()


def write_again(make_comment: Make, desk: Desk, clock: ScriptedClock) -> None:
    clock.advance(timedelta(hours=1))
    make_comment("Ne var?", external_id="w-2", thread_external_id="w-1", at=clock.now())
    run_until_idle(desk)


def test_an_answer_counts_also_after_the_author_wrote_again(
    case: Case, make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    assert not is_answered(case)
    before = clock.now()
    answer(case, colleagues, clock)
    write_again(make_comment, desk, clock)
    case.refresh_from_db()
    assert case.first_replied_at is None
    assert is_answered(case)
    assert "best_effort" in closings_of(case)
    assert spoken_since(case, since=before) is not None
    assert spoken_since(case, since=clock.now()) is None


def test_the_experience_question_counts_as_asked_when_its_answer_has_come(
    case: Case, make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    no = TrollForm(
        is_on_topic=False,
        has_concern=False,
        is_constructive=False,
        conduct="Insults everybody.",
        quotes=["Hepiniz aynısınız"],
    )
    take_test(case, form=no, by=colleagues.writer, now=clock.now())
    answer(case, colleagues, clock)
    write_again(make_comment, desk, clock)
    test = TrollTest.objects.get()
    said = note_experience(test, experience="unusable", by=colleagues.writer, now=clock.now())
    assert said.experience == "unusable"


def test_a_second_reply_in_a_case_can_be_the_one_note_to_a_fight(
    case: Case, make_comment: Make, desk: Desk, colleagues: Colleagues, clock: ScriptedClock
) -> None:
    answer(case, colleagues, clock)
    make_comment("Sen kimsin", external_id="w-3", thread_external_id="w-1", author=CAN)
    write_again(make_comment, desk, clock)
    case.refresh_from_db()
    mark_fight(case, by=colleagues.writer, now=clock.now())
    assert thread_state(case) == "fight"
    clock.advance(timedelta(minutes=1))
    answer(case, colleagues, clock)
    assert fight_of(case) is not None
    assert thread_state(case) != "fight"
