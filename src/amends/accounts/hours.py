"""The business hours of a brand: which are in force, which calendar follows, and changing them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Brand, BusinessHours, User, Workspace
from amends.accounts.permissions import may_edit_hours, may_read, refuse_unless
from amends.core.playbook.calendars import Calendar
from amends.core.playbook.hours import Hours, calendar_of, check_hours, hours_from_json
from amends.record.log import Subject, log_action


class HoursConflict(Exception):
    """Somebody else changed the hours in the meantime; the message is for the person."""


def hours_visible_to(user: User, *, brand: Brand) -> QuerySet[BusinessHours]:
    """All versions of the hours of a brand, the newest first."""
    if not may_read(user, brand.workspace):
        return BusinessHours.objects.none()
    return versions_of_hours(brand.pk)


def versions_of_hours(brand_id: int) -> QuerySet[BusinessHours]:
    return BusinessHours.objects.filter(brand_id=brand_id).order_by("-number")


def hours_in_force(brand_id: int) -> BusinessHours | None:
    """The latest version, or None: around the clock."""
    return versions_of_hours(brand_id).first()


def read_hours(row: BusinessHours | None) -> Hours:
    return hours_from_json(row.hours) if row else Hours()


def calendar_by(row: BusinessHours | None) -> Calendar:
    """The calendar that counts by a version of hours."""
    return calendar_of(read_hours(row))


def change_hours(brand: Brand, *, to: Hours, after: int, by: User, now: datetime) -> BusinessHours:
    """Put hours in force for the clocks that start from now on; running ones keep theirs.

    `after` is the number of the version that the person saw (0: none). Raises NotAllowed, HoursRefused
    for hours that cannot be counted by, and HoursConflict.
    """
    workspace: Workspace = brand.workspace
    refuse_unless(may_edit_hours(by, workspace), _("change business hours"))
    check_hours(to)
    with transaction.atomic():
        Brand.objects.select_for_update().get(pk=brand.pk)
        current = hours_in_force(brand.pk)
        if (current.number if current else 0) != after:
            raise HoursConflict(_("Somebody else changed these hours: look at them first."))
        row = BusinessHours.objects.create(
            workspace=workspace,
            brand=brand,
            number=after + 1,
            hours=to.to_json(),
            digest=to.digest,
            changed_by=by,
            changed_at=now,
        )
        log_action(
            "hours.change",
            workspace_id=workspace.pk,
            actor=actor_of(by),
            subject=Subject("brand", str(brand.pk), brand.name),
            now=now,
            data={"number": row.number, "digest": row.digest},
        )
    return row
