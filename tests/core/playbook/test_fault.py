"""Whose fault it was, with its basis, and what a reply must and must not say for it."""

from __future__ import annotations

import json

import pytest

from amends.core.playbook.fault import FaultRecord, ReplyConstraint, constrain_reply
from amends.core.playbook.inputs import DecisionInput
from amends.core.playbook.schema import load_shipped_playbook
from amends.core.playbook.terms import Component, FaultBasis
from amends.core.vocabulary import Category

APOLOGY = load_shipped_playbook("general").apology


def parts(text: str) -> tuple[Component, ...]:
    return tuple(Component(code) for code in text.split())


def constrain(record: FaultRecord, strategy: str) -> ReplyConstraint:
    return constrain_reply(record, apology=APOLOGY, strategy=parts(strategy))


@pytest.mark.parametrize(
    ("record", "kind", "band"),
    [
        (FaultRecord(), "unknown", "unknown"),
        (FaultRecord(can_help=True), "unknown", "unknown"),
        (FaultRecord(share=0), "not_ours", "none"),
        (FaultRecord(share=0, can_help=True), "not_ours_can_help", "none"),
        (FaultRecord(share=0, can_help=False), "not_ours_cannot_help", "none"),
        (FaultRecord(share=1), "ours", "part"),
        (FaultRecord(share=49), "ours", "part"),
        (FaultRecord(share=50), "ours", "most"),
        (FaultRecord(share=100), "ours", "most"),
        (FaultRecord(is_our_wording=True), "ours", "part"),
        (FaultRecord(share=0, is_our_wording=True), "ours", "part"),
        (FaultRecord(share=80, is_our_wording=True), "ours", "most"),
    ],
)
def test_a_record_says_whose_fault_it_was(record: FaultRecord, kind: str, band: str) -> None:
    assert (record.kind, record.band) == (kind, band)


def test_a_guess_is_no_basis() -> None:
    assert not FaultRecord(share=60).is_founded
    assert not FaultRecord().is_founded
    assert FaultRecord(share=60, basis="order_data").is_founded
    assert FaultRecord(share=0, basis="seen on the photo").is_founded


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"share": 101}, "0 to 100"),
        ({"share": -1}, "0 to 100"),
        ({"basis": "admitted"}, "say how much of the fault is ours"),
    ],
)
def test_a_record_that_makes_no_sense_is_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FaultRecord(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "record",
    [
        FaultRecord(),
        FaultRecord(share=60, basis="admitted", can_help=True),
        FaultRecord(share=0, basis="the carrier's own page", is_our_wording=True),
    ],
)
def test_a_record_survives_being_stored(record: FaultRecord) -> None:
    assert FaultRecord.from_json(json.loads(json.dumps(record.to_json()))) == record


def test_a_record_is_read_from_the_inputs_of_a_decision() -> None:
    facts = DecisionInput(fault_share=60, fault_basis="admitted", can_help=True)  # type: ignore[arg-type]
    assert FaultRecord.of(facts) == FaultRecord(share=60, basis=FaultBasis.ADMITTED, can_help=True)
    assert FaultRecord.of(DecisionInput(fault_basis="order_data")).basis is None  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [1, 49, 50, 100])
def test_from_one_percent_on_a_full_answer_owns_it_and_evading_is_forbidden(share: int) -> None:
    asked = constrain(FaultRecord(share=share), "ACK FIX")
    assert asked.required[:4] == parts("ACK REG RESP FIX")
    assert {"evade", "minimise", "forgiveness"} <= set(asked.forbid)
    assert asked.never == ()
    assert (Component.TIME in asked.required) is (share >= 50)


@pytest.mark.parametrize("can_help", [True, False, None])
def test_without_fault_responsibility_is_forbidden_and_understanding_is_asked_for(
    can_help: bool | None,
) -> None:
    asked = constrain(FaultRecord(share=0, can_help=can_help), "ACK RESP EXP")
    assert asked.required == parts("ACK EMP EXP")
    assert {"responsibility", "blame_author"} <= set(asked.forbid)
    assert asked.unwanted(parts("ACK REG RESP")) == parts("RESP")


def test_while_the_fault_is_unknown_nothing_is_admitted() -> None:
    asked = constrain(FaultRecord(), "ACK REG HOLD TIME")
    assert asked.required == parts("ACK REG HOLD TIME")
    assert asked.never == parts("RESP")
    assert "evade" in asked.forbid


@pytest.mark.parametrize("strategy", ["ACK HOLD TIME", "ACK HOLD FORM", "SOR", "DIS", "ACK ASK"])
def test_a_reply_that_is_no_full_answer_yet_needs_no_apology(strategy: str) -> None:
    assert constrain(FaultRecord(share=80), strategy).required == parts(strategy)


def test_where_nothing_is_answered_nothing_is_required() -> None:
    assert constrain(FaultRecord(share=80), "").required == ()


def test_a_misunderstanding_of_the_author_needs_facts_and_no_consolation() -> None:
    asked = constrain_reply(
        FaultRecord(share=0),
        apology=APOLOGY,
        strategy=parts("ACK FACT HELP"),
        category=Category.MISUNDERSTANDING,
    )
    assert asked.required == parts("ACK FACT HELP")


def test_what_is_missing_in_a_draft_is_named() -> None:
    asked = constrain(FaultRecord(share=80), "ACK REG RESP FIX TIME")
    assert asked.missing(parts("ACK FIX")) == parts("REG RESP TIME")
