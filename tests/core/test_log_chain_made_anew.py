"""The chained log made anew, torn or signed by somebody else: found all the same; and its parts."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest

from amends.core.chain import MAX_BATCH, entry_hash, link_hash, seal
from amends.core.heads import (
    GENESIS,
    derive_signing_key,
    fingerprint,
    format_head_line,
    parse_head_line,
    sign_head,
    verify_head,
)
from amends.core.log_problems import LogProblem, LogProblemCode
from tests.core.log_records import KEY, OTHER_KEY, START, Record, make_entry, make_record


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
