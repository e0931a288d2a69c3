"""Pauses, approvals, components and the apology: read strictly, and warnings where little is meant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amends.core.playbook.rules import Playbook
from amends.core.playbook.schema import parse_playbook, review_playbook
from amends.core.playbook.terms import Component, PauseKind, Redress
from amends.core.vocabulary import ApprovalLevel
from tests.core.playbook.examples import playbook_text, rule

A1 = "{title: T, say: S., who: [second_agent], because: [C8]"
LATE = ", timeout: 10m, then: deputy, deputies: [duty_lead]"
CLARIFY = "stops: [first_reply], pauses: [resolution], at_most: 48h, then: close_no_answer"
BAND = "{needs: [REG], never: [RESP], because: [C5]}"


def read(section: str, **parts: str) -> Playbook:
    return parse_playbook(playbook_text(**parts) + section)


def only(section: str, **parts: str) -> str:
    problems = [one.message for one in review_playbook(playbook_text(**parts) + section).problems]
    assert len(problems) == 1, problems
    return problems[0]


def warnings(section: str = "", **parts: str) -> list[str]:
    review = review_playbook(playbook_text(**parts) + section)
    assert review.problems == ()
    return [one.message for one in review.warnings]


def test_an_approval_is_read_whole() -> None:
    found = read(f"approvals:\n  A1: {A1}{LATE}, escalates_to: A2, redress: limit1}}\n").approvals[
        ApprovalLevel.A1
    ]
    assert found.who == ("second_agent",)
    assert found.timeout == timedelta(minutes=10)
    assert found.deputies == ("duty_lead",)
    assert found.escalates_to is ApprovalLevel.A2
    assert found.redress is Redress.LIMIT1
    assert found.together_with == ()


@pytest.mark.parametrize(
    ("approval", "message"),
    [
        ("{title: T}", "say is missing"),
        ("{title: T, say: S., who: [boss], because: [C8]}", "who: boss is not known"),
        ("{title: T, say: S., who: [], because: [C8]}", "who: names nobody who may agree"),
        (f"{A1}, timeout: 10m}}", "timeout and then belong together"),
        (f"{A1}, timeout: 10m, then: deputy}}", "names no deputies"),
        (f"{A1}, timeout: soon, then: deputy, deputies: [hr]}}", "timeout: soon is not a time"),
        (f"{A1}, redress: much}}", "redress: much is not known"),
        (f"{A1}, mood: bad}}", "mood is not known here"),
    ],
)
def test_an_approval_that_makes_no_sense_is_told(approval: str, message: str) -> None:
    review = review_playbook(playbook_text() + f"approvals:\n  A1: {approval}\n")
    assert any(message in one.message for one in review.problems)
    assert all(one.path.startswith("approvals.A1") for one in review.problems)


def test_a_level_that_does_not_exist_is_told() -> None:
    assert "A9 is not known here" in only(f"approvals:\n  A9: {A1}}}\n")


def test_a_pause_is_read_whole() -> None:
    section = f"pauses:\n  clarify: {{{CLARIFY}, watch: 7d, because: [S2.27]}}\n"
    pause = read(section).pauses[PauseKind.CLARIFY]
    assert (pause.at_most, pause.watch) == (timedelta(hours=48), timedelta(days=7))
    assert pause.because == ("S2.27",)


@pytest.mark.parametrize(
    ("pause", "message"),
    [
        (f"seen: {{{CLARIFY}, because: [x]}}", "seen is not known here; it may be clarify"),
        (f"clarify: {{{CLARIFY}}}", "because is missing"),
        (f"clarify: {{{CLARIFY}, because: []}}", "names no source"),
        ("clarify: {stops: [nap], pauses: [], at_most: 1h, then: ask_a_person, because: [x]}",
         "nap is not known"),
    ],
)  # fmt: skip
def test_a_pause_that_makes_no_sense_is_told(pause: str, message: str) -> None:
    assert message in only(f"pauses:\n  {pause}\n")


def test_components_may_be_explained_in_part() -> None:
    found = read("components:\n  ACK: {title: greet, say: Say hello.}\n").components
    assert found[Component.ACK].title == "greet"
    assert len(found) == 1
    assert "SORRY is not known" in only("components:\n  SORRY: {title: a, say: b}\n")
    assert "say is missing" in only("components:\n  ACK: {title: a}\n")


def test_an_apology_names_every_band() -> None:
    whole = "".join(f"  {band}: {BAND}\n" for band in ("unknown", "none", "part", "most"))
    assert len(read(f"apology:\n{whole}").apology) == 4
    partly = f"apology:\n  unknown: {BAND}\n  none: {BAND}\n  part: {BAND}\n"
    assert "most is missing" in only(partly)


def test_an_apology_that_asks_for_what_it_never_says_is_told() -> None:
    bad = BAND.replace("[REG]", "[REG, RESP]")
    whole = f"apology:\n  unknown: {bad}\n"
    whole += "".join(f"  {band}: {BAND}\n" for band in ("none", "part", "most"))
    assert "RESP is asked for and never allowed" in only(whole)


# --- rules


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (", weight: 10", "weight: 10 is out of range; it may be 0 to 9"),
        (", weight: heavy", "weight: heavy is not a whole number"),
        (", adds: perhaps", "adds: perhaps is neither true nor false"),
        (", tasks: [temporary_ban]", "a temporary ban needs an end"),
        (", tasks: [{kind: temporary_ban, within: 1h}]", "a temporary ban needs an end"),
        (", tasks: [{kind: temporary_ban, lasts: long}]", "lasts: long is not a time"),
    ],
)
def test_weight_adds_and_the_length_of_a_ban_are_read_strictly(more: str, message: str) -> None:
    assert message in only("", matrix=rule("D1", "{arousal: high}", more=more))


def test_a_gate_has_no_weight() -> None:
    gates = rule("G1", "{arousal: high}", more=", weight: 1")
    assert "gates are asked in order and have no weight" in only("", gates=gates)


# --- warnings


def test_a_sound_small_playbook_has_no_warnings() -> None:
    assert warnings() == []


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("{arousal: high}", "{arousal: high, severity: low}"),
        ("{severity: {in: [high, critical]}}", "{severity: high}"),
        ("{fault_share: {gte: 10}}", "{fault_share: {gte: 50, lte: 60}}"),
        ("{fault_share: {lte: 60}}", "{fault_share: {in: [0, 60]}}"),
        ("{fault_share: {known: true}}", "{fault_share: {gte: 1}}"),
        ("{any: [{arousal: high}, {severity: low}]}", "{severity: low, can_help: true}"),
        (
            "{arousal: high}",
            "{any: [{arousal: high, severity: low}, {arousal: high, minor: true}]}",
        ),
        (
            "{arousal: high, severity: low}",
            "{all: [{severity: low}, {arousal: high}], minor: true}",
        ),
        ("{not: {arousal: high}}", "{not: {arousal: high}, severity: low}"),
    ],
)
def test_a_rule_behind_a_gate_that_always_holds_too_is_warned_about(above: str, below: str) -> None:
    message = "is never followed: whenever it holds, G1 above holds too"
    gates = rule("G1", above) + rule("G2", below)
    assert [one for one in warnings(gates=gates) if message in one]
    assert [
        one for one in warnings(gates=rule("G1", above), matrix=rule("D1", below)) if message in one
    ]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("{arousal: high, severity: low}", "{arousal: high}"),
        ("{severity: high}", "{severity: {in: [high, critical]}}"),
        ("{fault_share: {gte: 50}}", "{fault_share: {gte: 10}}"),
        ("{fault_share: {known: false}}", "{fault_share: {gte: 10}}"),
        ("{fault_share: {known: false}}", "{fault_share: {known: true}}"),
        ("{not: {arousal: high}}", "{arousal: low}"),
        ("{arousal: high}", "{any: [{arousal: high}, {severity: low}]}"),
    ],
)
def test_a_rule_that_may_still_be_followed_is_not_warned_about(above: str, below: str) -> None:
    assert warnings(gates=rule("G1", above) + rule("G2", below)) == []


def test_a_gate_that_adds_hides_nothing_and_is_hidden_by_nothing() -> None:
    adds = rule("G1", "{arousal: high}", more=", adds: true")
    assert warnings(gates=adds + rule("G2", "{arousal: high, minor: true}")) == []
    assert (
        warnings(gates=rule("G2", "{arousal: high}") + adds.replace("high", "high, minor: true"))
        == []
    )


def test_a_priority_that_is_never_asked_is_warned_about() -> None:
    priorities = (
        "priorities:\n"
        "  - {id: Pa, when: {severity: {in: [high, critical]}}, priority: P1, because: [x]}\n"
        "  - {id: Pb, when: {severity: high}, priority: P2, because: [x]}\n"
        "  - {id: P-all, when: {}, priority: P3, because: [x]}\n"
    )
    assert [one[:26] for one in warnings(priorities=priorities)] == ["Pb: is never followed: whe"]


@pytest.mark.parametrize(
    "when",
    [
        "{fault_share: {gte: 50, lte: 10}}",
        "{fault_share: {gte: 1, known: false}}",
        "{all: [{severity: low}, {severity: high}]}",
        "{severity: low, all: [{severity: {in: [high, critical]}}]}",
        "{any: [{fault_share: {gte: 9, lte: 1}}]}",
    ],
)
def test_a_rule_that_can_never_hold_is_warned_about(when: str) -> None:
    assert warnings(matrix=rule("D1", when)) == [
        "D1: can never hold: its conditions exclude each other"
    ]


def test_a_level_that_the_section_does_not_explain_is_warned_about() -> None:
    section = f"approvals:\n  A1: {A1}}}\n"
    found = warnings(section, matrix=rule("D1", "{arousal: high}").replace("A0", "A3"))
    assert [one.split(",")[0] for one in found] == ["P-all: asks for A0", "D1: asks for A3"]


def test_approvals_that_go_round_in_circles_are_warned_about() -> None:
    section = (
        f"approvals:\n  A0: {A1}}}\n  A1: {A1}{LATE}, escalates_to: A2}}\n"
        f"  A2: {A1}{LATE}, escalates_to: A1}}\n"
    )
    assert [one[:43] for one in warnings(section)] == [
        "approvals.A2: goes up to A1, which is not a"
    ]
