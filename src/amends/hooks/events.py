"""Which events there are, and what of the record makes each; the names stay, new ones may come."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from amends.cases.models import OPEN_STATUSES

TEST = "test"
COMMENT_EVENTS = ("comment.created", "comment.edited", "comment.deleted")

# One entry of the log makes one event; a closing makes two (`events_of`).
BY_ACTION: Mapping[str, str] = MappingProxyType(
    {
        "case.open": "case.created",
        "case.triage": "case.updated",
        "case.lane": "case.updated",
        "case.override_decision": "case.updated",
        "case.wait": "case.updated",
        "case.note": "case.updated",
        "case.move": "case.status_changed",
        "case.assign": "case.assigned",
        "case.return": "case.assigned",
        "case.breach": "case.breached",
        "reply.ask": "reply.requested",
        "reply.approve": "reply.approved",
        "reply.send": "reply.sent",
        "reply.fail": "reply.failed",
        "promise.make": "promise.made",
        "promise.keep": "promise.kept",
        "promise.break": "promise.broken",
        "promise.late": "promise.late",
        "measure.act": "measure.acted",
        "measure.undo": "measure.undone",
        "appeal.open": "appeal.opened",
        "appeal.decide": "appeal.decided",
    }
)
CLOSED = "case.closed"
_NOUNS = ("case", "comment", "reply", "promise", "measure", "appeal")
EVENTS: tuple[str, ...] = tuple(
    sorted(
        dict.fromkeys([*BY_ACTION.values(), CLOSED, *COMMENT_EVENTS]),
        key=lambda event: _NOUNS.index(event.partition(".")[0]),
    )
)
"""Every event that can be asked for, noun by noun."""

# Codes and keys that may leave; words (reasons, notes, names) never do.
_FACTS = frozenset(
    {
        "from",
        "to",
        "disposition",
        "reply",
        "promise",
        "measure",
        "kind",
        "clause",
        "appeal",
        "outcome",
    }
)


def events_of(action: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The events that an entry of the log makes; none for most entries."""
    event = BY_ACTION.get(action)
    if event is None or (action == "case.open" and data.get("is_history")):
        return ()
    if action == "case.move" and data.get("to") not in OPEN_STATUSES:
        return (event, CLOSED)
    return (event,)


def facts_of(action: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What of an entry may leave the desk: what was done, by codes and keys."""
    facts = {
        name: value
        for name, value in data.items()
        if name in _FACTS and (value is None or isinstance(value, str | int | bool))
    }
    return {"action": action, **facts}
