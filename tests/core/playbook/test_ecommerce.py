"""The playbook for shops: the general one, and rows that know orders and products."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amends.core.playbook.decide import decide
from amends.core.playbook.decision import Decision
from amends.core.playbook.diff import Fate, Section, diff_playbooks
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.schema import (
    check_playbook,
    load_shipped_playbook,
    read_shipped_playbook,
)
from amends.core.playbook.terms import Topic
from amends.core.playbook.texts import SHIPPED_TEXTS

GENERAL = load_shipped_playbook("general")
SHOP = load_shipped_playbook("ecommerce")
ERROR = {"category": "business_error", "is_complaint": True}
OURS = {**ERROR, "fault_share": 80}
NOT_OURS = {**ERROR, "fault_share": 0}


def ask(**facts: object) -> Decision:
    return decide(DecisionInput(**facts), playbook=SHOP)  # type: ignore[arg-type]


def kinds(decision: Decision) -> set[str]:
    return {task.kind.value for task in decision.tasks}


def test_it_is_the_general_playbook_with_more_rows() -> None:
    found = diff_playbooks(GENERAL, after=SHOP)
    assert {(one.section, one.fate) for one in found if one.section is not Section.HEAD} == {
        (Section.MATRIX, Fate.ADDED)
    }
    assert [one.id for one in found[1:]] == [f"E{number}" for number in range(1, 17)]


def test_it_is_sound_and_every_text_is_marked_for_translation() -> None:
    assert check_playbook(read_shipped_playbook("ecommerce")) == ()
    rules = [*SHOP.gates, *SHOP.matrix, SHOP.default]
    assert {text for rule in rules for text in (rule.title, rule.say)} <= set(SHIPPED_TEXTS)


@pytest.mark.parametrize(
    ("facts", "row", "approval"),
    [
        ({**OURS, "topic": "delivery_late"}, "E1", "A0"),
        ({**OURS, "topic": "delivery_lost"}, "E1", "A0"),
        ({**ERROR, "topic": "delivery_late"}, "E2", "A0"),
        ({**NOT_OURS, "topic": "delivery_late", "can_help": True}, "E3", "A0"),
        ({**NOT_OURS, "topic": "delivery_late", "can_help": False}, "D7", "A0"),
        ({**OURS, "topic": "damaged"}, "E4", "A0"),
        ({**OURS, "topic": "wrong_item"}, "E4", "A0"),
        ({**OURS, "topic": "not_as_described"}, "E5", "A0"),
        ({**ERROR, "topic": "counterfeit"}, "E6", "A2"),
        ({**OURS, "topic": "counterfeit"}, "D1", "A0"),
        ({**OURS, "topic": "refund_late"}, "E7", "A0"),
        ({**NOT_OURS, "topic": "refund_refused", "can_help": False}, "E8", "A1"),
        ({**NOT_OURS, "topic": "return"}, "E8", "A1"),
        ({**OURS, "topic": "charged_twice"}, "E9", "A1"),
        ({**OURS, "topic": "price_error"}, "E10", "A2"),
        ({**OURS, "topic": "order_cancelled"}, "E11", "A0"),
        ({**ERROR, "topic": "review_removed"}, "E13", "A2"),
        ({**ERROR, "topic": "product_safety"}, "E14", "A3"),
        ({**OURS, "safety": True}, "E14", "A3"),
        ({"category": "question", "topic": "order_status"}, "E15", "A0"),
        ({**NOT_OURS, "topic": "seller", "can_help": True}, "E16", "A0"),
    ],
)
def test_the_row_knows_what_the_complaint_is_about(
    facts: dict[str, object], row: str, approval: str
) -> None:
    decision = ask(**facts)
    assert (decision.rule_id, decision.approval) == (row, approval)


@pytest.mark.parametrize("topic", list(Topic))
def test_whatever_the_subject_the_general_rows_still_hold_for_what_is_graver(topic: Topic) -> None:
    assert ask(**OURS, topic=topic, severity="critical").rule_id == "D13"
    assert ask(**OURS, topic=topic, data_breach=True).rule_id == "D20"
    assert ask(**OURS, topic=topic, prior_failures=3).rule_id in ("D5-third", "E14")
    assert ask(**OURS, topic=topic, self_harm=True).rule_id == "G1"


def test_an_angry_buyer_is_first_of_all_angry() -> None:
    assert ask(**OURS, topic="delivery_late", arousal="high").rule_id == "D2"


def test_double_charges_are_urgent_and_a_dangerous_product_most_urgent() -> None:
    assert ask(**OURS, topic="charged_twice").priority == "P2"
    decision = ask(**ERROR, topic="product_safety")
    assert decision.priority == "P1"
    assert decision.tasks[0].within == timedelta(minutes=15)


@pytest.mark.parametrize("place", ["review", "marketplace"])
def test_a_review_is_answered_and_never_bargained_for(place: str) -> None:
    decision = ask(**OURS, topic="damaged", channel_type=place)
    assert decision.rule_id == "E4"
    assert {"bargain", "contact_request", "promotion"} <= set(decision.forbid)
    assert "remove" not in kinds(decision)
    assert "resolved_note" in kinds(decision)


def test_inputs_stored_before_there_were_topics_are_decided_as_by_the_general_playbook() -> None:
    for facts in (OURS, ERROR, NOT_OURS, {"category": "vague"}, {"category": "praise"}):
        one = DecisionInput(**facts)  # type: ignore[arg-type]
        assert decide(one, playbook=SHOP).rule_id == decide(one, playbook=GENERAL).rule_id
