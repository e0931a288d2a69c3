"""When a brand works: the hours, what they mean for a comment on a Friday afternoon, the next holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.accounts.hours import (
    HoursConflict,
    change_hours,
    hours_in_force,
    hours_visible_to,
    read_hours,
)
from amends.accounts.models import Brand
from amends.accounts.permissions import may_edit_hours, may_read
from amends.core.national_holidays import NationalHolidays
from amends.core.playbook.clocks import Arrival, plan_clocks
from amends.core.playbook.hours import Hours, HoursRefused, calendar_of, check_hours, write_periods
from amends.core.vocabulary import Priority
from amends.inbox.queries import brands_visible_to
from amends.pipeline.desk import Desk
from amends.web.asked import asked_brand
from amends.web.country_names import country_name
from amends.web.hours_form import DAYS, HoursEditor, editor_of, typed_editor
from amends.web.pages import DeskRequest, action, page

SHOWN_HOLIDAYS = 6
SHOWN_VERSIONS = 5
FRIDAY, ARRIVES = 4, timedelta(hours=16, minutes=30)


@dataclass(frozen=True, slots=True)
class Preview:
    """When the example of a comment would be due, by the wall of the brand."""

    priority: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days on which nobody works, or works at other hours; `last` is None where it is one day."""

    day: date
    last: date | None
    name: str
    periods: str
    is_own: bool


@page(may=may_read)
def hours(request: DeskRequest) -> HttpResponse:
    """The hours of a brand; who may not change them reads them."""
    brand = asked_brand(request)
    row = hours_in_force(brand.pk)
    said = read_hours(row)
    editor = editor_of(said, number=row.number if row else 0, zone=brand.time_zone)
    return _show(request, brand, editor=editor, said=said)


@action(may=may_edit_hours)
def save_hours(request: DeskRequest) -> HttpResponse:
    """Put what was typed in force, for the clocks that start from now on; or try it first."""
    brand = asked_brand(request)
    editor = typed_editor(request.POST)
    is_trial = "try" in request.POST
    try:
        said = editor.read()
        check_hours(said)
        if is_trial:
            return _show(request, brand, editor=editor, said=said, is_trial=True)
        seen = editor.form.cleaned_data["seen"] or 0
        change_hours(brand, to=said, after=seen, by=request.user, now=request.clock.now())
    except HoursRefused as refused:
        editor.refuse(refused)
    except HoursConflict as conflict:
        editor.form.add_error(None, str(conflict))
    else:
        messages.success(request, _("Saved. Clocks that start from now on count by these hours."))
        return HttpResponseRedirect(f"{reverse('hours')}?brand={brand.pk}")
    in_force = read_hours(hours_in_force(brand.pk))
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _show(request, brand, editor=editor, said=in_force, status=status)


def _show(
    request: DeskRequest,
    brand: Brand,
    *,
    editor: HoursEditor,
    said: Hours,
    is_trial: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    now = request.clock.now()
    zone = ZoneInfo(brand.time_zone if said.is_always else said.zone)
    friday = _next_friday(now, zone=zone)
    versions = hours_visible_to(request.user, brand=brand).select_related("changed_by")
    shown: dict[str, Any] = {
        "brand": brand,
        "brands": brands_visible_to(request.user, workspace=request.workspace),
        "may_edit": may_edit_hours(request.user, request.workspace),
        "editor": editor,
        "said": said,
        "zone": str(zone),
        "country": country_name(said.country) if said.country else "",
        "week": [(name, write_periods(said.week[number])) for number, name in enumerate(DAYS)],
        "friday": friday.astimezone(zone),
        "previews": _preview(said, at=friday, zone=zone, request=request),
        "holidays": _next_holidays(said, today=now.astimezone(zone).date()),
        "versions": list(versions[:SHOWN_VERSIONS]),
        "is_trial": is_trial,
        "now": now,
    }
    return render(request, "hours/hours.html", shown, status=status)


def _next_friday(now: datetime, *, zone: ZoneInfo) -> datetime:
    today = now.astimezone(zone).date()
    ahead = (FRIDAY - today.weekday()) % 7 or 7
    day = today + timedelta(days=ahead)
    return datetime(day.year, day.month, day.day, 16, 30, tzinfo=zone)


def _preview(said: Hours, *, at: datetime, zone: ZoneInfo, request: DeskRequest) -> list[Preview]:
    """What the playbook promises to a comment of that moment, most urgent first."""
    clocks = Desk(clock=request.clock).playbook(request.workspace.pk).clocks
    found = []
    for priority in (Priority.P1, Priority.P2, Priority.P3, Priority.P4):
        plan = plan_clocks(
            priority, clocks=clocks, arrival=Arrival(at, at), calendar=calendar_of(said)
        )
        if plan is not None:
            found.append(Preview(priority.value, plan.first_reply.due_at.astimezone(zone)))
    return found


def _next_holidays(said: Hours, *, today: date) -> list[Holiday]:
    """The next days that are not like others: public holidays, and the brand's own."""
    if said.is_always:
        return []
    own = [one for one in said.own_days if one.last >= today]
    found = [
        Holiday(
            one.first,
            one.last if one.last != one.first else None,
            one.name,
            write_periods(one.periods),
            is_own=True,
        )
        for one in own
    ]
    if said.country:
        national = NationalHolidays(said.country, said.region)
        for year in (today.year, today.year + 1):
            for day, name in national.of_year(year).items():
                is_covered = any(one.first <= day <= one.last for one in own)
                if day >= today and not is_covered:
                    found.append(Holiday(day, None, name, "", is_own=False))
    return sorted(found, key=lambda one: one.day)[:SHOWN_HOLIDAYS]
