"""Answers in private: the same approval, linter and delivery, another place; and the closing note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.accounts.models import User
from amends.accounts.permissions import NotAllowed
from amends.cases.close import close_case
from amends.cases.erase import Held
from amends.cases.hold_legally import place_legal_hold
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.cases.wait import begin_wait, look_at_wait
from amends.core.clock import ScriptedClock
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.log import WORKER
from amends.replies.approve import approve_reply, ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.closing_note import begin_closing_note, leave_untold
from amends.replies.consent import give_consent, note_consent
from amends.replies.draft import begin_reply, pin_to_latest, save_draft
from amends.replies.erase_private import KEPT_FOR, erase_private, forget_private
from amends.replies.hand_over import find_talk, write_more
from amends.replies.lint import gather_context
from amends.replies.models import (
    BystanderPass,
    ClosingNote,
    Delivery,
    HandOver,
    PrivateMessage,
    Reply,
)
from amends.replies.private import begin_private_reply
from amends.replies.queries import reply_digest
from amends.replies.send import _obstacle, place_on_page
from amends.replies.settle import confirm_published, settle_unknown
from amends.work.claim import claim_next
from tests.support.desk import WHY, Colleagues
from tests.support.private import ANSWER, Customer


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case()


@pytest.fixture
def talk(case: Case, customer: Customer) -> HandOver:
    return customer.write(case)


def send(desk: Desk) -> None:
    run_until_idle(desk)


def test_an_answer_in_private_is_approved_like_any_and_stands_on_the_page(
    talk: HandOver, customer: Customer, desk: Desk, case: Case
) -> None:
    delivery = customer.answer(talk)
    assert talk.messages.count() == 1
    send(desk)
    delivery.refresh_from_db()
    case.refresh_from_db()
    said = talk.messages.get(written_by__isnull=False)
    assert (delivery.status, said.content.text) == ("sent", ANSWER)
    assert case.status == "answered"
    assert case.first_replied_at is not None
    assert not BystanderPass.objects.exists()


def test_the_linter_reads_it_as_private_and_against_the_message(
    talk: HandOver, customer: Customer, colleagues: Colleagues
) -> None:
    reply = customer.ask(talk)
    context = gather_context(reply, now=colleagues.now)
    assert (context["public"], context["channel"]) == (False, "private")


def test_its_writer_does_not_approve_it(talk: HandOver, customer: Customer) -> None:
    reply = customer.ask(talk)
    team = customer.colleagues
    with pytest.raises(NotPossible):
        approve_reply(reply, digest=reply_digest(reply), by=team.writer, now=team.now)


def test_two_replies_of_one_case_are_never_written_at_once(
    talk: HandOver, colleagues: Colleagues, case: Case
) -> None:
    begin_private_reply(talk, by=colleagues.writer, now=colleagues.now)
    case.refresh_from_db()
    note_consent(talk, is_given=True, how="phone", by=colleagues.writer, now=colleagues.now)
    with pytest.raises(NotPossible):
        begin_closing_note(talk, by=colleagues.writer, now=colleagues.now)


def test_a_new_message_freezes_what_was_approved_until_somebody_has_read_it(
    talk: HandOver, customer: Customer, desk: Desk, clock: ScriptedClock
) -> None:
    delivery = customer.answer(talk)
    clock.advance(timedelta(minutes=1))
    write_more(talk, text="Vazgeçtim, iade istiyorum", now=clock.now())
    send(desk)
    reply = Reply.objects.select_related("case", "hand_over").get(pk=delivery.reply_id)
    assert reply.status == "frozen"
    assert not talk.messages.filter(written_by__isnull=False).exists()
    pinned = pin_to_latest(reply, by=customer.colleagues.writer, now=clock.now())
    assert pinned.status == "draft"
    assert pinned.answers is not None
    assert pinned.answers.content.text == "Vazgeçtim, iade istiyorum"


def test_what_is_on_its_way_is_followed_by_a_wake_when_they_wrote_meanwhile(
    talk: HandOver, customer: Customer, desk: Desk, clock: ScriptedClock, case: Case
) -> None:
    delivery = customer.answer(talk)
    Delivery.objects.filter(pk=delivery.pk).update(status="unknown", next_step="", due_at=None)
    clock.advance(timedelta(minutes=1))
    write_more(talk, text="Bir şey daha", now=clock.now())
    delivery = Delivery.objects.select_related("reply__case", "workspace").get(pk=delivery.pk)
    settle_unknown(delivery, arrived=True, url="", by=customer.colleagues.writer, now=clock.now())
    case.refresh_from_db()
    assert (case.status, case.clock_started_at) == ("new", clock.now())


def test_a_worker_that_dies_before_placing_it_leaves_it_to_the_next_one(
    talk: HandOver, customer: Customer, desk: Desk, clock: ScriptedClock
) -> None:
    customer.answer(talk)
    dead = claim_next(Delivery, step="send", now=clock.now(), lease=timedelta(seconds=60))
    assert dead is not None
    clock.advance(timedelta(seconds=61))
    send(desk)
    assert talk.messages.filter(written_by__isnull=False).count() == 1
    with pytest.raises(Exception, match=r"stopped or taken over|lease"):
        place_on_page(dead, clock=clock)
    assert talk.messages.filter(written_by__isnull=False).count() == 1


def test_a_private_case_does_not_close_without_note_or_reason(
    talk: HandOver, customer: Customer, desk: Desk, case: Case, agent: User
) -> None:
    customer.answer(talk)
    send(desk)
    case.refresh_from_db()
    now = desk.clock.now()
    with pytest.raises(NotPossible, match="in private"):
        close_case(case, disposition="resolved", reason="Done", by=agent, now=now)
    case.refresh_from_db()
    assert case.is_open
    with pytest.raises(NotPossible):
        leave_untold(case, reason=" ", by=agent, now=now)
    leave_untold(case, reason="The author asked for silence", by=agent, now=now)
    close_case(case, disposition="resolved", reason="Done", by=agent, now=now)
    assert ClosingNote.objects.get().reason == "The author asked for silence"


def test_the_clock_does_not_close_it_either(
    talk: HandOver, customer: Customer, desk: Desk, case: Case, clock: ScriptedClock
) -> None:
    customer.answer(talk)
    send(desk)
    case.refresh_from_db()
    begin_wait(case, actor=WORKER, now=clock.now())
    case.waits.update(number=2)
    clock.advance(timedelta(hours=49))
    look_at_wait(Case.objects.get(pk=case.pk), now=clock.now())
    assert Case.objects.get(pk=case.pk).is_open


def test_a_closing_note_needs_the_authors_yes_and_changed_words(
    talk: HandOver, customer: Customer, desk: Desk, case: Case, agent: User, other_agent: User
) -> None:
    customer.answer(talk)
    send(desk)
    now = desk.clock.now()
    case.refresh_from_db()
    with pytest.raises(NotPossible, match="author"):
        begin_closing_note(talk, by=agent, now=now)
    give_consent(talk, is_given=True, now=now)
    reply = begin_closing_note(talk, by=agent, now=now)
    assert "[…]" in reply.text
    assert not reply.is_private
    with pytest.raises(NotPossible, match="gap"):
        ask_for_approval(reply, by=agent, now=now, override=WHY, agreed=STATEMENTS)
    text = reply.text.replace("[…]", "kargo", 1).replace("[…]", "yenisi yolda", 1)
    reply = save_draft(reply, text=text, revision=reply.revision, by=agent, now=now)
    ask_for_approval(reply, by=agent, now=now, override=WHY, agreed=STATEMENTS)
    give_consent(talk, is_given=False, now=now)
    reply = Reply.objects.get(pk=reply.pk)
    with pytest.raises(NotPossible, match="does not agree"):
        approve_reply(reply, digest=reply_digest(reply), by=other_agent, now=now)
    give_consent(talk, is_given=True, now=now)
    delivery = approve_reply(reply, digest=reply_digest(reply), by=other_agent, now=now)
    assert delivery is not None
    case.refresh_from_db()
    assert case.needs_closing_note


def test_a_consent_taken_back_at_the_last_moment_stops_the_note(
    talk: HandOver, customer: Customer, desk: Desk, case: Case, agent: User, other_agent: User
) -> None:
    reply = closing(case, talk, customer, desk)
    now = desk.clock.now()
    delivery = approve_reply(reply, digest=reply_digest(reply), by=other_agent, now=now)
    assert delivery is not None
    give_consent(talk, is_given=False, now=now)
    assert _obstacle(delivery, now=now) == "consent"
    with pytest.raises(NotPossible, match="does not agree"):
        confirm_published(delivery, url="", by=agent, now=now)
    give_consent(talk, is_given=True, now=now)
    confirm_published(delivery, url="", by=agent, now=now)
    case.refresh_from_db()
    assert not case.needs_closing_note
    note = ClosingNote.objects.get()
    assert (note.reply_id, note.consent is not None) == (reply.pk, True)
    close_case(case, disposition="resolved", reason="Done", by=agent, now=now)


def closing(case: Case, talk: HandOver, customer: Customer, desk: Desk) -> Reply:
    """A closing note that waits for its approval."""
    customer.answer(talk)
    send(desk)
    by, now = customer.colleagues.writer, desk.clock.now()
    case.refresh_from_db()
    note_consent(talk, is_given=True, how="phone", by=by, now=now)
    reply = begin_closing_note(talk, by=by, now=now)
    text = reply.text.replace("[…]", "kargo", 1).replace("[…]", "yenisi yolda", 1)
    reply = save_draft(reply, text=text, revision=reply.revision, by=by, now=now)
    ask_for_approval(reply, by=by, now=now, override=WHY, agreed=STATEMENTS)
    return Reply.objects.get(pk=reply.pk)


@pytest.mark.parametrize("who", ["viewer", "counsel", "stranger"])
def test_only_who_writes_replies_answers_in_private(
    who: str, talk: HandOver, request: pytest.FixtureRequest, colleagues: Colleagues
) -> None:
    by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        begin_private_reply(talk, by=by, now=colleagues.now)
    with pytest.raises(NotAllowed):
        note_consent(talk, is_given=True, how="phone", by=by, now=colleagues.now)
    with pytest.raises(NotAllowed):
        leave_untold(talk.case, reason="x", by=by, now=colleagues.now)


def test_a_public_reply_never_shows_what_was_said_in_private(
    talk: HandOver, case: Case, colleagues: Colleagues
) -> None:
    case.refresh_from_db()
    reply = begin_reply(case, by=colleagues.writer, now=colleagues.now)
    assert "4711" not in str(gather_context(reply, now=colleagues.now))


def test_erasing_takes_every_word_and_ends_the_conversation(
    talk: HandOver, customer: Customer, desk: Desk, case: Case, owner: User, agent: User
) -> None:
    customer.answer(talk)
    send(desk)
    now = desk.clock.now()
    with pytest.raises(NotAllowed):
        erase_private(case, reason="asked for", by=agent, now=now)
    with pytest.raises(NotPossible):
        erase_private(case, reason="", by=owner, now=now)
    assert erase_private(case, reason="The author asked for it", by=owner, now=now) == 2
    assert {one.content.text for one in PrivateMessage.objects.all()} == {""}
    assert all(one.content.digest for one in PrivateMessage.objects.all())
    talk.refresh_from_db()
    assert talk.ended_at == now
    with pytest.raises(NotPossible):
        begin_private_reply(talk, by=agent, now=now)


def test_a_legal_hold_keeps_private_words(
    talk: HandOver, case: Case, owner: User, counsel: User, clock: ScriptedClock
) -> None:
    place_legal_hold(
        case,
        reason="A lawsuit",
        counsel=counsel,
        review_on=clock.now().date() + timedelta(days=30),
        by=owner,
        now=clock.now(),
    )
    with pytest.raises(Held):
        erase_private(case, reason="asked", by=owner, now=clock.now())
    Case.objects.filter(pk=case.pk).update(closed_at=clock.now())
    clock.advance(KEPT_FOR + timedelta(days=1))
    assert forget_private(now=clock.now()) == 0
    assert talk.messages.get().content.text


def test_the_clock_erases_what_was_promised_to_be_gone(
    talk: HandOver, case: Case, clock: ScriptedClock
) -> None:
    Case.objects.filter(pk=case.pk).update(closed_at=clock.now())
    clock.advance(KEPT_FOR - timedelta(days=1))
    assert forget_private(now=clock.now()) == 0
    clock.advance(timedelta(days=1))
    assert forget_private(now=clock.now()) == 1
    assert talk.messages.get().content.text == ""
    assert forget_private(now=clock.now()) == 0


def test_an_ended_conversation_is_closed_to_its_author(
    talk: HandOver, case: Case, owner: User, clock: ScriptedClock, customer: Customer
) -> None:
    erase_private(case, reason="asked", by=owner, now=clock.now())
    assert find_talk("anything", now=clock.now()) is None
    with pytest.raises(NotPossible):
        write_more(talk, text="Merhaba", now=clock.now())
