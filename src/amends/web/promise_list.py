"""The promises of a case as its page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from amends.cases.models import Case
from amends.replies.models import Promise, PromiseStatus
from amends.replies.promise import is_soon, promises_of


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A promise and how it stands with its time."""

    promise: Promise
    is_soon: bool
    is_late: bool

    @property
    def is_open(self) -> bool:
        return self.promise.status == PromiseStatus.OPEN


def read_promises(case: Case, *, now: datetime) -> tuple[PromiseView, ...]:
    """The promises of a case, the open ones first."""
    return tuple(
        PromiseView(one, is_soon(one, now=now), one.promised_for <= now)
        for one in promises_of(case)
    )
