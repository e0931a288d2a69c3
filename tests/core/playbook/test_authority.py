"""Who may agree, and what happens when nobody does in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.playbook.authority import find_authority
from amends.core.playbook.schema import load_shipped_playbook
from amends.core.playbook.standing import apology_of, approvals_of, components_of, pauses_of
from amends.core.playbook.terms import ClockKind, Component, FaultBand, PauseKind
from amends.core.vocabulary import ApprovalLevel
from tests.core.playbook.examples import make_playbook

GENERAL = load_shipped_playbook("general")
APPROVALS = GENERAL.approvals


def who(level: str, minutes: int) -> str:
    found = find_authority(
        ApprovalLevel(level), approvals=APPROVALS, waited=timedelta(minutes=minutes)
    )
    return " ".join(found.who)


@pytest.mark.parametrize(
    ("level", "minutes", "expected"),
    [
        ("A0", 0, "agent"),
        ("A0", 9_999, "agent"),
        ("A1", 9, "second_agent"),
        ("A1", 10, "second_agent duty_lead"),
        ("A2", 14, "duty_lead"),
        ("A2", 15, "duty_lead crisis_lead"),
        ("A2", 30, "duty_lead crisis_lead executive"),
        ("A3", 29, "duty_lead"),
        ("A3", 120, "duty_lead"),
        ("A4", 29, "crisis_lead executive"),
        ("A4", 30, "crisis_lead executive duty_lead"),
    ],
)
def test_a_late_approval_goes_to_the_deputy(level: str, minutes: int, expected: str) -> None:
    assert who(level, minutes) == expected


def test_a_late_answer_of_counsel_lets_only_a_holding_reply_out() -> None:
    late = find_authority(ApprovalLevel.A3, approvals=APPROVALS, waited=timedelta(minutes=30))
    assert late.is_late
    assert late.holding_by == ("crisis_lead",)
    assert late.together_with == ("counsel", "hr", "safety")


@given(st.sampled_from(ApprovalLevel), st.integers(0, 600), st.integers(0, 600))
def test_waiting_only_ever_adds_people(level: ApprovalLevel, one: int, two: int) -> None:
    early, late = (
        find_authority(level, approvals=APPROVALS, waited=timedelta(minutes=minutes))
        for minutes in sorted((one, two))
    )
    assert set(early.who) <= set(late.who)
    assert set(early.holding_by) <= set(late.holding_by)
    assert early.together_with == late.together_with


def test_where_a_playbook_leaves_a_section_out_the_desks_own_holds() -> None:
    small = make_playbook()
    assert set(approvals_of(small)) == set(ApprovalLevel)
    assert set(components_of(small)) == set(Component)
    assert set(apology_of(small)) == set(FaultBand)
    assert pauses_of(small) == GENERAL.pauses


def test_our_question_is_the_first_reply_and_the_resolution_waits_two_days_at_most() -> None:
    clarify = GENERAL.pauses[PauseKind.CLARIFY]
    assert clarify.stops == (ClockKind.FIRST_REPLY,)
    assert clarify.pauses == (ClockKind.RESOLUTION,)
    assert clarify.at_most == timedelta(hours=48)
    assert clarify.then == "close_no_answer"
    assert clarify.watch == timedelta(days=7)
