"""Reminds of a promise before its time is over, and says once that it is late; people settle it."""

from __future__ import annotations

from django.db import transaction

from amends.cases.transitions import log_on_case
from amends.cases.wake import wake_for_clock
from amends.core.clock import Clock
from amends.record.log import CLOCK
from amends.replies.models import Promise, PromiseStatus
from amends.replies.promise import WATCH_PROMISE
from amends.work.claim import Claim, finish

SOON, LATE = 1, 2


def watch_promise(claim: Claim[Promise], *, clock: Clock) -> None:
    """Note on the case what has come: the last fifth of the time, then its end; each once."""
    now = clock.now()
    with transaction.atomic():
        promise = Promise.objects.select_for_update().get(pk=claim.row.pk)
        if promise.status != PromiseStatus.OPEN:
            finish(claim)
            return
        level = LATE if now >= promise.promised_for else SOON
        if level > promise.warned:
            Promise.objects.filter(pk=promise.pk).update(warned=level)
            action = "promise.late" if level == LATE else "promise.remind"
            wake_for_clock(promise.case, now=now)
            log_on_case(promise.case, action, actor=CLOCK, now=now, data={"promise": promise.pk})
        is_waiting = level < LATE
        finish(
            claim,
            next_step=WATCH_PROMISE if is_waiting else "",
            due_at=promise.promised_for if is_waiting else None,
        )
