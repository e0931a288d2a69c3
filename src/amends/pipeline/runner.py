"""Runs whatever is due: claim a row, run its step, and let nothing but the database decide who was first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from django.db import Error as DatabaseError

from amends.pipeline.desk import Desk
from amends.pipeline.steps import STEPS, Step
from amends.work.claim import Claim, LeaseLost, back_off, claim_many, claim_next, try_again

log = structlog.get_logger(__name__)
BATCH = 200


def run_due(desk: Desk, *, steps: Sequence[Step] = STEPS, limit: int = 200) -> int:
    """Run up to `limit` due rows, going round the steps so that none starves; returns how many ran."""
    ran = 0
    while ran < limit:
        went_round = sum(run_batch(step, desk=desk) or run_one(step, desk=desk) for step in steps)
        if not went_round:
            break
        ran += went_round
    return ran


def run_until_idle(desk: Desk, *, steps: Sequence[Step] = STEPS) -> int:
    """Run until nothing is due; for tests and for filling the demonstration."""
    total = 0
    while ran := run_due(desk, steps=steps):
        total += ran
    return total


def run_one(step: Step, *, desk: Desk) -> bool:
    """Claim and run one row of a step; False when nothing was due.

    This is an edge of the process: whatever a step raises is logged and the row tried again later, ever more
    rarely, until `claim_next` parks it for a person.
    """
    claim = claim_next(step.works_on, step=step.name, now=desk.clock.now(), lease=desk.lease)
    if claim is None:
        return False
    _run(step, claim, desk=desk)
    return True


def run_batch(step: Step, *, desk: Desk) -> int:
    """Claim and run many rows of a step at once, where it can; returns how many. One is not worth a batch."""
    if step.run_batch is None:
        return 0
    now = desk.clock.now()
    claims = claim_many(step.works_on, step=step.name, now=now, lease=desk.lease, limit=BATCH)
    left = claims
    if len(claims) > 1:
        try:
            left = step.run_batch(claims, desk)
        except Exception:  # the edge: each is tried by itself, and tells its own trouble
            log.exception("step.batch_failed", step=step.name, rows=len(claims))
    for claim in left:
        _run(step, claim, desk=desk)
    return len(claims)


def _run(step: Step, claim: Claim[Any], *, desk: Desk) -> None:
    try:
        step.run(claim, desk)
    except LeaseLost as lost:
        log.info("step.lease_lost", step=step.name, row=claim.row.pk, why=str(lost))
    except Exception as error:  # the edge; the row must not be lost with the worker
        log.exception("step.failed", step=step.name, row=claim.row.pk, attempts=claim.row.attempts)
        later = desk.clock.now() + back_off(claim.row.attempts)
        try:
            try_again(claim, until=later, error=f"{type(error).__name__}: {error}")
        except (LeaseLost, DatabaseError):
            log.warning(
                "step.not_put_off", step=step.name, row=claim.row.pk
            )  # the lease will run out
