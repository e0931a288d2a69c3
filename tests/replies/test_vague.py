"""Vague posts (K07): S2.25 to S2.27. The playbook asks first; a definitive reply is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from amends.cases.decide import latest_decision
from amends.cases.models import Case
from amends.cases.transitions import NotPossible
from amends.replies.approve import approve_reply, ask_for_approval
from amends.replies.bystander import STATEMENTS
from amends.replies.lint import gather_context, lint_draft
from amends.replies.models import Override, Reply
from amends.replies.queries import reply_digest
from tests.support.desk import FORM, Colleagues

pytestmark = pytest.mark.django_db
VAGUE = replace(FORM, category="vague", fault_share=None)
DEFINITIVE = "Merhaba Ayşe Hanım, çalışmadığını okuduk. Uygulamayı silip yeniden kurun. Elif"
ASKING = (
    "Merhaba Ayşe Hanım, çalışmayan bir şey olduğunu okuduk, üzgünüz. Tam olarak nerede takılıyor: "
    "girişte mi, ödemede mi? Elif"
)


@pytest.fixture
def case(make_case: Callable[..., Case], colleagues: Colleagues) -> Case:
    case = make_case("çalışmıyor")
    colleagues.triage(case, VAGUE)
    return case


def test_s2_26_what_is_vague_is_asked_about_first(case: Case) -> None:
    decision = latest_decision(case)
    assert decision is not None
    assert decision.rule_id == "G8"
    assert "ASK" in decision.decision["strategy"]
    assert "definitive_answer" in decision.decision["forbid"]


def test_s2_27_a_definitive_reply_is_refused_at_handing_over(
    case: Case, colleagues: Colleagues
) -> None:
    reply = colleagues.draft(case, DEFINITIVE)
    assert "Q18" in lint_draft(reply, now=colleagues.now).blocking
    with pytest.raises(NotPossible, match="Q18"):
        ask_for_approval(reply, by=colleagues.writer, now=colleagues.now, agreed=STATEMENTS)
    assert Reply.objects.get().status == "draft"


def test_it_goes_out_only_with_a_reason_and_a_second_person(
    case: Case, colleagues: Colleagues
) -> None:
    reply = colleagues.draft(case, DEFINITIVE)
    why = "She said on the phone that it is the app."
    ask_for_approval(
        reply, by=colleagues.writer, now=colleagues.now, override=why, agreed=STATEMENTS
    )
    given = Override.objects.get()
    assert "Q18" in given.codes
    assert (given.reason, given.given_by) == (why, colleagues.writer)
    waiting = Reply.objects.get()
    digest = reply_digest(waiting)
    with pytest.raises(NotPossible, match="somebody else"):
        approve_reply(waiting, digest=digest, by=colleagues.writer, now=colleagues.now)
    approve_reply(waiting, digest=digest, by=colleagues.approver, now=colleagues.now)
    assert Reply.objects.get().status == "approved"


def test_a_question_passes(case: Case, colleagues: Colleagues) -> None:
    reply = colleagues.draft(case, ASKING)
    assert "Q18" not in lint_draft(reply, now=colleagues.now).blocking


def test_the_linter_is_told_what_people_confirmed(case: Case, colleagues: Colleagues) -> None:
    colleagues.triage(
        case,
        replace(
            FORM,
            severity="high",
            category="misunderstanding",
            fault_share=20,
            fault_basis="admitted",
        ),
    )
    context = gather_context(colleagues.draft(case, ASKING), now=colleagues.now)
    told = {"fault_share": 20, "severity": "high", "category": "misunderstanding"}
    assert {name: context[name] for name in told} == told
    assert context["troll_confirmed"] is False
