"""docs/playbook.md names everything that a playbook may say."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

from amends.core.playbook.inputs import FIELDS
from amends.core.playbook.schema import (
    PARTS,
    SECTIONS,
    SHIPPED,
    check_playbook,
    load_shipped_playbook,
)
from amends.core.playbook.terms import (
    Approver,
    Ban,
    Component,
    FaultBand,
    LateApproval,
    Operator,
    PauseEnd,
    PauseKind,
    Redress,
    TaskKind,
)
from amends.core.vocabulary import ApprovalLevel
from tests.core.playbook.examples import playbook_text

PAGE = (Path(__file__).parents[3] / "docs" / "playbook.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*FIELDS, "any", "all", "not"])
def test_every_field_of_a_condition_is_documented(name: str) -> None:
    assert re.search(rf"`{name}`|^ *{name}:", PAGE, re.MULTILINE)


@pytest.mark.parametrize("codes", [spec.codes for spec in FIELDS.values() if spec.codes])
def test_every_value_of_a_field_is_documented(codes: type[StrEnum]) -> None:
    assert [code for code in codes if not re.search(rf"\b{code}\b", PAGE)] == []


@pytest.mark.parametrize("code", [*Component, *Ban, *TaskKind])
def test_every_part_ban_and_task_is_documented(code: StrEnum) -> None:
    assert re.search(rf"`{code}`|\b{code} [a-z]", PAGE)


@pytest.mark.parametrize(
    "codes", [ApprovalLevel, Approver, FaultBand, LateApproval, PauseEnd, PauseKind, Redress]
)
def test_every_word_of_the_other_sections_is_documented(codes: type[StrEnum]) -> None:
    assert [code for code in codes if not re.search(rf"\b{code}\b", PAGE)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_rule_of_a_shipped_playbook_has_its_place_on_the_page(name: str) -> None:
    playbook = load_shipped_playbook(name)
    for rule in (*playbook.gates, *playbook.matrix, playbook.default):
        is_range = rule.id in {"E2", "G11-ban-long"}
        assert is_range or re.search(rf"\b{rule.id}\b", PAGE), rule.id


@pytest.mark.parametrize("section", [*PARTS, *SECTIONS])
def test_every_part_of_the_file_is_shown(section: str) -> None:
    assert re.search(rf"^{section}:", PAGE, re.MULTILINE)


@pytest.mark.parametrize("operator", [one for one in Operator if one is not Operator.EQ])
def test_every_comparison_is_shown(operator: Operator) -> None:
    assert f"{operator}: " in PAGE


def test_the_condition_that_the_page_shows_is_valid() -> None:
    shown = re.search(r"^when:\n(?:  .*\n)+", PAGE, re.MULTILINE)
    assert shown is not None
    row = "  - id: D1\n    title: T\n    say: S.\n    strategy: []\n    approval: A0\n"
    row += "    because: [house rule 4]\n"
    row += "".join(f"    {line}\n" for line in shown[0].splitlines())
    assert check_playbook(playbook_text(matrix=row)) == ()
