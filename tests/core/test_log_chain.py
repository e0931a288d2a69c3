"""The chained log: whatever is done to it behind our back is found, and named."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from amends.core.chain import LogEntry
from amends.core.heads import (
    BatchHead,
    SignedHead,
    format_head_line,
    sign_head,
)
from amends.core.log_problems import LogProblemCode
from tests.core.log_records import OTHER_KEY, SIZES, START, Record, make_record


@given(sizes=SIZES)
def test_an_untouched_log_has_no_problem(sizes: list[int]) -> None:
    assert make_record(sizes).problems() == []


def test_an_empty_log_has_no_problem() -> None:
    assert Record([], [], [], []).problems() == []


@given(sizes=SIZES, unsealed=st.integers(1, 4))
def test_entries_that_are_not_sealed_yet_are_information_and_no_fault(
    sizes: list[int], unsealed: int
) -> None:
    (only,) = make_record(sizes, unsealed=unsealed).problems()
    assert only.code is LogProblemCode.UNSEALED
    assert not only.is_fault
    assert only.params == {"count": str(unsealed), "entry": str(sum(sizes) + 1)}


@given(sizes=SIZES, random=st.randoms(use_true_random=False))
def test_an_altered_entry_is_named_whichever_field_was_altered(
    sizes: list[int], random: Random
) -> None:
    record = make_record(sizes)
    at = random.randrange(len(record.entries))
    field = random.choice([one.name for one in dataclasses.fields(LogEntry) if one.name != "id"])
    altered: dict[str, object] = {
        "at": START - timedelta(days=1),
        "workspace_id": None,
        "data": {"note": "tamam", "count": at},
    }
    record.entries[at] = dataclasses.replace(
        record.entries[at], **{field: altered.get(field, "other")}
    )
    (problem,) = record.problems()
    assert problem.code is LogProblemCode.ALTERED_ENTRY
    assert problem.params["entry"] == str(at + 1)


@given(sizes=SIZES, unsealed=st.integers(0, 2), random=st.randoms(use_true_random=False))
def test_a_deleted_entry_is_named(sizes: list[int], unsealed: int, random: Random) -> None:
    record = make_record(sizes, unsealed=unsealed)
    at = random.randrange(sum(sizes))
    del record.entries[at]
    faults = [one for one in record.problems() if one.is_fault]
    assert [one.code for one in faults] == [LogProblemCode.MISSING_ENTRY]
    assert faults[0].params["entry"] == str(at + 1)


@given(sizes=st.lists(st.integers(2, 6), min_size=1, max_size=4), random=st.randoms())
def test_two_entries_that_changed_places_are_named(sizes: list[int], random: Random) -> None:
    record = make_record(sizes)
    batch = random.randrange(len(sizes))
    offset = sum(sizes[:batch])
    one, two = random.sample(range(offset, offset + sizes[batch]), 2)
    first, second = record.links[one], record.links[two]
    if random.random() < 0.5:  # the rows change their position, hashes and all
        record.links[one] = dataclasses.replace(second, position=first.position)
        record.links[two] = dataclasses.replace(first, position=second.position)
    else:  # only the entries change places
        record.links[one] = dataclasses.replace(first, entry_id=second.entry_id)
        record.links[two] = dataclasses.replace(second, entry_id=first.entry_id)
    problems = record.problems()
    assert {problem.code for problem in problems} == {LogProblemCode.REORDERED_ENTRY}
    assert {str(one + 1), str(two + 1)} <= {problem.params["position"] for problem in problems}


def test_entries_that_changed_places_across_batches_are_found() -> None:
    record = make_record([3, 3])
    first, second = record.links[1], record.links[4]
    record.links[1] = dataclasses.replace(second, position=2)
    record.links[4] = dataclasses.replace(first, position=5)
    assert {"2", "5"} <= {one["position"] for one in record.about("unfit_entry")}


@given(sizes=SIZES, random=st.randoms(use_true_random=False))
def test_an_altered_link_is_named_and_the_entry_is_not_blamed(
    sizes: list[int], random: Random
) -> None:
    record = make_record(sizes)
    at = random.randrange(len(record.links))
    record.links[at] = dataclasses.replace(record.links[at], hash="ab" * 32)
    (problem,) = record.problems()
    assert problem.code is LogProblemCode.BROKEN_LINK
    assert problem.params["position"] == str(at + 1)


@given(sizes=SIZES, random=st.randoms(use_true_random=False))
def test_a_link_that_names_another_entry_is_named(sizes: list[int], random: Random) -> None:
    record = make_record(sizes, unsealed=1)
    at = random.randrange(len(record.links))
    other = random.choice([999_999, len(record.entries)])
    record.links[at] = dataclasses.replace(record.links[at], entry_id=other)
    faults = [one for one in record.problems() if one.is_fault]
    assert [one.code for one in faults] == [LogProblemCode.BROKEN_LINK]
    assert faults[0].params["position"] == str(at + 1)


@given(sizes=SIZES, random=st.randoms(use_true_random=False))
def test_a_deleted_link_is_named(sizes: list[int], random: Random) -> None:
    record = make_record(sizes)
    at = random.randrange(len(record.links))
    del record.links[at]
    faults = [one for one in record.problems() if one.is_fault]
    assert [one.code for one in faults] == [LogProblemCode.MISSING_LINK]
    assert faults[0].params["position"] == str(at + 1)


@given(sizes=SIZES, random=st.randoms(use_true_random=False))
def test_a_link_with_a_false_position_is_named(sizes: list[int], random: Random) -> None:
    record = make_record(sizes)
    at = random.randrange(len(record.links))
    moved = random.choice([0, len(record.links) + 2, 10**12])
    record.links[at] = dataclasses.replace(record.links[at], position=moved)
    codes = record.codes() - {LogProblemCode.UNSEALED}
    assert codes == {LogProblemCode.BROKEN_LINK, LogProblemCode.MISSING_LINK}
    assert record.about("missing_link")[0]["position"] == str(at + 1)


HEAD_CHANGES: list[Callable[[BatchHead], BatchHead]] = [
    lambda head: dataclasses.replace(head, hash="cd" * 32),
    lambda head: dataclasses.replace(head, previous_hash="cd" * 32),
    lambda head: dataclasses.replace(head, count=head.count + 10**9),
    lambda head: dataclasses.replace(head, first_position=head.first_position + 1),
    lambda head: dataclasses.replace(head, sealed_at=head.sealed_at - timedelta(days=1)),
]


@given(sizes=SIZES, random=st.randoms(use_true_random=False))
def test_an_altered_head_is_named_by_its_signature(sizes: list[int], random: Random) -> None:
    record = make_record(sizes)
    at = random.randrange(len(record.heads))
    signed = record.heads[at]
    record.heads[at] = random.choice(
        [SignedHead(change(signed.head), signed.signature) for change in HEAD_CHANGES]
        + [SignedHead(signed.head, "00" * 64), SignedHead(signed.head, "no signature")]
    )
    (problem,) = record.problems()
    assert problem.code is LogProblemCode.BAD_SIGNATURE
    assert problem.params["batch"] == str(at + 1)


@given(sizes=SIZES, random=st.randoms(use_true_random=False))
def test_a_deleted_head_is_named(sizes: list[int], random: Random) -> None:
    record = make_record(sizes)
    at = random.randrange(len(record.heads))
    del record.heads[at]
    (problem,) = record.problems()
    assert problem.code is LogProblemCode.MISSING_HEAD
    assert problem.params["batch"] == str(at + 1)


@given(sizes=SIZES, random=st.randoms(use_true_random=False))
def test_a_head_with_a_false_number_is_found(sizes: list[int], random: Random) -> None:
    record = make_record(sizes)
    at = random.randrange(len(record.heads))
    signed = record.heads[at]
    number = len(sizes) + random.randint(1, 9)
    record.heads[at] = SignedHead(dataclasses.replace(signed.head, number=number), signed.signature)
    assert LogProblemCode.BAD_SIGNATURE in record.codes()
    assert record.about("missing_head")[0]["batch"] == str(at + 1)


@given(
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    random=st.randoms(use_true_random=False),
)
def test_a_cut_tail_is_found_since_the_heads_file_knows_more(
    sizes: list[int], random: Random
) -> None:
    record = make_record(sizes)
    kept = random.randrange(len(sizes))
    count = sum(sizes[:kept])
    del record.entries[count:], record.links[count:], record.heads[kept:]
    (problem,) = record.problems()
    assert problem.code is LogProblemCode.CUT_TAIL
    assert problem.params == {
        "batch": str(kept + 1),
        "last": str(len(sizes)),
        "position": str(sum(sizes)),
    }


@given(
    sizes=st.lists(st.integers(1, 3), min_size=2, max_size=5),
    random=st.randoms(use_true_random=False),
)
def test_a_cut_heads_file_is_found(sizes: list[int], random: Random) -> None:
    record = make_record(sizes)
    kept = random.randrange(len(sizes))
    del record.lines[kept:]
    (problem,) = record.problems()
    assert problem.code is LogProblemCode.HEADS_FILE_CUT
    assert problem.params["batch"] == str(kept + 1)


@given(
    sizes=st.lists(st.integers(1, 3), min_size=2, max_size=5),
    random=st.randoms(use_true_random=False),
)
def test_a_line_taken_out_of_the_heads_file_is_found(sizes: list[int], random: Random) -> None:
    record = make_record(sizes)
    at = random.randrange(len(sizes) - 1)
    del record.lines[at]
    (problem,) = record.problems()
    assert problem.code is LogProblemCode.HEADS_FILE_MISSING_LINE
    assert problem.params["batch"] == str(at + 1)


@given(sizes=SIZES, random=st.randoms(use_true_random=False))
def test_a_rewritten_line_of_the_heads_file_is_found(sizes: list[int], random: Random) -> None:
    record = make_record(sizes)
    at = random.randrange(len(sizes))
    signed = record.heads[at]
    head = random.choice(
        [
            *(change(signed.head) for change in HEAD_CHANGES),
            dataclasses.replace(signed.head, number=signed.head.number + 7),
        ]
    )
    key = random.choice([None, OTHER_KEY])
    forged = SignedHead(head, signed.signature) if key is None else sign_head(head, key=key)
    record.lines[at] = format_head_line(forged)
    (problem,) = record.problems()
    assert problem.code is LogProblemCode.HEADS_FILE_REWRITTEN
    assert problem.params == {"line": str(at + 1), "batch": str(at + 1)}


@given(
    sizes=SIZES,
    junk=st.sampled_from(
        ["{", "[]", "{}", "null", "\x00", '{"number": 1}', "[" * 100_000, "ünsinn"]
    ),
    random=st.randoms(use_true_random=False),
)
def test_an_unreadable_line_of_the_heads_file_is_found(
    sizes: list[int], junk: str, random: Random
) -> None:
    record = make_record(sizes)
    at = random.randrange(len(sizes))
    record.lines[at] = junk
    (problem,) = record.problems()
    assert problem.code is LogProblemCode.HEADS_FILE_UNREADABLE
    assert problem.params["line"] == str(at + 1)


def test_lines_of_the_heads_file_in_a_false_order_are_found() -> None:
    record = make_record([2, 2, 2])
    record.lines[0], record.lines[1] = record.lines[1], record.lines[0]
    assert "heads_file_rewritten" in record.codes()


def test_blank_lines_at_the_end_of_the_heads_file_do_not_matter() -> None:
    record = make_record([2, 2])
    record.lines += ["\n", "  "]
    assert record.problems() == []
