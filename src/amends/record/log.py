"""Writes what was done into the log; call it inside the transaction that does it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from amends.record.models import ActionLog

MAX_LABEL = 200
MAX_ID = 64
# Above this a float comes back from PostgreSQL's jsonb as a whole number: the chain would break.
_MAX_FLOAT = 1e15


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, in words that outlive the account: kind person | worker | clock | command."""

    kind: str
    id: str = ""
    label: str = ""

    @classmethod
    def person(cls, *, id: str, label: str) -> Self:
        return cls("person", id, label)


WORKER = Actor("worker", "", "worker")
CLOCK = Actor("clock", "", "clock")
COMMAND = Actor("command", "", "command line")


@dataclass(frozen=True, slots=True)
class Subject:
    """To what it was done: kind (`case`), public id (`C-12`), and a label for people."""

    kind: str
    id: str
    label: str = ""


_token: ContextVar[str] = ContextVar("token that acts", default="")


@contextmanager
def logged_through(token: str) -> Iterator[None]:
    """Name, in what a person is logged to do inside the block, the token through which they did it."""
    before = _token.set(token)
    try:
        yield
    finally:
        _token.reset(before)


def log_action(
    action: str,
    *,
    workspace_id: int | None,
    actor: Actor,
    subject: Subject,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> ActionLog:
    """Add an entry; `data` holds JSON values only (str, int, float, bool, None, lists, dicts).

    Never put the words of a comment or a secret into `data`: the log cannot be redacted. Raises
    TypeError or ValueError for values that would not come back from the database as they went in.
    """
    token = _token.get() if actor.kind == "person" else ""
    through = {"token": token} if token else {}
    return ActionLog.objects.create(
        workspace_id=workspace_id,
        at=now,
        actor_kind=actor.kind,
        actor_id=_storable(actor.id)[:MAX_ID],
        actor_label=_storable(actor.label)[:MAX_LABEL],
        action=action,
        subject_kind=subject.kind,
        subject_id=_storable(subject.id)[:MAX_ID],
        subject_label=_storable(subject.label)[:MAX_LABEL],
        data=_plain({**(data or {}), **through}),
    )


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) >= _MAX_FLOAT:
            raise ValueError(f"{value!r} cannot stand in the log: write it as text.")
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"The key {key!r} in the data of a log entry is not text.")
        return {_storable(key): _plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} cannot stand in the log: write it as text or number.")


def _storable(text: str) -> str:
    """`text` without what PostgreSQL cannot hold: NUL and halves of surrogate pairs."""
    return str(text).replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
