"""Watches for 72 hours whether words that were hidden or removed come back (gate G2).

It only says so: to who asked for the measure, and on the page of the new case. Nothing is removed by it, and
an author whose comment was removed is not watched as a person: other words of theirs are not noted.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from amends.accounts.models import NotificationKind
from amends.accounts.permissions import may_see_lane
from amends.cases.find_reposts import Near, find_reposts
from amends.cases.models import Case, Lane
from amends.cases.tell import tell
from amends.cases.transitions import log_on_case
from amends.measures.ladder import REMOVALS
from amends.measures.models import Measure, MeasureStatus, Repost
from amends.record.log import CLOCK

WATCHED_FOR = timedelta(hours=72)
HEARD_LATE = timedelta(hours=6)  # a channel that was away tells of the last hours afterwards
MOST_TOLD = 5  # of one measure: whoever floods us floods no colleague


def watch_reposts(*, now: datetime) -> int:
    """The clock's job: note what came back since; says how many comments it found."""
    rows = Measure.objects.filter(
        kind__in=REMOVALS,
        status=MeasureStatus.DONE,
        done_at__gte=now - WATCHED_FOR - HEARD_LATE,
    )
    measures = rows.select_related("version__content", "version__comment", "case", "workspace")
    return sum(_watch(one, now=now) for one in measures.order_by("pk"))


def _watch(measure: Measure, *, now: datetime) -> int:
    if measure.done_at is None:
        return 0
    near = find_reposts(
        measure.version,
        broken=measure.words,
        since=measure.done_at,
        until=measure.done_at + WATCHED_FOR,
        known=measure.reposts.values_list("comment", flat=True),
    )
    return sum(_note(measure, near=one, now=now) for one in near)


def _note(measure: Measure, *, near: Near, now: datetime) -> bool:
    case = Case.objects.select_related("workspace").get(items__comment=near.comment)
    with transaction.atomic():
        _row, is_new = Repost.objects.get_or_create(
            measure=measure,
            comment=near.comment,
            defaults={
                "workspace_id": measure.workspace_id,
                "is_same_author": near.is_same_author,
                "found_at": now,
            },
        )
        if not is_new:
            return False
        # Logged where the narrower circle reads it, and without the number of the other case.
        about = case if measure.case.lane == Lane.OPEN else measure.case
        data = {"measure": measure.pk, "is_same_author": near.is_same_author}
        log_on_case(about, "measure.repost", actor=CLOCK, now=now, data=data)
        _tell(measure, case=case, now=now)
    return True


def _tell(measure: Measure, *, case: Case, now: datetime) -> None:
    person = measure.acted_by
    may_know = may_see_lane(person, measure.workspace, measure.case.lane)
    if not may_know or measure.reposts.count() > MOST_TOLD:
        return
    tell(
        person,
        case=case,
        kind=NotificationKind.MEASURE,
        now=now,
        key=f"repost:{measure.pk}:{case.pk}",
        facts={"what": "repost", "case": case.public_id},
    )
