"""Claiming, finishing and putting off work rows, each as one conditional UPDATE.

It needs no row locks, so it is right on SQLite and on PostgreSQL with many machines.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import F, Q

from amends.work.models import WorkRow

Row = TypeVar("Row", bound=WorkRow)

MAX_ATTEMPTS = 8
PATIENCE = 4  # how far troubles outside may count; the rest is left for the row's own
CANDIDATES = 16  # looked at in one go; several workers then rarely fight for the same row


class LeaseLost(Exception):
    """Another worker has the row by now; the result of this run must not count."""


@dataclass(frozen=True, slots=True)
class Claim(Generic[Row]):
    """A row that this worker may change until `until`, as long as it shows `token`."""

    row: Row
    token: str
    until: datetime


def claim_next(
    model: type[Row],
    *,
    step: str,
    now: datetime,
    lease: timedelta,
    max_attempts: int = MAX_ATTEMPTS,
) -> Claim[Row] | None:
    """Take the oldest due row of a step, or None when nothing is due.

    The attempt is counted at the claim, not at the failure: a row that kills its worker is parked as well.
    """
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    waiting = model._default_manager.filter(free, next_step=step, due_at__lte=now)
    for pk in waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:CANDIDATES]:
        token = uuid.uuid4().hex
        until = now + lease
        claimed = waiting.filter(pk=pk).update(
            lease_token=token, leased_until=until, attempts=F("attempts") + 1
        )
        if claimed:
            row = model._default_manager.get(pk=pk)
            if row.attempts <= max_attempts:
                return Claim(row, token, until)
            _release(
                Claim(row, token, until),
                due_at=None,
                last_error=row.last_error or "gave up after too many attempts",
                **row.when_given_up(),
            )
    return None


def claim_many(
    model: type[Row],
    *,
    step: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    max_attempts: int = MAX_ATTEMPTS,
) -> list[Claim[Row]]:
    """Take the oldest due rows of a step in one statement; those tried too often are left to `claim_next`."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    waiting = model._default_manager.filter(
        free, next_step=step, due_at__lte=now, attempts__lt=max_attempts
    )
    keys = list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    if not keys:
        return []
    token, until = uuid.uuid4().hex, now + lease
    waiting.filter(pk__in=keys).update(
        lease_token=token, leased_until=until, attempts=F("attempts") + 1
    )
    rows = model._default_manager.filter(pk__in=keys, lease_token=token).order_by("due_at", "pk")
    return [Claim(row, token, until) for row in rows]


def finish_all(claims: Sequence[Claim[Any]]) -> None:
    """Hand on rows that were claimed together; raises LeaseLost when one of them has passed to another."""
    if not claims:
        return
    rows = type(claims[0].row)._default_manager.filter(
        pk__in=[claim.row.pk for claim in claims], lease_token=claims[0].token
    )
    done = rows.update(
        lease_token="", leased_until=None, next_step="", due_at=None, attempts=0, last_error=""
    )
    if done != len(claims):
        raise LeaseLost("One of these rows is leased to another worker by now")


def finish(claim: Claim[Any], *, next_step: str = "", due_at: datetime | None = None) -> None:
    """Hand the row on; call it inside the transaction that stores the step's result.

    Raises LeaseLost (which rolls that transaction back) when the lease has passed to somebody else.
    """
    _release(claim, next_step=next_step, due_at=due_at, attempts=0, last_error="")


def put_off(claim: Claim[Any], *, until: datetime, error: str, attempts: int | None = None) -> None:
    """The outside is in trouble, not the row: try again later, however long that trouble lasts.

    The error stays readable meanwhile; `attempts` begins to count anew at that number.
    """
    counted = min(claim.row.attempts, PATIENCE) if attempts is None else attempts
    _release(claim, due_at=until, last_error=error[:2000], attempts=counted)


def try_again(claim: Claim[Any], *, until: datetime, error: str) -> None:
    """The step itself failed: the attempt counts, and after `MAX_ATTEMPTS` the row is parked."""
    _release(claim, due_at=until, last_error=error[:2000])


def park(claim: Claim[Any], *, error: str) -> None:
    """Stop trying: the row keeps its step without a due time, and a person sees it."""
    _release(claim, due_at=None, last_error=error[:2000])


def back_off(attempts: int, *, base: timedelta = timedelta(seconds=2)) -> timedelta:
    """How long to wait after the n-th failed attempt: 2 s, 4 s, 8 s … at most 15 minutes."""
    doublings = max(min(attempts - 1, 12), 0)
    return min(base * (1 << doublings), timedelta(minutes=15))


def _release(claim: Claim[Any], **values: Any) -> None:
    changed = (
        type(claim.row)
        ._default_manager.filter(pk=claim.row.pk, lease_token=claim.token)
        .update(lease_token="", leased_until=None, **values)
    )
    if not changed:
        raise LeaseLost(f"{claim.row} is leased to another worker by now")
