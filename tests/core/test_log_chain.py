"""The chained log: whatever is done to it behind our back is found, and named."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.chain import MAX_BATCH, Link, LogEntry, entry_hash, link_hash, seal
from amends.core.heads import (
    GENESIS,
    BatchHead,
    SignedHead,
    derive_signing_key,
    fingerprint,
    format_head_line,
    parse_head_line,
    sign_head,
    verify_head,
)
from amends.core.log_problems import LogProblem, LogProblemCode
from amends.core.verify_log import StoredLog, verify_log

KEY = derive_signing_key("the text of a key file")
OTHER_KEY = derive_signing_key("somebody else's key file")
START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def make_entry(number: int, **changes: object) -> LogEntry:
    values: dict[str, object] = {
        "id": number,
        "at": START + timedelta(seconds=number),
        "workspace_id": 1,
        "actor_kind": "person",
        "actor_id": "7",
        "actor_label": "Derya",
        "action": "reply.approve",
        "subject_kind": "case",
        "subject_id": f"C-{number}",
        "subject_label": "Kargo",
        "data": {"note": "tamam ✓", "count": number},
    }
    return LogEntry(**{**values, **changes})  # type: ignore[arg-type]


@dataclasses.dataclass
class Record:
    """A log as it lies there, open to tampering."""

    entries: list[LogEntry]
    links: list[Link]
    heads: list[SignedHead]
    lines: list[str]

    def problems(self) -> list[LogProblem]:
        log = StoredLog(
            entries=iter(sorted(self.entries, key=lambda entry: entry.id)),
            links=iter(sorted(self.links, key=lambda link: link.position)),
            heads=iter(sorted(self.heads, key=lambda signed: signed.head.number)),
            head_lines=iter(self.lines),
        )
        return list(verify_log(log, public_keys=[KEY.public_key()]))

    def codes(self) -> set[str]:
        return {problem.code for problem in self.problems()}

    def about(self, code: str) -> list[dict[str, str]]:
        return [one.params for one in self.problems() if one.code == code]


def make_record(sizes: list[int], *, unsealed: int = 0) -> Record:
    record = Record([], [], [], [])
    previous: BatchHead | None = None
    for size in sizes:
        first = len(record.entries) + 1
        entries = [make_entry(number) for number in range(first, first + size)]
        sealed = seal(entries, previous=previous, now=START + timedelta(hours=first))
        signed = sign_head(sealed.head, key=KEY)
        record.entries += entries
        record.links += sealed.links
        record.heads.append(signed)
        record.lines.append(format_head_line(signed) + "\n")
        previous = sealed.head
    first = len(record.entries) + 1
    record.entries += [make_entry(number) for number in range(first, first + unsealed)]
    return record


SIZES = st.lists(st.integers(1, 6), min_size=1, max_size=5)


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


def test_a_batch_whose_hashes_were_all_made_anew_does_not_lead_to_its_head() -> None:
    record = make_record([3, 3, 3])
    record.entries[4] = dataclasses.replace(record.entries[4], action="reply.reject")
    last = record.heads[0].head.hash
    for at in range(3, 6):
        last = link_hash(last, entry=entry_hash(record.entries[at]))
        record.links[at] = dataclasses.replace(record.links[at], hash=last)
    codes = [(one.code, one.params) for one in record.problems()]
    assert [code for code, _ in codes] == [LogProblemCode.REWRITTEN_BATCH]
    assert codes[0][1] == {"batch": "2"}


def test_a_log_sealed_anew_with_another_key_is_refused_as_a_whole() -> None:
    record = make_record([2, 2])
    record.heads = [sign_head(signed.head, key=OTHER_KEY) for signed in record.heads]
    record.lines = [format_head_line(signed) for signed in record.heads]
    assert record.codes() == {"bad_signature", "heads_file_rewritten"}


def test_without_any_head_to_trust_the_links_are_still_checked() -> None:
    record = make_record([3, 3])
    record.entries[4] = dataclasses.replace(record.entries[4], actor_label="nobody")
    record.heads = [sign_head(signed.head, key=OTHER_KEY) for signed in record.heads]
    record.lines = [format_head_line(signed) for signed in record.heads]
    assert record.about("altered_entry") == [{"entry": "5", "position": "5"}]


def test_links_without_a_head_in_database_and_file_are_found_and_checked() -> None:
    record = make_record([2, 3, 2])
    del record.heads[1], record.lines[1]
    record.entries[3] = dataclasses.replace(record.entries[3], actor_label="nobody")
    assert record.about("missing_head") == [{"batch": "2"}]
    assert record.about("altered_entry") == [{"entry": "4", "position": "4"}]


def test_links_behind_the_last_head_are_found_and_checked() -> None:
    record = make_record([2, 3])
    del record.heads[1], record.lines[1]
    record.entries[3] = dataclasses.replace(record.entries[3], actor_label="nobody")
    assert record.about("missing_head") == [{"batch": "2"}]
    assert record.about("altered_entry") == [{"entry": "4", "position": "4"}]


def test_a_head_that_skips_positions_is_found_although_it_is_signed() -> None:
    record = make_record([2, 2])
    second = record.heads[1].head
    signed = sign_head(dataclasses.replace(second, previous_hash="ee" * 32), key=KEY)
    record.heads[1], record.lines[1] = signed, format_head_line(signed)
    assert "broken_head" in record.codes()


def test_a_head_signed_twice_with_different_words_shows_in_the_file() -> None:
    record = make_record([2, 2])
    later = dataclasses.replace(record.heads[0].head, sealed_at=START + timedelta(days=9))
    record.heads[0] = sign_head(later, key=KEY)
    assert record.about("heads_file_rewritten") == [{"line": "1", "batch": "1"}]


def test_retired_keys_still_verify_the_heads_that_they_signed() -> None:
    head = make_record([2]).heads[0].head
    old = sign_head(head, key=OTHER_KEY)
    assert verify_head(old, public_keys=[KEY.public_key(), OTHER_KEY.public_key()])
    assert not verify_head(old, public_keys=[KEY.public_key()])


def test_entries_may_be_sealed_in_another_order_than_that_of_their_ids() -> None:
    entries = [make_entry(number) for number in (2, 1, 5, 3)]
    sealed = seal(entries, previous=None, now=START)
    signed = sign_head(sealed.head, key=KEY)
    record = Record(entries, list(sealed.links), [signed], [format_head_line(signed)])
    assert record.problems() == []


def test_many_alterations_are_each_named() -> None:
    record = make_record([5, 5])
    record.entries = [dataclasses.replace(entry, actor_label="x") for entry in record.entries]
    named = {one.params["entry"] for one in record.problems()}
    assert named == {str(number) for number in range(1, 11)}


def test_every_problem_can_be_read_by_a_person() -> None:
    for code in LogProblemCode:
        params = dict.fromkeys(
            ("entry", "position", "batch", "last", "line", "reason", "count"), "7"
        )
        assert "7" in LogProblem(code, params).message


def test_sealing_refuses_what_would_break_the_chain() -> None:
    with pytest.raises(ValueError, match="1 to 10000"):
        seal([], previous=None, now=START)
    with pytest.raises(ValueError, match="1 to 10000"):
        seal([make_entry(1)] * (MAX_BATCH + 1), previous=None, now=START)
    with pytest.raises(ValueError, match="twice"):
        seal([make_entry(1), make_entry(1)], previous=None, now=START)


def test_times_without_a_zone_are_refused() -> None:
    naive = START.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        make_entry(1, at=naive)
    with pytest.raises(ValueError, match="time zone"):
        seal([make_entry(1)], previous=None, now=naive)


def test_a_head_refuses_impossible_values() -> None:
    head = make_record([1]).heads[0].head
    for field, value in (("number", 0), ("count", 0), ("hash", "xyz"), ("previous_hash", "")):
        with pytest.raises(ValueError, match="batch"):
            dataclasses.replace(head, **{field: value})


def test_a_head_line_survives_reading_and_writing() -> None:
    signed = make_record([2]).heads[0]
    line = format_head_line(signed)
    assert parse_head_line(line) == parse_head_line(line.encode()) == signed
    assert signed.head.previous_hash == GENESIS


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"number": "1"}, "whole numbers"),
        ({"number": True}, "whole numbers"),
        ({"hash": 5}, "texts"),
        ({"sealed_at": "yesterday"}, "isoformat"),
        ({"more": 1}, "keys"),
    ],
)
def test_a_bad_head_line_is_refused_with_its_reason(change: dict[str, object], reason: str) -> None:
    values = json.loads(format_head_line(make_record([1]).heads[0])) | change
    with pytest.raises(ValueError, match=reason):
        parse_head_line(json.dumps(values))


def test_the_signing_key_follows_from_the_key_file_alone() -> None:
    again = derive_signing_key("the text of a key file")
    assert fingerprint(again.public_key()) == fingerprint(KEY.public_key())
    assert fingerprint(KEY.public_key()) != fingerprint(OTHER_KEY.public_key())
    with pytest.raises(ValueError, match="empty"):
        derive_signing_key("")


def test_a_torn_last_line_of_the_heads_file_is_found_and_nothing_else_is_blamed() -> None:
    record = make_record([2, 2])
    record.lines.append('{"count":5,"first_')
    (problem,) = record.problems()
    assert problem.code is LogProblemCode.HEADS_FILE_UNREADABLE
    assert problem.params["line"] == "3"
