"""Verifies the log as it lies in the database, in one pass and while the desk goes on working."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from django.db.models import Max

from amends.core.chain import LogEntry
from amends.core.heads import GENESIS, BatchHead, SignedHead, parse_head_line
from amends.core.log_problems import LogProblem
from amends.core.verify_log import StoredLog, verify_log
from amends.record.chain_rows import entry_of, link_of, signed_head_of
from amends.record.heads_file import read_head_lines
from amends.record.log_key import public_keys
from amends.record.models import ActionLog, LogBatch, LogLink

CHUNK = 2_000
# What reading a row raises that holds no time or no JSON (SQLite takes anything into a column).
_UNREADABLE = (ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of the log is looked at: what stood when the check began."""

    batches: int
    sealed: int
    entries: int
    last_entry_id: int
    lines: int


def measure(heads_file: Path) -> Extent:
    """Take stock before a check; what is written afterwards is not part of it."""
    lines = _count_lines(heads_file)
    for _ in range(5):
        last = LogBatch.objects.order_by("-number").first()
        number = last.number if last else 0
        # A sealer may stand between database and file at this moment: give it the time to write.
        if lines == 0 or _number_of_line(heads_file, lines) >= number:
            break
        time.sleep(0.2)
        lines = _count_lines(heads_file)
    highest = ActionLog.objects.aggregate(highest=Max("pk"))["highest"] or 0
    return Extent(
        batches=number,
        sealed=LogLink.objects.count(),
        entries=ActionLog.objects.filter(pk__lte=highest).count(),
        last_entry_id=highest,
        lines=lines,
    )


def verify_record(
    extent: Extent,
    *,
    keys_dir: Path,
    heads_file: Path,
    on_entry: Callable[[], None] = lambda: None,
) -> Iterator[LogProblem]:
    """Yield what is wrong (core/verify_log.py); `on_entry` is called for each entry read.

    Raises KeyFileError when the key of the log is missing, OSError when the file cannot be read.
    """
    lines: Iterator[str] = iter(())
    if heads_file.exists():
        lines = islice(read_head_lines(heads_file), extent.lines)
    links = LogLink.objects.filter(batch__number__lte=extent.batches).order_by("position")
    heads = LogBatch.objects.filter(number__lte=extent.batches).order_by("number")
    stored = StoredLog(
        entries=_entries(extent.last_entry_id, on_entry=on_entry),
        links=(link_of(row) for row in links.iterator(chunk_size=CHUNK)),
        heads=(_readable_head(row) for row in heads.iterator(chunk_size=CHUNK)),
        head_lines=lines,
    )
    yield from verify_log(stored, public_keys=public_keys(keys_dir))


def _entries(last_id: int, *, on_entry: Callable[[], None]) -> Iterator[LogEntry]:
    rows = ActionLog.objects.filter(pk__lte=last_id).order_by("pk")
    reached = 0
    while ids := list(rows.filter(pk__gt=reached).values_list("pk", flat=True)[:CHUNK]):
        for entry in _read(ids):
            on_entry()
            yield entry
        reached = ids[-1]


def _read(ids: list[int]) -> Iterator[LogEntry]:
    try:
        rows = ActionLog.objects.filter(pk__in=ids).order_by("pk")
        entries = [entry_of(row) for row in rows]
    except _UNREADABLE:  # somebody wrote what is no time or no JSON: find out where
        entries = [_read_one(one) for one in ids]
    yield from entries


def _read_one(entry_id: int) -> LogEntry:
    """The entry, or for an unreadable one something whose hash cannot be right."""
    try:
        return entry_of(ActionLog.objects.get(pk=entry_id))
    except _UNREADABLE:
        nothing = dict.fromkeys(
            ("actor_kind", "actor_id", "actor_label", "action", "subject_kind", "subject_id"), ""
        )
        epoch = datetime.fromtimestamp(0, UTC)
        return LogEntry(
            id=entry_id, at=epoch, workspace_id=None, subject_label="", data={}, **nothing
        )


def _readable_head(row: LogBatch) -> SignedHead:
    """The head of the row, or for an impossible one a head that nobody has signed."""
    try:
        return signed_head_of(row)
    except ValueError:
        broken = BatchHead(
            number=max(1, row.number),
            first_position=max(1, row.first_position),
            count=max(1, row.count),
            hash=GENESIS,
            previous_hash=GENESIS,
            sealed_at=row.sealed_at,
        )
        return SignedHead(broken, "")


def _count_lines(heads_file: Path) -> int:
    """Whole lines only: the last one may be in the writing."""
    if not heads_file.exists():
        return 0
    with heads_file.open("rb") as file:
        return sum(line.endswith(b"\n") for line in file)


def _number_of_line(heads_file: Path, line: int) -> int:
    """The batch that a line speaks of; 0 for a line that cannot be read."""
    text = next(islice(read_head_lines(heads_file), line - 1, line), "")
    try:
        return parse_head_line(text).head.number
    except ValueError:
        return 0
