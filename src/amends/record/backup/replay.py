"""Erasure reaches backups: what was erased since one was made is erased again after it is restored.

The clock writes a line for each redaction into `redactions.jsonl` in the data folder: which content, its
digest, when, why; never words. What other apps erase stands there too, in lines of its own kind
(inbox/erase_names.py). The file is no part of a backup and outlives every restore; keep a copy of it
with that of the heads of the log.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from amends.record.log import COMMAND
from amends.record.models import Content, Redaction
from amends.record.redact import AlreadyRedacted, redact_content

MOST = 5_000  # lines in one go; the next run of the clock writes the rest


@dataclass(frozen=True, slots=True)
class Erased:
    """A redaction as the file knows it."""

    content: int
    digest: str
    at: str
    reason: str


def write_missing_redactions(file: Path) -> int:
    """Append the redactions that the database has and the file lacks; returns how many. Safe to repeat."""
    known = {one.content for one in read_redactions(file)}
    there = Redaction.objects.order_by("pk").values_list("pk", "content_id")
    missing = [pk for pk, content in there.iterator(chunk_size=2000) if content not in known]
    rows = Redaction.objects.filter(pk__in=missing[:MOST]).select_related("content")
    lines = [
        json.dumps(
            asdict(Erased(row.content_id, row.content.digest, row.at.isoformat(), row.reason)),
            ensure_ascii=False,
        )
        for row in rows.order_by("pk")
    ]
    append_lines(file, lines)
    return len(lines)


def read_redactions(file: Path) -> Iterator[Erased]:
    """The redactions in the file; lines of another kind are passed over."""
    for plain in read_lines(file):
        with suppress(ValueError, TypeError, KeyError):
            yield Erased(
                int(plain["content"]),
                str(plain["digest"]),
                str(plain["at"]),
                str(plain["reason"]),
            )


def append_lines(file: Path, lines: Sequence[str]) -> None:
    """Add lines to the file of erasures, all or, after a crash, the last one half-written."""
    if not lines:
        return
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        out.write("".join(f"{line}\n" for line in lines).encode())
        out.flush()
        os.fsync(out.fileno())


def read_lines(file: Path) -> Iterator[dict[str, Any]]:
    """The lines of the file; one that a crash left half-written is passed over."""
    if not file.exists():
        return
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            with suppress(ValueError):
                plain = json.loads(line)
                if isinstance(plain, dict):
                    yield plain


def replay_redactions(file: Path, *, now: datetime) -> int:
    """Erase what the file names and the database still has; returns how many contents became nothing."""
    erased = 0
    for one in read_redactions(file):
        content = Content.objects.filter(
            pk=one.content, digest=one.digest, redacted_at__isnull=True
        ).first()
        if content is None:
            continue
        reason = f"{one.reason} (erased {one.at[:10]}, again after a restore)"
        with suppress(AlreadyRedacted):
            redact_content(content, actor=COMMAND, reason=reason, now=now)
            erased += 1
    return erased
