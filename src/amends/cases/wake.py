"""Wakes a case that was put to sleep: its time has come, the customer wrote, or a clock runs out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from amends.cases.models import Case
from amends.cases.transitions import log_on_case
from amends.record.log import CLOCK, WORKER, Actor

TIME, CUSTOMER, CLOCK_NEAR = "time", "customer", "clock"
AT_ONCE = 500  # woken in one run of the job


def is_awake(now: datetime) -> Q:
    """The cases that nobody put to sleep, or whose time has come: what working views show."""
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now)


def is_asleep(now: datetime) -> Q:
    return Q(snoozed_until__gt=now)


def wake_up(case: Case, *, because: str, actor: Actor, now: datetime) -> bool:
    """End the sleep of a case, in the caller's transaction; False where it does not sleep.

    The case shows why it woke until its status changes.
    """
    woken = {"snoozed_until": None, "woken_at": now, "woken_because": because}
    if not Case.objects.filter(pk=case.pk, snoozed_until__isnull=False).update(**woken):
        return False
    case.snoozed_until, case.woken_at, case.woken_because = None, now, because
    log_on_case(case, "case.wake", actor=actor, now=now, data={"because": because})
    return True


def wake_for_customer(case: Case, *, now: datetime) -> None:
    """The author wrote or changed something: whoever put it to sleep did not know that."""
    if case.snoozed_until is not None:
        wake_up(case, because=CUSTOMER, actor=WORKER, now=now)


def wake_for_clock(case: Case, *, now: datetime) -> None:
    """A clock of the case runs out soon, or has; it never does so unseen."""
    if case.snoozed_until is not None:
        wake_up(case, because=CLOCK_NEAR, actor=CLOCK, now=now)


def wake_due(*, now: datetime) -> int:
    """Wake whose time has come; returns how many. A job of the clock, and safe to run twice."""
    due = Case.objects.filter(snoozed_until__lte=now).order_by("snoozed_until")[:AT_ONCE]
    woken = 0
    for case in due:
        with transaction.atomic():
            woken += wake_up(case, because=TIME, actor=CLOCK, now=now)
    return woken
