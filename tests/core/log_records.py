"""A chained log open to tampering, for the tests of its verification."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from amends.core.chain import Link, LogEntry, seal
from amends.core.heads import (
    BatchHead,
    SignedHead,
    derive_signing_key,
    format_head_line,
    sign_head,
)
from amends.core.log_problems import LogProblem
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
