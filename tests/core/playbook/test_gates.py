"""The gates of the general playbook: what comes before everything else, and in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amends.core.playbook.decide import decide
from amends.core.playbook.decision import Decision
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.schema import load_shipped_playbook
from amends.core.playbook.terms import Component, RuleKind

GENERAL = load_shipped_playbook("general")
ERROR = {"category": "business_error", "fault_share": 80, "is_complaint": True}
THREE_NOES = {"troll_on_topic": False, "troll_concern": False, "troll_constructive": False}
INSULT = {"policy_ground": "profanity_targeted", "is_complaint": False}
ELSEWHERE = {"channel_owner": "third_party", "tagged": False}


def ask(**facts: object) -> Decision:
    return decide(DecisionInput(**facts), playbook=GENERAL)  # type: ignore[arg-type]


def kinds(decision: Decision) -> set[str]:
    return {task.kind.value for task in decision.tasks}


@pytest.mark.parametrize(
    ("facts", "gate", "approval"),
    [
        ({"self_harm": True}, "G1", "A3"),
        ({"policy_ground": "threat", "severity": "critical"}, "G1", "A3"),
        ({"minor": True, "safety": True}, "G1", "A3"),
        ({"policy_ground": "hate", "channel_owner": "own_page"}, "G2", "A1"),
        ({"policy_ground": "hate", "channel_owner": "own_page", "severity": "high"}, "G2", "A1"),
        ({"policy_ground": "doxxing", "channel_owner": "own_hosted"}, "G2", "A1"),
        ({"policy_ground": "threat", "channel_owner": "third_party"}, "G2-elsewhere", "A1"),
        ({"policy_ground": "hate"}, "G2-elsewhere", "A1"),
        ({"impersonates_us": True, "policy_ground": "scam"}, "G3-in-our-name", "A1"),
        ({"category": "spam"}, "G3", "A0"),
        ({"author_type": "authority"}, "G4", "A3"),
        ({"author_type": "journalist_influencer"}, "G4", "A3"),
        ({"legal_threat": True, **ERROR}, "G4", "A3"),
        ({"crisis_level": 2, "approved_line": True, **ERROR}, "G5", "A0"),
        ({"crisis_level": 3, "approved_line": False}, "G5-no-line", "A4"),
        ({"crisis_level": 2}, "G5-no-line", "A4"),
        ({"category": "employee"}, "G6", "A3"),
        ({"category": "vague"}, "G8", "A0"),
        ({"thread_state": "fight"}, "G9", "A0"),
        ({"thread_authors": 3, "thread_turns": 6, "topic_drift": True}, "G9", "A0"),
        ({"thread_state": "fight", "moderator_noted": True}, "G9-again", "A1"),
        ({"category": "troll"}, "G10", "A1"),
        ({"category": "troll", **THREE_NOES}, "G10-ask", "A1"),
        ({"category": "troll", **THREE_NOES, "troll_experience": "asked"}, "G10-ask", "A1"),
        ({"category": "troll", **THREE_NOES, "troll_experience": "unusable"}, "G10-once", "A1"),
        ({**INSULT}, "G11-warn", "A0"),
        ({**INSULT, "strikes": 1}, "G11", "A1"),
        ({**INSULT, "strikes": 2}, "G11-ban-short", "A1"),
        ({**INSULT, "strikes": 3}, "G11-ban-long", "A2"),
        ({**INSULT, "strikes": 9}, "G11-ban", "A3"),
        ({**ELSEWHERE, "is_complaint": True, "can_help": True}, "G12", "A0"),
        ({**ELSEWHERE, "is_complaint": True, "can_help": False}, "G12-watch", "A0"),
        ({**ELSEWHERE, "is_complaint": False}, "G12-watch", "A0"),
    ],
)
def test_the_gate_that_holds_first_is_followed(
    facts: dict[str, object], gate: str, approval: str
) -> None:
    decision = ask(**facts)
    assert (decision.rule_id, decision.kind, decision.approval) == (gate, RuleKind.GATE, approval)


@pytest.mark.parametrize(
    "facts",
    [
        {"crisis_level": 1},
        {"minor": True},
        {**ELSEWHERE, "tagged": True},
        {**ELSEWHERE, "addressed_to_us": True},
        {"channel_owner": "third_party"},
        {"thread_authors": 3, "thread_turns": 6, "topic_drift": False},
    ],
)
def test_what_no_gate_is_about_goes_on_to_the_matrix(facts: dict[str, object]) -> None:
    assert ask(**ERROR, **facts).rule_id == "D1"


# --- what may be removed, and what never


@pytest.mark.parametrize("ground", ["profanity_targeted", "off_topic"])
@pytest.mark.parametrize("strikes", [0, 1, 2, 3, 9])
def test_a_complaint_is_never_removed_for_its_tone(ground: str, strikes: int) -> None:
    decision = ask(**ERROR, policy_ground=ground, offensive=True, strikes=strikes)
    assert decision.rule_id == "D1"
    assert [one.rule_id for one in decision.added] == ["D17"]
    assert not kinds(decision) & {"remove", "temporary_ban", "permanent_ban", "lock_thread"}
    assert Component.MODN in decision.strategy


@pytest.mark.parametrize("sentiment", ["negative", "mixed"])
@pytest.mark.parametrize("severity", ["low", "high"])
def test_negative_words_are_no_ground_for_removal(sentiment: str, severity: str) -> None:
    for category in ("business_error", "misunderstanding", "general_negativity", "vague", "other"):
        decision = ask(category=category, sentiment=sentiment, severity=severity)
        assert "remove" not in kinds(decision)


@pytest.mark.parametrize(
    "facts", [{"policy_ground": "hate", "channel_owner": "own_page"}, {**INSULT, "strikes": 2}]
)
def test_before_anything_is_removed_it_is_captured(facts: dict[str, object]) -> None:
    tasks = [task.kind.value for task in ask(**facts).tasks]
    assert tasks.index("capture_evidence") < tasks.index("remove")
    assert "statement_of_reasons" in tasks


def test_a_ban_names_its_end() -> None:
    short, long = (
        next(task for task in ask(**INSULT, strikes=strikes).tasks if task.lasts)
        for strikes in (2, 3)
    )
    assert (short.kind, short.lasts) == ("temporary_ban", timedelta(days=7))
    assert (long.kind, long.lasts) == ("temporary_ban", timedelta(days=30))


def test_what_stands_elsewhere_is_reported_and_not_removed() -> None:
    decision = ask(policy_ground="hate", channel_owner="third_party")
    assert "report_to_platform" in kinds(decision)
    assert "remove" not in kinds(decision)


# --- the troll test (K08)


@pytest.mark.parametrize("question", list(THREE_NOES))
def test_k08_one_yes_and_it_is_a_complaint(question: str) -> None:
    decision = ask(category="troll", troll_confirmed=True, **{**THREE_NOES, question: True})
    assert decision.rule_id == "D22"
    assert "reply" not in decision.forbid


def test_k08_a_usable_answer_makes_it_a_complaint() -> None:
    assert ask(category="troll", **THREE_NOES, troll_experience="usable").rule_id == "D22"


@pytest.mark.parametrize("confirmed", [True, None])
def test_k08_there_is_no_second_answer_to_a_troll(confirmed: bool | None) -> None:
    facts = {**THREE_NOES, "troll_experience": "unusable", "troll_confirmed": confirmed}
    decision = ask(category="troll", **facts, turns_public=1)
    assert decision.rule_id == "G10-silent"
    assert decision.strategy == ()
    assert decision.tasks[0].kind == "look_again"
    assert decision.tasks[0].within == timedelta(hours=24)


def test_deliberate_silence_always_has_a_second_person_and_a_second_look() -> None:
    for rule in (*GENERAL.gates, *GENERAL.matrix):
        if "K41" in rule.because or "C3" in rule.because:
            if "reply" not in rule.forbid or rule.id.startswith("G12"):
                continue
            assert rule.approval != "A0", rule.id
            assert any(task.kind == "look_again" for task in rule.tasks), rule.id


# --- gates that add


def test_g7_words_that_were_deleted_are_kept_and_never_quoted() -> None:
    decision = ask(**ERROR, thread_state="deleted_by_author")
    assert decision.rule_id == "D1"
    assert decision.strategy[-1] is Component.OFF
    assert "quote_deleted" in decision.forbid
    assert {"keep_versions", "triage_again"} <= kinds(decision)
    assert "S3.8" in decision.because
    assert [(one.rule_id, one.is_added) for one in decision.matched if one.is_added] == [
        ("G7", True)
    ]


@pytest.mark.parametrize("current", [False, None])
def test_g7_words_that_were_changed_are_triaged_again(current: bool | None) -> None:
    decision = ask(**ERROR, thread_state="edited", triage_is_current=current)
    assert "definitive_answer" in decision.forbid
    assert "triage_again" in kinds(decision)


def test_g7_once_a_person_has_read_the_new_words_the_case_goes_on() -> None:
    decision = ask(**ERROR, thread_state="edited", triage_is_current=True)
    assert (decision.rule_id, decision.added) == ("D1", ())


@pytest.mark.parametrize("category", ["business_error", "vague", "employee"])
def test_d18_a_child_is_asked_for_no_contact_whatever_else_holds(category: str) -> None:
    decision = ask(category=category, author_type="minor_suspected")
    assert "contact_request" in decision.forbid
    assert "guardian_route" in kinds(decision)
    assert decision.approval in ("A2", "A3")


def test_where_nothing_may_be_answered_no_part_of_a_reply_is_added() -> None:
    decision = ask(category="spam", thread_state="deleted_by_author")
    assert decision.rule_id == "G3"
    assert decision.strategy == ()
    assert "keep_versions" in kinds(decision)


def test_rows_are_not_added_to_a_gate() -> None:
    assert ask(self_harm=True, is_complaint=True, offensive=True, turns_public=3).added == ()
