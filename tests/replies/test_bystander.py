"""Before a reply is handed over its writer reads it as a stranger will; any edit voids that (K11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.accounts.models import User
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.record.models import ActionLog
from amends.replies.approve import approve_reply, ask_for_approval, reply_digest, send_back
from amends.replies.bystander import STATEMENTS, NotReadYet, bystander_pass_in_force
from amends.replies.draft import save_draft
from amends.replies.models import BystanderPass, Finding, Reply
from tests.support.desk import WHY, Colleagues

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case()


def test_s0_33_a_reply_that_nobody_has_read_again_is_not_handed_over(
    colleagues: Colleagues, case: Case, now: datetime
) -> None:
    reply = colleagues.draft(case)
    with pytest.raises(NotReadYet):
        ask_for_approval(reply, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)
    reply.refresh_from_db()
    assert reply.status == "draft"
    assert not Finding.objects.filter(reply=reply).exists()


@pytest.mark.parametrize("missing", STATEMENTS)
def test_s0_34_every_statement_must_hold(
    colleagues: Colleagues, case: Case, now: datetime, missing: str
) -> None:
    reply = colleagues.draft(case)
    rest = [one for one in STATEMENTS if one != missing]
    with pytest.raises(NotReadYet):
        ask_for_approval(reply, by=colleagues.writer, now=now, override=WHY, agreed=rest)
    assert not BystanderPass.objects.exists()


def test_the_pass_is_kept_with_who_read_it_and_logged(
    colleagues: Colleagues, case: Case, now: datetime
) -> None:
    reply = colleagues.ask(case)
    passed = bystander_pass_in_force(reply)
    assert passed is not None
    assert (passed.read_by, passed.revision) == (colleagues.writer, reply.revision)
    assert ActionLog.objects.filter(action="reply.bystander").count() == 1


def test_any_edit_voids_the_pass(colleagues: Colleagues, case: Case, now: datetime) -> None:
    reply = colleagues.ask(case)
    edited = save_draft(
        reply, text=f"{reply.text}!", revision=reply.revision, by=colleagues.writer, now=now
    )
    assert bystander_pass_in_force(edited) is None
    with pytest.raises(NotReadYet):
        ask_for_approval(edited, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)


def test_the_same_words_sent_back_need_no_second_reading(
    colleagues: Colleagues, case: Case, now: datetime
) -> None:
    reply = colleagues.ask(case)
    send_back(reply, reason="Ask the depot first.", by=colleagues.approver, now=now)
    again = Reply.objects.get(pk=reply.pk)
    ask_for_approval(again, by=colleagues.writer, now=now, override=WHY, agreed=STATEMENTS)
    assert BystanderPass.objects.count() == 1


def test_what_waited_before_the_pass_existed_is_not_approved(
    colleagues: Colleagues, case: Case, other_agent: User, now: datetime
) -> None:
    reply = colleagues.draft(case)
    Reply.objects.filter(pk=reply.pk).update(status="awaiting_approval")
    reply.refresh_from_db()
    with pytest.raises(NotPossible, match="bystander"):
        approve_reply(reply, digest=reply_digest(reply), by=other_agent, now=now)
