"""Time that goes by in a test, and what the desk noted meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from amends.accounts.hours import change_hours
from amends.accounts.models import Brand, BusinessHours, Notification, User
from amends.cases.models import Case
from amends.connectors.kit.events import SentReply
from amends.core.clock import ScriptedClock
from amends.core.playbook.hours import Hours, read_periods
from amends.pipeline.desk import Desk
from amends.pipeline.runner import run_until_idle
from amends.record.log import WORKER
from amends.record.models import ActionLog
from amends.replies.models import Delivery
from amends.replies.send import record_sent
from tests.support.desk import Colleagues

OFFICE = Hours(
    is_always=False,
    zone="Europe/Amsterdam",
    week=(read_periods("9-17"),) * 5 + ((), ()),
)
ANSWER = "Paketiniz bugün çıkıyor. Elif"
QUESTION = "Hangi sipariş? Elif"


def live_until(desk: Desk, clock: ScriptedClock, *, until: datetime, step: timedelta) -> None:
    """Let the desk run while the time goes by in steps."""
    while clock.now() < until:
        run_until_idle(desk)
        clock.move_to(min(clock.now() + step, until))
    run_until_idle(desk)


def warned_of() -> list[tuple[int, str]]:
    """The warnings in order: per cent and clock."""
    entries = ActionLog.objects.filter(action="case.clock").order_by("pk")
    return [(one.data["percent"], one.data["clock"]) for one in entries]


def breaches() -> list[str]:
    """The clocks that ran out."""
    entries = ActionLog.objects.filter(action="case.breach").order_by("pk")
    return [one.data["clock"] for one in entries]


def told(user: User) -> list[str]:
    """The kinds of notices that a person was given by clocks and departments, in order."""
    kinds = ("warning", "breach", "task")
    notices = Notification.objects.filter(user=user, kind__in=kinds)
    return list(notices.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def say(colleagues: Colleagues, clock: ScriptedClock) -> Callable[..., Case]:
    """A word of ours to the customer, as it is once it stands on the channel."""

    def send(case: Case, text: str = ANSWER) -> Case:
        delivery: Delivery = colleagues.approve(Case.objects.get(pk=case.pk), text)
        sent = SentReply(f"r-{delivery.pk}", "")
        record_sent(delivery, sent=sent, actor=WORKER, is_verified=True, clock=clock)
        return Case.objects.get(pk=case.pk)

    return send


@pytest.fixture
def set_hours(brand: Brand, owner: User, clock: ScriptedClock) -> Callable[..., BusinessHours]:
    """Put business hours in force, Monday to Friday, nine to five in Amsterdam."""

    def change(hours: Hours = OFFICE, **values: Any) -> BusinessHours:
        after = BusinessHours.objects.filter(brand=brand).count()
        return change_hours(brand, to=hours, after=after, by=owner, now=clock.now(), **values)

    return change
