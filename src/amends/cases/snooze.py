"""Puts a case to sleep until a moment: out of the working views, and never longer than a clock allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.hours import calendar_by, hours_in_force
from amends.accounts.models import User
from amends.accounts.permissions import may_snooze, refuse_unless
from amends.cases.models import OPEN_STATUSES, Case, CaseStatus
from amends.cases.transitions import NotPossible, log_on_case
from amends.cases.wait import open_wait
from amends.cases.watch_clock import running_clock, running_rows

LONGEST = timedelta(days=90)
SHORTEST = timedelta(minutes=5)
LATER = timedelta(hours=3)
QUARTER = timedelta(minutes=15)
MORNING = time(9)
DAY = timedelta(days=1)
NOTHING = timedelta(0)  # added to a moment, it leads to the next open one


@dataclass(frozen=True, slots=True)
class Choice:
    """A moment that is offered: later, tomorrow or monday."""

    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Sleep:
    """Until when a case sleeps; `clock_due_at` is the clock for which it wakes earlier than asked."""

    until: datetime
    clock_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A clock, the moment at which it must be seen at the latest, and when it runs out."""

    latest: datetime
    due_at: datetime


def snooze_choices(brand_id: int, *, person: User, now: datetime) -> tuple[Choice, ...]:
    """Later today, tomorrow at 9 and Monday at 9 by the person's wall, moved into the brand's hours."""
    zone = ZoneInfo(person.time_zone)
    today = now.astimezone(zone).date()
    calendar = calendar_by(hours_in_force(brand_id))
    later = _round_up(now + LATER)

    def morning(days: int) -> datetime:
        wall = datetime.combine(today + days * DAY, MORNING, tzinfo=zone)
        return calendar.add(wall, working=NOTHING).astimezone(UTC)

    choices = [Choice("tomorrow", morning(1)), Choice("monday", morning(7 - today.weekday()))]
    if later.astimezone(zone).date() == today and calendar.add(later, working=NOTHING) == later:
        choices.insert(0, Choice("later", later))
    return tuple(choices)


def moment_of(code: str, *, brand_id: int, person: User, now: datetime) -> datetime:
    """The moment of a choice; raises NotPossible for one that is not offered now."""
    for choice in snooze_choices(brand_id, person=person, now=now):
        if choice.code == code:
            return choice.until
    raise NotPossible(_("This choice is not offered now: name a day and a time."))


def limit_of(case: Case) -> Limit | None:
    """The clock that lets the case sleep least; None where none runs."""
    return min(_limits(case), key=lambda one: one.latest, default=None)


def refuse_far_moment(until: datetime, *, now: datetime) -> None:
    """Raise NotPossible for a moment until which nothing can sleep, whatever its clocks."""
    if not now + SHORTEST <= until <= now + LONGEST:
        raise NotPossible(_("Choose a time ahead: at least 5 minutes, at most 90 days."))


def snooze_case(case: Case, *, until: datetime, by: User, now: datetime) -> Sleep:
    """Take the case out of the working views until then; its clocks run on.

    A sleep that would outlast a clock ends where the clock has used four fifths of its time. Raises
    NotAllowed, and NotPossible for a closed case, a moment that is none, or a clock that is nearly over.
    """
    refuse_unless(may_snooze(by, case.workspace), _("put cases to sleep"))
    refuse_far_moment(until, now=now)
    with transaction.atomic():
        case.refresh_from_db(from_queryset=Case.objects.select_for_update(of=("self",)))
        if case.status not in OPEN_STATUSES:
            raise NotPossible(_("The case is closed: there is nothing to put to sleep."))
        sleep = _within_clocks(case, until=until, now=now)
        Case.objects.filter(pk=case.pk).update(
            snoozed_until=sleep.until, snoozed_by=by, woken_at=None, woken_because=""
        )
        case.snoozed_until, case.snoozed_by, case.woken_at = sleep.until, by, None
        about = {"until": sleep.until.isoformat(), "asked": until.isoformat()}
        log_on_case(case, "case.snooze", actor=actor_of(by), now=now, data=about)
    return sleep


def end_snooze(case: Case, *, by: User, now: datetime) -> None:
    """A person brings the case back; raises NotPossible where it does not sleep."""
    refuse_unless(may_snooze(by, case.workspace), _("wake cases"))
    with transaction.atomic():
        rows = Case.objects.filter(pk=case.pk, snoozed_until__isnull=False)
        if not rows.update(snoozed_until=None, snoozed_by=None):
            raise NotPossible(_("This case does not sleep any more."))
        case.snoozed_until = case.snoozed_by = None
        log_on_case(case, "case.wake", actor=actor_of(by), now=now, data={"because": "person"})


def _within_clocks(case: Case, *, until: datetime, now: datetime) -> Sleep:
    limit = limit_of(case)
    if limit is None or until <= limit.latest:
        return Sleep(until)
    if limit.latest < now + SHORTEST:
        raise NotPossible(
            _("A clock of %(case)s is nearly over or has run out: it cannot be put to sleep.")
            % {"case": case.public_id}
        )
    return Sleep(limit.latest, clock_due_at=limit.due_at)


def _limits(case: Case) -> Iterator[Limit]:
    rows = running_rows(case)
    for row in rows:
        yield Limit(row.most_at, row.due_at)
    running = None if rows else running_clock(case)
    if running is not None:  # of a case that is older than the rows of its clocks
        (_half, _at), (_most, near), (_all, due_at) = running.milestones
        yield Limit(near, due_at)
    wait = open_wait(case) if case.status == CaseStatus.WAITING_FOR_CUSTOMER else None
    if wait is not None:
        yield Limit(wait.until, wait.until)


def _round_up(moment: datetime) -> datetime:
    """To the next quarter of an hour."""
    start = moment.replace(minute=0, second=0, microsecond=0)
    return start + -(-(moment - start) // QUARTER) * QUARTER
