"""The file beside the database that knows every signed head, so that a cut tail shows."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from amends.core.heads import SignedHead, format_head_line, parse_head_line
from amends.record.chain_rows import signed_head_of
from amends.record.models import LogBatch

_TAIL_BYTES = 4096  # far more than a line has


class LogCut(Exception):
    """File and database contradict each other; nothing is sealed until a person has looked."""


def write_missing_heads(heads_file: Path) -> int:
    """Append the heads that the database has and the file lacks; returns how many. Safe to repeat.

    A line that a crash left half-written is removed first. Raises LogCut when the file knows more
    than the database, and OSError when the file cannot be written.
    """
    with _locked(heads_file) as file:
        last = _last_head(file, heads_file=heads_file)
        _refuse_if_cut(last, heads_file=heads_file)
        waiting = LogBatch.objects.filter(number__gt=last.head.number if last else 0)
        lines = [format_head_line(signed_head_of(row)) for row in waiting.order_by("number")]
        if lines:
            file.seek(0, os.SEEK_END)
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())
    return len(lines)


def read_head_lines(heads_file: Path) -> Iterator[str]:
    """The lines of the file in order, without line breaks; raises OSError when it cannot be read."""
    with heads_file.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            yield line.rstrip("\n")


def _refuse_if_cut(last: SignedHead | None, *, heads_file: Path) -> None:
    if last is None:
        return
    row = LogBatch.objects.filter(number=last.head.number).first()
    if row is None or row.hash != last.head.hash:
        raise LogCut(
            f"{heads_file} knows batch {last.head.number} of the log, the database does not: the log "
            f"was cut, or an older backup was restored. Run `amends log verify`; after a restore, "
            f"put the file of the same backup in its place (docs/operations.md)."
        )


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # ends when the file is closed, or with its process
        yield file


def _last_head(file: BinaryIO, *, heads_file: Path) -> SignedHead | None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read()
    whole = tail.rfind(b"\n") + 1
    if whole < len(tail):
        file.truncate(size - len(tail) + whole)
    lines = tail[:whole].splitlines()
    if not lines:
        return None
    try:
        return parse_head_line(lines[-1])
    except ValueError as error:
        raise LogCut(
            f"The last line of {heads_file} cannot be read ({error}): run `amends log verify`."
        ) from None
