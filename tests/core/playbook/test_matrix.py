"""The matrix of the general playbook: which row is followed, and what others add to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amends.core.playbook.decide import decide
from amends.core.playbook.decision import Decision
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.schema import load_shipped_playbook

GENERAL = load_shipped_playbook("general")
ERROR = {"category": "business_error", "is_complaint": True}
OURS = {**ERROR, "fault_share": 80}


def ask(**facts: object) -> Decision:
    return decide(DecisionInput(**facts), playbook=GENERAL)  # type: ignore[arg-type]


def kinds(decision: Decision) -> set[str]:
    return {task.kind.value for task in decision.tasks}


@pytest.mark.parametrize(
    ("facts", "row", "strategy", "approval"),
    [
        (OURS, "D1", "ACK REG RESP FIX TIME", "A0"),
        ({**OURS, "arousal": "high"}, "D2", "ACK REG RESP EXP FIX TIME OFF", "A1"),
        ({**OURS, "shares_per_hour": 60}, "D2", "ACK REG RESP EXP FIX TIME OFF", "A1"),
        ({**ERROR, "fault_share": 20}, "D3", "ACK REG RESP FACT FIX TIME", "A0"),
        ({**ERROR, "fault_share": 20, "arousal": "high"}, "D3", "ACK REG RESP FACT FIX TIME", "A0"),
        (ERROR, "D4", "ACK REG HOLD TIME", "A0"),
        ({"category": "misunderstanding"}, "D4", "ACK REG HOLD TIME", "A0"),
        ({**OURS, "prior_failures": 1}, "D5", "ACK REG RESP FIX TIME OFF", "A2"),
        (
            {**OURS, "prior_failures": 1, "arousal": "high"},
            "D5",
            "ACK REG RESP FIX TIME OFF",
            "A2",
        ),
        ({**ERROR, "prior_failures": 1}, "D5-unknown", "ACK REG HOLD TIME OFF", "A2"),
        ({**OURS, "prior_failures": 3}, "D5-third", "ACK REG RESP FIX TIME OFF", "A2"),
        ({**ERROR, "fault_share": 0, "can_help": True}, "D6", "ACK EMP EXP HELP TIME", "A0"),
        ({**ERROR, "fault_share": 0, "can_help": False}, "D7", "ACK EMP EXP", "A0"),
        (
            {"category": "misunderstanding", "fault_share": 0, "wording_unclear": True},
            "D8",
            "ACK THX REG RESP FACT FIX TIME",
            "A0",
        ),
        (
            {"category": "misunderstanding", "fault_share": 30},
            "D8",
            "ACK THX REG RESP FACT FIX TIME",
            "A0",
        ),
        ({"category": "misunderstanding", "fault_share": 0}, "D9", "ACK FACT HELP", "A0"),
        ({"category": "general_negativity", "goal": "constructive"}, "D10", "ACK THX ASK", "A0"),
        ({"category": "general_negativity"}, "D10", "ACK THX ASK", "A0"),
        ({"category": "general_negativity", "goal": "vindictive"}, "D11", "FACT", "A0"),
        ({**OURS, "severity": "critical"}, "D13", "ACK EMP HOLD TIME", "A3"),
        ({**OURS, "author_type": "competitor"}, "D15", "", "A1"),
        ({"category": "praise", "addressed_to_us": True}, "D16", "THX", "A0"),
        ({**OURS, "thread_state": "reopened"}, "D19", "ACK REG RESP FIX TIME OFF", "A2"),
        ({**ERROR, "thread_state": "reopened"}, "D19-unknown", "ACK REG HOLD TIME OFF", "A2"),
        ({**ERROR, "data_breach": True}, "D20", "ACK HOLD TIME OFF", "A3"),
        ({**OURS, "data_breach": True, "severity": "critical"}, "D20", "ACK HOLD TIME OFF", "A3"),
        ({"category": "question"}, "D21", "ACK FACT HELP", "A0"),
        (
            {"category": "other", "is_complaint": False, "addressed_to_us": False},
            "D23",
            "",
            "A1",
        ),
        ({"category": "other"}, "D0", "ACK ASK", "A1"),
        ({}, "D0", "ACK ASK", "A1"),
    ],
)
def test_the_row_that_fits_best_is_followed(
    facts: dict[str, object], row: str, strategy: str, approval: str
) -> None:
    decision = ask(**facts)
    said = " ".join(part.value for part in decision.strategy)
    assert (decision.rule_id, said, decision.approval) == (row, strategy, approval)


# --- rows that add


@pytest.mark.parametrize("facts", [{"turns_public": 2}, {"needs_personal_data": True}])
def test_d12_after_two_turns_or_for_personal_data_a_private_way_is_offered(
    facts: dict[str, object],
) -> None:
    decision = ask(**OURS, **facts)
    assert decision.rule_id == "D1"
    assert [part.value for part in decision.strategy] == [
        "ACK",
        "REG",
        "RESP",
        "FIX",
        "TIME",
        "OFF",
    ]
    assert {"private_thread", "close_publicly", "promise"} <= kinds(decision)
    assert "contact_request" in decision.forbid
    assert decision.added[0].say.startswith("Offer a private way")


def test_d12_what_the_row_says_already_is_not_said_twice() -> None:
    decision = ask(**OURS, arousal="high", turns_public=5)
    assert [part.value for part in decision.strategy].count("OFF") == 1
    assert len(kinds(decision)) == len(decision.tasks)


def test_d14_a_portal_gets_the_formal_answer_in_its_term() -> None:
    decision = ask(**ERROR, channel_type="portal")
    assert decision.strategy[-1] == "FORM"
    task = next(task for task in decision.tasks if task.kind == "portal_answer")
    assert task.within == timedelta(days=3)


def test_d17_a_complaint_in_foul_words_is_answered_first_and_then_warned() -> None:
    decision = ask(**ERROR, offensive=True)
    assert [part.value for part in decision.strategy] == ["ACK", "REG", "HOLD", "TIME", "MODN"]
    assert "warn" in kinds(decision)


def test_several_rows_add_at_once_and_the_longest_watch_stays() -> None:
    decision = ask(**OURS, offensive=True, turns_public=2, channel_type="portal", arousal="high")
    assert [one.rule_id for one in decision.added] == ["D12", "D14", "D17"]
    assert decision.watch == timedelta(hours=2)


# --- weight


def test_what_was_broken_before_weighs_more_than_how_loud_it_is() -> None:
    held = {one.rule_id: one.keys for one in ask(**OURS, prior_failures=1, arousal="high").matched}
    assert held["D2"] > held["D5"]


def test_no_money_is_offered_in_public_where_we_are_at_fault() -> None:
    for fault in (1, 50, 100):
        for more in ({}, {"arousal": "high"}, {"prior_failures": 2}, {"thread_state": "reopened"}):
            decision = ask(**ERROR, fault_share=fault, **more)
            assert "public_compensation" in decision.forbid
