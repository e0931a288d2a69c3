"""What a member can do, and when they are there: read, change, and asked at a moment."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Membership, User, WorkProfile
from amends.accounts.permissions import may_edit_routing, refuse_unless
from amends.core.playbook.calendars import Calendar
from amends.record.log import Subject, log_action

MOST_SKILLS, LONGEST_SKILL = 20, 40
LONGEST_AWAY = timedelta(days=400)
WEEK = range(7)


class WorkProfileRefused(Exception):
    """The profile cannot be used so; the message is for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLife:
    """A work profile as it is read and written; without hours those of the brand count."""

    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    works_from: time | None = None
    works_until: time | None = None
    days: tuple[int, ...] = ()
    away_until: datetime | None = None

    def is_away(self, now: datetime) -> bool:
        return self.away_until is not None and now < self.away_until

    def is_at_work(self, now: datetime, *, zone: str, calendar: Calendar) -> bool:
        """Whether it is working time for the person, by their own wall; away is asked apart."""
        local = now.astimezone(ZoneInfo(zone))
        if self.works_from is None or self.works_until is None:
            is_day = not self.days or local.weekday() in self.days
            return is_day and calendar.add(now, working=timedelta(0)) == now
        start, end, at = self.works_from, self.works_until, local.time()
        is_overnight = end <= start
        day = local.weekday()
        if is_overnight and at < end:
            day = (day - 1) % 7  # the shift began yesterday
        is_within = (at >= start or at < end) if is_overnight else start <= at < end
        return is_within and (not self.days or day in self.days)


def fold_skill(word: str) -> str:
    """A skill as it is compared: without case and outer spaces."""
    plain = unicodedata.normalize("NFKC", word).replace("İ", "i").replace("ı", "i")
    return " ".join(unicodedata.normalize("NFKC", plain.casefold()).split())


def work_life_of(membership: Membership) -> WorkLife:
    """What was said of a member; nothing where nobody said anything."""
    row = WorkProfile.objects.filter(membership=membership).first()
    return read_work_life(row)


def read_work_life(row: WorkProfile | None) -> WorkLife:
    if row is None:
        return WorkLife()
    return WorkLife(
        languages=tuple(row.languages),
        skills=tuple(row.skills),
        works_from=row.works_from,
        works_until=row.works_until,
        days=tuple(row.days),
        away_until=row.away_until,
    )


def change_work_life(membership: Membership, *, to: WorkLife, by: User, now: datetime) -> None:
    """By the person themself, or by who edits routing. Raises NotAllowed and WorkProfileRefused."""
    is_own = by.pk == membership.user_id and membership.is_active
    workspace = membership.workspace
    refuse_unless(is_own or may_edit_routing(by, workspace), _("change when colleagues work"))
    _check(to, now=now)
    values = {
        "languages": list(dict.fromkeys(to.languages)),
        "skills": list(dict.fromkeys(fold_skill(one) for one in to.skills)),
        "works_from": to.works_from,
        "works_until": to.works_until,
        "days": sorted(set(to.days)),
        "away_until": to.away_until,
        "changed_at": now,
    }
    with transaction.atomic():
        WorkProfile.objects.update_or_create(membership=membership, defaults=values)
        person = membership.user
        log_action(
            "person.work_profile",
            workspace_id=workspace.pk,
            actor=actor_of(by),
            subject=Subject("person", str(person.pk), str(person)),
            now=now,
            data={
                "languages": values["languages"],
                "skills": values["skills"],
                "away_until": to.away_until.isoformat() if to.away_until else None,
            },
        )


def _check(to: WorkLife, *, now: datetime) -> None:
    if (to.works_from is None) != (to.works_until is None):
        raise WorkProfileRefused(_("Give both ends of the working hours, or none."))
    if to.works_from is not None and to.works_from == to.works_until:
        raise WorkProfileRefused(_("The working hours begin and end at the same time."))
    if len(to.skills) > MOST_SKILLS or any(_is_no_skill(one) for one in to.skills):
        raise WorkProfileRefused(
            _("At most %(count)d skills of %(length)d characters each.")
            % {"count": MOST_SKILLS, "length": LONGEST_SKILL}
        )
    if any(day not in WEEK for day in to.days):
        raise WorkProfileRefused(_("There is no such day of the week."))
    if to.away_until is not None and to.away_until > now + LONGEST_AWAY:
        raise WorkProfileRefused(_("Away for more than a year: off-board the person instead."))


def _is_no_skill(word: str) -> bool:
    return not fold_skill(word) or len(word) > LONGEST_SKILL


def read_skills(text: str) -> Sequence[str]:
    """Skills as a person types them, separated by commas or lines."""
    parts = text.replace("\n", ",").split(",")
    return tuple(dict.fromkeys(one for part in parts if (one := fold_skill(part))))
