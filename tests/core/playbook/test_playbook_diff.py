"""What differs between two playbooks, and a playbook back in the values of its file."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import yaml

from amends.core.playbook.diff import Difference, diff_playbooks
from amends.core.playbook.plain import (
    plain_condition,
    plain_priority,
    plain_rule,
    plain_time,
    show_plain,
)
from amends.core.playbook.rules import Playbook
from amends.core.playbook.schema import (
    SHIPPED,
    load_shipped_playbook,
    parse_playbook,
    read_shipped_playbook,
)
from tests.core.playbook.examples import make_playbook, rule

GENERAL = load_shipped_playbook("general")
TEXT = read_shipped_playbook("general").decode()


def after(old: str, new: str) -> Playbook:
    assert old in TEXT
    return parse_playbook(TEXT.replace(old, new, 1))


def differences(old: str, new: str) -> list[Difference]:
    return list(diff_playbooks(GENERAL, after=after(old, new)))


def told(found: list[Difference]) -> list[tuple[str, str, str, list[tuple[str, object, object]]]]:
    return [
        (one.section, one.id, one.fate, [(key.key, key.before, key.after) for key in one.keys])
        for one in found
    ]


def test_equal_playbooks_have_no_differences_whatever_their_comments() -> None:
    assert diff_playbooks(GENERAL, after=parse_playbook(f"# a word before\n{TEXT}")) == ()


def test_a_changed_rule_names_its_keys_with_before_and_after() -> None:
    found = differences(
        "fault_share: {gte: 50}\n    strategy: [ACK, REG, RESP, FIX, TIME]",
        "fault_share: {gte: 40}\n    strategy: [ACK, REG, RESP, FIX, TIME, CLOSE]",
    )
    parts = ["ACK", "REG", "RESP", "FIX", "TIME"]
    condition = {"category": "business_error"}
    assert told(found) == [
        (
            "matrix",
            "D1",
            "changed",
            [
                (
                    "when",
                    {**condition, "fault_share": {"gte": 50}},
                    {**condition, "fault_share": {"gte": 40}},
                ),
                ("strategy", parts, [*parts, "CLOSE"]),
            ],
        )
    ]


def test_a_key_that_is_new_has_nothing_before_and_one_that_went_nothing_after() -> None:
    assert told(differences("title: Our mistake\n", "title: Our mistake\n    watch: 2h\n")) == [
        ("matrix", "D1", "changed", [("watch", None, "2h")])
    ]
    assert told(differences("    priority: P2\n    watch: 2h\n", "    priority: P2\n")) == [
        ("matrix", "D2", "changed", [("watch", "2h", None)])
    ]


def test_a_rule_with_a_new_name_was_removed_and_added() -> None:
    found = differences("- id: D21\n", "- id: D21-new\n")
    assert [(one.id, one.fate) for one in found] == [("D21-new", "added"), ("D21", "removed")]
    assert ("title", None, "A question") in [
        (key.key, key.before, key.after) for key in found[0].keys
    ]


def test_the_one_rule_that_was_moved_is_named_and_not_all_that_made_room() -> None:
    gates = [rule(f"G{number}", f"{{strikes: {number}}}") for number in range(6)]
    before = make_playbook(gates="".join(gates))
    moved = make_playbook(gates="".join([gates[5], *gates[:5]]))
    assert [(one.id, one.fate) for one in diff_playbooks(before, after=moved)] == [("G5", "moved")]


@pytest.mark.parametrize(
    ("old", "new", "section", "entry", "key"),
    [
        ('version: "2"', 'version: "3"', "head", "playbook", "version"),
        ("P5: {first_reply: 4h}", "P5: {first_reply: 5h}", "clocks", "P5", "first_reply"),
        ("at_most: 48h", "at_most: 24h", "pauses", "clarify", "at_most"),
        ("timeout: 10m", "timeout: 20m", "approvals", "A1", "timeout"),
        ("say: Say sorry.", "say: Say so.", "components", "REG", "say"),
        ("needs: [EMP]", "needs: [EMP, EXP]", "apology", "none", "needs"),
        ("when: {severity: critical}", "when: {severity: high}", "priorities", "P1", "when"),
        ("title: Life in danger", "title: Danger", "gates", "G1", "title"),
        ("title: No rule fits", "title: Nothing fits", "default", "D0", "title"),
    ],
)
def test_every_section_is_compared(old: str, new: str, section: str, entry: str, key: str) -> None:
    found = differences(old, new)
    assert [(one.section, one.id) for one in found] == [(section, entry)]
    assert [one.key for one in found[0].keys] == [key]


def test_a_section_that_is_gone_is_told_entry_by_entry() -> None:
    start, end = TEXT.index("pauses:"), TEXT.index("# Who must agree")
    found = diff_playbooks(GENERAL, after=parse_playbook(TEXT[:start] + TEXT[end:]))
    assert [(one.section, one.id, one.fate) for one in found] == [("pauses", "clarify", "removed")]


# --- values of the file


def as_texts(value: object) -> object:
    if isinstance(value, dict):
        return {key: as_texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_texts(one) for one in value]
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_rule_comes_back_as_its_file_says_it(name: str) -> None:
    # As bare texts: YAML 1.1 takes OFF for false, our reader does not.
    written = yaml.load(read_shipped_playbook(name), Loader=yaml.BaseLoader)  # noqa: S506
    playbook = load_shipped_playbook(name)
    for section, rules in (("gates", playbook.gates), ("matrix", playbook.matrix)):
        for one, said in zip(rules, written[section], strict=True):
            assert as_texts({"id": one.id, **plain_rule(one)}) == said
    for urgency, said in zip(playbook.priorities, written["priorities"], strict=True):
        assert as_texts({"id": urgency.id, **plain_priority(urgency)}) == said


@pytest.mark.parametrize(
    "when",
    [
        "{fault_share: 0}",
        "{fault_share: {gte: 1, lte: 49}}",
        "{severity: {in: [high, critical]}, can_help: {known: false}}",
        "{any: [{arousal: high}, {all: [{strikes: 1}, {strikes: {lte: 3}}]}]}",
        "{all: [{strikes: {gte: 1}}, {strikes: {lte: 3}}]}",
        "{not: {can_help: true}, is_complaint: false}",
    ],
)
def test_a_condition_is_shown_as_it_is_written(when: str) -> None:
    playbook = make_playbook(matrix=rule("D1", when))
    assert show_plain(plain_condition(playbook.matrix[0].when)) == when


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(minutes=90), "90m"),
        (timedelta(hours=2), "2h"),
        (timedelta(hours=24), "1d"),
        (timedelta(hours=36), "36h"),
        (timedelta(days=7), "7d"),
    ],
)
def test_a_time_is_written_in_the_largest_unit_that_holds_it(span: timedelta, written: str) -> None:
    assert plain_time(span) == written


def test_words_that_are_no_value_are_shown_as_json_does() -> None:
    assert show_plain(None) == "null"
    assert show_plain([True, 3, "a"]) == "[true, 3, a]"
