"""Instructions of the sources that triage, lanes and dispositions fulfil, each by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from amends.accounts.models import User
from amends.cases.close import close_case
from amends.cases.decide import latest_decision
from amends.cases.models import OPEN_STATUSES, Case, Triage
from amends.cases.queries import earlier_cases
from amends.cases.root_causes import Cause
from amends.cases.transitions import NotPossible
from amends.cases.triage import confirm_triage, suggest_triage
from amends.cases.working_views import in_view
from amends.inbox.models import Author, Comment
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.replies.draft import begin_reply
from tests.support.desk import FORM, Colleagues, ToldClassifier

pytestmark = pytest.mark.django_db
Make = Callable[..., Comment]
ASKED = replace(FORM, policy_ground="none", flags=())


def the_case(desk: Desk) -> Case:
    run_until_idle(desk)
    return Case.objects.latest("pk")


@pytest.mark.parametrize(
    "text", ["Kargom yok", "Çok güzel olmuş", "👍", "??", "Bu marka hakkında ne düşünüyorsunuz"]
)
def test_s0_2_s1_17_s2_4_s2_9_no_comment_is_overlooked_or_dropped_without_a_word(
    make_comment: Make, desk: Desk, agent: User, now: datetime, text: str
) -> None:
    make_comment(text)
    case = the_case(desk)
    assert case.status in OPEN_STATUSES
    assert case in in_view(Case.objects.all(), "unassigned", user=agent, now=now)
    for disposition, reason in (("", "x"), ("not_ours", " ")):
        with pytest.raises(NotPossible):
            close_case(case, disposition=disposition, reason=reason, by=agent, now=now)
    assert Case.objects.get().status in OPEN_STATUSES


def test_s0_5_s1_6_s4_22_the_matter_is_understood_before_anybody_answers(
    make_comment: Make, desk: Desk, colleagues: Colleagues, now: datetime
) -> None:
    make_comment()
    case = the_case(desk)
    with pytest.raises(NotPossible, match="what it answers"):
        begin_reply(case, by=colleagues.writer, now=now)
    colleagues.triage(case)
    assert begin_reply(case, by=colleagues.writer, now=now).status == "draft"


def test_s0_6_whether_we_can_help_is_asked_apart_from_whose_fault_it_is(
    make_comment: Make, desk: Desk, colleagues: Colleagues
) -> None:
    make_comment()
    case = the_case(desk)
    form = replace(FORM, fault_share=0, fault_basis="order_data", can_help=True)
    colleagues.triage(case, form)
    decision = latest_decision(case)
    assert decision is not None
    assert "HELP" in decision.decision["strategy"]


def test_s0_17_a_legal_matter_is_handed_to_those_who_may_lead_it(
    make_comment: Make, desk: Desk, classifier: ToldClassifier, agent: User, now: datetime
) -> None:
    classifier.flags = {"legal_threat": True}
    make_comment("Avukatımla görüşüyorum")
    case = the_case(desk)
    confirm_triage(case, form=suggest_triage(case).form, by=agent, now=now)
    assert Case.objects.get().lane == "legal"


def test_s0_21_s1_19_s2_10_who_writes_again_is_known(
    make_comment: Make, desk: Desk, agent: User
) -> None:
    make_comment(external_id="a-1")
    first = the_case(desk)
    make_comment(external_id="a-2")
    assert list(earlier_cases(the_case(desk), agent)) == [first]


def test_s1_2_the_root_causes_of_a_shop_are_told_apart() -> None:
    of_the_order = {"late", "lost", "damaged", "wrong_item", "out_of_stock", "refund", "price"}
    of_the_product = {"defect", "expectation"}
    assert of_the_order | of_the_product <= set(Cause)


def test_s1_18_whoever_complains_is_taken_seriously(make_comment: Make, desk: Desk) -> None:
    make_comment(external_id="small")
    small = the_case(desk)
    Author.objects.update(followers=3)
    make_comment(external_id="same")
    same = the_case(desk)
    assert (small.priority, small.clock_started_at) == (same.priority, same.clock_started_at)
    assert small.first_reply_due_at == same.first_reply_due_at


@pytest.mark.parametrize(
    ("source", "category"),
    [
        ("S4.16", "business_error"),
        ("S4.17", "misunderstanding"),
        ("S4.18", "general_negativity"),
        ("S4.19", "employee"),
    ],
)
def test_the_four_kinds_of_negativity_are_told_apart(
    make_comment: Make, desk: Desk, agent: User, now: datetime, source: str, category: str
) -> None:
    make_comment()
    confirm_triage(the_case(desk), form=replace(ASKED, category=category), by=agent, now=now)
    assert Triage.objects.get().category == category
    assert Case.objects.get().lane == ("employee" if category == "employee" else "open"), source


@pytest.mark.parametrize("share", [0, 1, 100])
def test_s3_17_an_accusation_is_checked_before_it_counts(
    make_comment: Make, desk: Desk, agent: User, now: datetime, share: int
) -> None:
    make_comment()
    case = the_case(desk)
    with pytest.raises(NotPossible, match="rests on"):
        confirm_triage(case, form=replace(FORM, fault_share=share), by=agent, now=now)
    checked = replace(FORM, fault_share=share, fault_basis="department_answer")
    assert confirm_triage(case, form=checked, by=agent, now=now).fault_share == share
