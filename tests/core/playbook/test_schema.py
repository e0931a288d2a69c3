"""Reading a playbook: every mistake is told with its line, its place and what to do; none are lost."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.playbook.schema import (
    PlaybookError,
    check_playbook,
    parse_playbook,
    read_shipped_playbook,
)
from amends.core.vocabulary import ApprovalLevel
from amends.core.yaml_tree import MAX_BYTES, MAX_PROBLEMS
from tests.core.playbook.examples import CLOCKS, DEFAULT, PRIORITIES, playbook_text, rule

GENERAL = read_shipped_playbook("general").decode()


def told(source: str | bytes) -> list[str]:
    return [f"{one.line}: {one.message}" for one in check_playbook(source)]


def only(source: str | bytes) -> str:
    problems = told(source)
    assert len(problems) == 1, problems
    return problems[0]


def about_rule(when: str, *, more: str = "") -> str:
    return only(playbook_text(matrix=rule("D1", when, more=more)))


def test_a_small_playbook_is_read() -> None:
    playbook = parse_playbook(playbook_text(matrix=rule("D1", "{arousal: high}")))
    assert (playbook.named.name, playbook.named.version) == ("small", "7")
    assert [row.id for row in playbook.matrix] == ["D1"]
    assert playbook.priorities[0].approval is ApprovalLevel.A0


def test_text_and_bytes_give_the_same_playbook_with_and_without_a_byte_order_mark() -> None:
    source = playbook_text()
    assert parse_playbook(source) == parse_playbook(source.encode())
    assert parse_playbook(b"\xef\xbb\xbf" + source.encode()).named.name == "small"


# --- what YAML may not do


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("name: &n small", "3: anchors"),
        ("name: !!str small", "3: tags"),
        ("name: small\nname: other", "4: name stands here twice (first in line 3)"),
        ("name: [small", "not valid YAML"),
        ("name: small\x07", "3: a control character"),
        ("name: {a: b}", "3: name: needs a text"),
        ("name: ''", "3: name: needs a text"),
        ("name: null", "3: name: needs a text"),
        (f"name: {'x' * 65}", "3: name: has more than 64 characters"),
        ("name: small\n? [a, b]\n: c", "4: a key must be a plain word"),
        ("name: small\nmood: bad", "4: mood is not known here; it may be kind, name"),
    ],
)
def test_a_mistake_is_told_with_its_line(change: str, message: str) -> None:
    source = playbook_text().replace("kind: playbook\n", "kind: playbook\n\n")
    assert any(message in one for one in told(source.replace("name: small", change)))


def test_references_are_refused() -> None:
    source = playbook_text().replace("name: small", "name: &n small").replace('"7"', "*n")
    assert told(source)[:2] == [
        "2: anchors (&name) are not allowed; write the value out",
        "3: references (*name) are not allowed; write the value out",
    ]


def test_a_second_document_is_refused() -> None:
    assert "a second document begins" in only(playbook_text() + "---\nkind: playbook\n")


@pytest.mark.parametrize("source", ["", "# nothing\n", b""])
def test_an_empty_file_is_refused(source: str | bytes) -> None:
    assert only(source) == "1: the file is empty"


def test_a_file_that_is_no_mapping_is_refused() -> None:
    assert only("- a\n- b\n") == "1: needs keys with values, like `key: value`"


def test_a_file_of_another_kind_is_refused_without_further_words() -> None:
    message = "1: kind: this is not a playbook; a playbook says `kind: playbook`"
    assert only("kind: letter\nclauses: []\n") == message


def test_a_policy_is_sent_to_the_command_that_checks_policies() -> None:
    message = "1: kind: this is a policy, not a playbook; check it with `amends policy check`"
    assert only("kind: policy\nclauses: []\n") == message


def test_a_file_in_another_encoding_is_refused_with_the_line() -> None:
    source = playbook_text().encode() + "# açıklama".encode("iso-8859-9")
    assert re.match(r"\d+: the file is not UTF-8", only(source))


def test_a_file_that_is_too_large_is_refused() -> None:
    assert "larger than 256 KiB" in only(playbook_text() + "#" * MAX_BYTES)


@pytest.mark.parametrize("source", ["[" * 100_000, "{a: " * 40_000, "- " * 100_000])
def test_deep_nesting_is_refused_quickly(source: str) -> None:
    started = time.process_time()
    assert "nested deeper" in only(source)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "filler", ["a: b\n", "- x\n", "? ", "'", '"\\', ": ", "[]\n", "#\n", "|\n ", "&a ", "*a ", "! "]
)
def test_a_large_file_of_anything_is_answered_in_time(filler: str) -> None:
    source = filler * (MAX_BYTES // len(filler.encode()) - 1)
    started = time.process_time()
    assert 1 <= len(told(source)) <= MAX_PROBLEMS + 1
    assert time.process_time() - started < 30  # measured: under 4 s


@given(st.text() | st.binary())
def test_nothing_makes_reading_fail_in_another_way(source: str | bytes) -> None:
    assert check_playbook(source)


@settings(max_examples=40)  # the whole playbook is read each time
@given(st.data())
def test_a_damaged_playbook_is_refused_or_read_but_never_breaks(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GENERAL) - 1))
    end = data.draw(st.integers(start, min(start + 80, len(GENERAL))))
    patch = data.draw(st.text("abD1:{}[],-\n \"'&*!#|>é", max_size=20))
    for problem in check_playbook(GENERAL[:start] + patch + GENERAL[end:]):
        assert problem.line >= 1
        assert problem.message


# --- parts


@pytest.mark.parametrize(
    "part", ["kind", "name", "version", "priorities", "clocks", "gates", "matrix", "default"]
)
def test_a_missing_part_is_told_once(part: str) -> None:
    kept = [line for line in GENERAL.splitlines() if not line.startswith("#")]
    lines: list[str] = []
    is_inside = False
    for line in kept:
        if line[:1].strip():
            is_inside = line.startswith(f"{part}:")
        if not is_inside:
            lines.append(line)
    assert only("\n".join(lines)).endswith(f"{part} is missing; add it")


def test_all_mistakes_are_told_at_once() -> None:
    source = playbook_text(
        gates=rule("G1", "{mood: bad}"),
        matrix=rule("D1", "{fault_share: 101}") + rule("D2", "{category: error}"),
        clocks=CLOCKS.replace("30m", "soon"),
    )
    assert [one.split(":")[0] for one in told(source)] == ["8", "13", "15", "16"]


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("[]", "matrix[0].when: needs keys with values"),
        ("{category: true}", "matrix[0].when.category: true is not known"),
        ("{not: {severity: {in: [null]}}}", "when.not.severity.in: null is no value"),
        ("{mood: bad}", "matrix[0].when: mood is not a field; it may be is_complaint,"),
        ("{category: error}", "matrix[0].when.category: error is not known; it may be one of bus"),
        ("{category: null}", "when.category: null is no value; write `known: false`"),
        ("{category: [praise]}", "when.category: […] is not known"),
        ("{category: {gte: praise}}", "when.category.gte: compares numbers only"),
        ("{category: {like: praise}}", "when.category: like is not a comparison; it may be eq, in"),
        ("{category: {}}", "when.category: names no comparison; it may be eq, in, gte, lte, known"),
        ("{category: {in: []}}", "when.category.in: needs at least one value"),
        ("{category: {in: praise}}", "when.category.in: needs a list"),
        ("{category: {in: [praise, error]}}", "when.category.in: error is not known"),
        ("{category: {known: maybe}}", "when.category.known: maybe is neither true nor false"),
        ("{is_complaint: yes}", "when.is_complaint: yes is neither true nor false"),
        ("{fault_share: 101}", "when.fault_share: 101 is out of range; it may be 0 to 100"),
        ("{fault_share: -1}", "when.fault_share: -1 is out of range"),
        ("{turns_public: -1}", "when.turns_public: -1 is out of range; it may be 0 to ∞"),
        ("{fault_share: 1.5}", "when.fault_share: 1.5 is not a whole number"),
        ("{fault_share: true}", "when.fault_share: true is not a whole number"),
        ("{fault_share: {gte: null}}", "when.fault_share.gte: null is no value"),
        ("{any: []}", "when.any: needs at least one condition"),
        ("{any: {category: praise}}", "when.any: needs a list"),
        ("{any: [{}]}", "when.any[0]: is empty; name a condition"),
        ("{all: [{category: praise}, {mood: bad}]}", "when.all[1]: mood is not a field"),
        ("{not: {}}", "when.not: is empty; name what must not hold"),
        ("{not: [a]}", "when.not: needs keys with values"),
        ("{}", "D1: holds always; what holds always belongs into `default`"),
        (f"{{category: {'x' * 99}}}", "x… is not known"),
    ],
)
def test_a_condition_that_makes_no_sense_is_told_by_its_place(when: str, message: str) -> None:
    assert any(message in one for one in told(playbook_text(matrix=rule("D1", when))))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (", mood: bad", "matrix[0]: mood is not known here"),
        (", forbid: [everything]", "matrix[0].forbid: everything is not known"),
        (", forbid: [evade, evade]", "matrix[0].forbid: evade stands in the list twice"),
        (", forbid: evade", "matrix[0].forbid: needs a list"),
        (", tasks: [dance]", "matrix[0].tasks[0]: dance is not known"),
        (", tasks: [{within: 2h}]", "matrix[0].tasks[0]: kind is missing"),
        (", tasks: [{kind: promise, within: 2}]", "tasks[0].within: 2 is not a time"),
        (", watch: 0h", "matrix[0].watch: 0h is not a time; write it like 30m, 4h or 3d"),
        (", watch: 999999d", "matrix[0].watch: 999999d is not a time"),
        (", watch: {}", "matrix[0].watch: {…} is not a time"),
        (", priority: P6", "matrix[0].priority: P6 is not known; it may be one of P1, P2"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told_by_its_place(more: str, message: str) -> None:
    assert message in about_rule("{arousal: high}", more=more)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: D1", "id: error", "matrix[0].id: needs a short name like D4"),
        ("id: D1", "id: 'D 1'", "matrix[0].id: needs a short name like D4"),
        ("id: D1", "id: 12", "matrix[0].id: needs a short name like D4"),
        ("id: D1", f"id: {'D' * 17}", "matrix[0].id: needs a short name like D4"),
        ("id: D1", "id: D0", "is the name of another rule"),
        ("id: D1, ", "", "matrix[0]: id is missing; add it"),
        ("title: T", "title: ''", "matrix[0].title: needs a text"),
        ("because: [S0.31]", "because: []", "matrix[0].because: names no source"),
        ("because: [S0.31]", "because: S0.31", "matrix[0].because: needs a list"),
        ("approval: A0", "approval: A9", "matrix[0].approval: A9 is not known"),
        ("approval: A0", "approval: ~", "matrix[0].approval: null is not known"),
        ("strategy: [ACK]", "strategy: [ACK, SORRY]", "matrix[0].strategy: SORRY is not known"),
        ("strategy: [ACK]", "strategy: [ACK, ACK]", "matrix[0].strategy: ACK stands in the list"),
    ],
)
def test_a_wrong_value_of_a_rule_is_told(old: str, new: str, message: str) -> None:
    source = playbook_text(matrix=rule("D1", "{arousal: high}").replace(old, new))
    assert message in only(source)


def test_a_rule_that_is_no_mapping_is_told() -> None:
    assert only(playbook_text(matrix="  - D1\n")).endswith(
        "matrix[0]: needs keys with values, like `key: value`"
    )


def test_the_default_row_needs_its_keys_and_knows_no_when() -> None:
    source = playbook_text(default="default: {id: D0, when: {}}\n")
    assert any("when is not known here" in one for one in told(source))
    assert any("title is missing" in one for one in told(source))


def test_a_row_that_can_never_be_followed_is_told() -> None:
    matrix = rule("D1", "{arousal: high}") + rule("D2", "{arousal: high}")
    message = "D2: has the same `when` as D1 above and is never followed"
    assert message in only(playbook_text(matrix=matrix))


# --- priorities and clocks


def priorities(*rules: str) -> str:
    return "priorities:\n" + "".join(f"  - {{{one}, because: [K34]}}\n" for one in rules)


LAST = "id: P-all, when: {}, priority: P3"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (("id: Pa, when: {severity: high}, priority: P2",), "Pa: the last priority must hold alw"),
        ((LAST, "id: Pb, when: {}, priority: P4"), "P-all: holds always, so the rules below it"),
        (("id: Pa, when: {severity: high}", LAST), "priorities[0]: priority is missing"),
        (("id: Pa, when: {severity: high}, priority: P2, approval: B1", LAST), "B1 is not known"),
        (("id: Pa, when: {followers: {lte: 99}}, priority: P2", LAST), "never lower one"),
        (("id: Pa, when: {followers: 99}, priority: P2", LAST), "never lower one"),
        (("id: Pa, when: {followers: {known: false}}, priority: P2", LAST), "never lower one"),
        (("id: Pa, when: {virality: low}, priority: P2", LAST), "never lower one"),
        (("id: Pa, when: {not: {virality: high}}, priority: P2", LAST), "never lower one"),
        (
            ("id: Pa, when: {any: [{minor: true}, {virality: low}]}, priority: P2", LAST),
            "never lower one",
        ),
        (
            (
                "id: Pa, when: {followers: {gte: 9}}, priority: P4",
                "id: Pb, when: {minor: true}, priority: P2",
                LAST,
            ),
            "Pa: reach would lower a priority, since Pb below is more urgent",
        ),
    ],
)
def test_a_priority_that_makes_no_sense_is_told(rules: tuple[str, ...], message: str) -> None:
    assert message in only(playbook_text(priorities=priorities(*rules)))


def test_reach_may_raise_a_priority() -> None:
    reach = (
        "id: Pa, when: {any: [{followers: {gte: 9}}, {virality: high}], not: {minor: true}}, "
        "priority: P2"
    )
    assert told(playbook_text(priorities=priorities(reach, LAST))) == []


def test_a_rule_that_asks_for_a_priority_may_not_be_stopped_by_reach() -> None:
    matrix = rule("D1", "{followers: {lte: 99}}", more=", priority: P2")
    assert "never lower one" in only(playbook_text(matrix=matrix))
    assert told(playbook_text(matrix=rule("D1", "{followers: {lte: 99}}"))) == []


def test_there_must_be_a_priority() -> None:
    assert "needs at least one rule" in only(playbook_text(priorities="priorities: []\n"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  P5: {first_reply: 4h}\n", "", "clocks: P5 is missing"),
        ("first_reply: 30m, ", "", "clocks.P2: first_reply is missing"),
        ("30m", "30", "clocks.P2.first_reply: 30 is not a time"),
        ("30m", "1w", "clocks.P2.first_reply: 1w is not a time"),
        ("always", "night", "clocks.P1.hours: night is not known"),
        ("15m", "31m", "clocks.P1: first_reply of P1 is later than that of P2"),
        ("progress: 1h, ", "", "clocks.P1: progress of P1 is later than that of P2"),
        ("resolution: 1d", "resolution: 4d", "clocks.P2: resolution of P2 is later than that of P"),
        ("progress: 1h", "progress: 1h, nap: 1h", "clocks.P1: nap is not known here"),
    ],
)
def test_a_clock_that_makes_no_sense_is_told(old: str, new: str, message: str) -> None:
    assert message in only(playbook_text(clocks=CLOCKS.replace(old, new)))


def test_problems_stand_in_the_order_of_the_lines_and_the_error_holds_them_all() -> None:
    source = DEFAULT.replace("A1", "A7") + 'kind: playbook\nname: ""\nversion: 1\n' + PRIORITIES
    with pytest.raises(PlaybookError) as caught:
        parse_playbook(source + CLOCKS + "gates: []\nmatrix: []\n")
    assert [one.line for one in caught.value.problems] == [1, 3]
    assert "line 1: default.approval: A7 is not known" in str(caught.value)


def test_so_many_mistakes_are_told_and_no_more() -> None:
    matrix = "".join(rule(f"D{number}", "{mood: bad}") for number in range(MAX_PROBLEMS + 50))
    assert len(told(playbook_text(matrix=matrix))) == MAX_PROBLEMS
