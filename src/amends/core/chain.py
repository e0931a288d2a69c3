"""The hash chain of the action log: entries are linked in batches, each batch ends in a signed head."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amends.core.clock import require_aware
from amends.core.digest import canonical_json
from amends.core.heads import GENESIS, BatchHead, write_time

MAX_BATCH = 10_000  # so that sealing and verifying need a bounded amount of memory


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry of the log as it was written; `data` holds JSON values only."""

    id: int
    at: datetime
    workspace_id: int | None
    actor_kind: str
    actor_id: str
    actor_label: str
    action: str
    subject_kind: str
    subject_id: str
    subject_label: str
    data: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", require_aware(self.at))


@dataclass(frozen=True, slots=True)
class Link:
    """The place of an entry in the chain; `hash` covers the entry and everything before it."""

    position: int
    entry_id: int
    hash: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """What sealing adds to the record, in one transaction."""

    links: tuple[Link, ...]
    head: BatchHead


def entry_hash(entry: LogEntry) -> str:
    """Return the SHA-256 (hex) of all that the entry says; any changed field gives another one."""
    said = {
        "id": entry.id,
        "at": write_time(entry.at),
        "workspace_id": entry.workspace_id,
        "actor_kind": entry.actor_kind,
        "actor_id": entry.actor_id,
        "actor_label": entry.actor_label,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "subject_label": entry.subject_label,
        "data": entry.data,
    }
    return hashlib.sha256(b"amends log entry v1\n" + canonical_json(said)).hexdigest()


def link_hash(previous: str, *, entry: str) -> str:
    """Return the hash (hex) of a link from the hash before it and the hash of its entry."""
    return hashlib.sha256(f"amends log link v1\n{previous}\n{entry}".encode()).hexdigest()


def seal(entries: Sequence[LogEntry], *, previous: BatchHead | None, now: datetime) -> Sealed:
    """Link `entries` in the order given behind `previous` (None for the first batch).

    The order given is the order of the chain; ids may have gaps and need not ascend strictly, since
    transactions do not commit in the order of their ids. Raises ValueError for no entries, for more
    than MAX_BATCH, and for one that stands there twice.
    """
    if not 1 <= len(entries) <= MAX_BATCH:
        raise ValueError(f"a batch seals 1 to {MAX_BATCH} entries, not {len(entries)}")
    if len({entry.id for entry in entries}) != len(entries):
        raise ValueError("an entry would be sealed twice; hand each one over once")
    first = 1 if previous is None else previous.next_position
    start = GENESIS if previous is None else previous.hash
    links: list[Link] = []
    last = start
    for position, entry in enumerate(entries, start=first):
        last = link_hash(last, entry=entry_hash(entry))
        links.append(Link(position, entry.id, last))
    head = BatchHead(
        number=1 if previous is None else previous.number + 1,
        first_position=first,
        count=len(entries),
        hash=last,
        previous_hash=start,
        sealed_at=now,
    )
    return Sealed(tuple(links), head)
