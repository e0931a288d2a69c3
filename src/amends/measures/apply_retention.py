"""Erases the words of closed cases whose time is over, a batch at a time, and keeps what must be kept.

Kept are cases under a legal hold; with a measure that waits, runs or may still be objected to, or an open
appeal; with a promise that is owed, a department that is asked, an answer on its way. They are looked at
again with every run, so that nothing has to be remembered. Each case is one transaction: a run that is cut
off goes on where it stood.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from amends.accounts.models import Workspace
from amends.cases.erase import erase_closed_case
from amends.cases.models import TASKS_WAITING, Case, DepartmentTask, Retention
from amends.cases.retain import closed_before, held_legally
from amends.core.clock import Clock
from amends.measures.models import Appeal, AppealLink, AppealStatus, Measure, MeasureStatus
from amends.measures.statement import APPEAL_TERM
from amends.replies.models import Delivery, DeliveryStatus, Promise, PromiseStatus

BATCH = 50  # cases of a workspace in one run
REASON = "retention: its time was over"
UNSETTLED = (
    MeasureStatus.WAITING,
    MeasureStatus.READY,
    MeasureStatus.ACTING,
    MeasureStatus.UNKNOWN,
    MeasureStatus.UNDOING,
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What retention would touch now: cases, and those that it leaves alone and why."""

    closed: int
    held: int
    unsettled: int

    @property
    def touched(self) -> int:
        return self.closed - self.held - self.unsettled


def preview_retention(workspace: Workspace, *, days: int, now: datetime) -> Preview:
    """Count without doing anything."""
    closed = closed_before(workspace, days=days, now=now)
    held = held_legally(closed)
    unsettled = closed.exclude(pk__in=held.values("pk")).filter(open_matter(now=now))
    return Preview(closed.count(), held.count(), unsettled.count())


def cases_to_erase(workspace: Workspace, *, days: int, now: datetime) -> QuerySet[Case]:
    """Those that nothing keeps, the oldest first."""
    closed = closed_before(workspace, days=days, now=now)
    held = held_legally(closed)
    return closed.exclude(pk__in=held.values("pk")).exclude(open_matter(now=now))


def open_matter(*, now: datetime) -> Q:
    """Whether something about a case is not settled, so that its words are still needed."""
    measures = Measure.objects.filter(of_matter("case") | of_words("comment"))
    standing = measures.filter(
        Q(status__in=UNSETTLED)
        | Q(status=MeasureStatus.DONE, until__gt=now)
        | Q(status=MeasureStatus.DONE, acted_at__gt=now - APPEAL_TERM)
    )
    appeals = Appeal.objects.filter(
        of_matter("measure__case") | of_words("measure__comment"), status=AppealStatus.OPEN
    )
    links = AppealLink.objects.filter(
        of_matter("statement__measure__case") | of_words("statement__measure__comment"),
        expires_at__gt=now,
    )
    promises = Promise.objects.filter(of_matter("case"), status=PromiseStatus.OPEN)
    tasks = DepartmentTask.objects.filter(of_matter("case"), state__in=TASKS_WAITING)
    on_the_way = Delivery.objects.filter(
        of_matter("reply__case"),
        status__in=[DeliveryStatus.READY, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN],
    )
    rows = (standing, appeals, links, promises, tasks, on_the_way)
    found = Q()
    for one in rows:
        found |= Q(Exists(one))
    return found


def of_matter(way: str) -> Q:
    """Rows of the case, or of one that was merged into it, over up to three merges."""
    found = Q(**{way: OuterRef("pk")})
    for depth in range(1, 4):
        found |= Q(**{f"{way}{'__merged_into' * depth}": OuterRef("pk")})
    return found


def of_words(way: str) -> Q:
    """Rows about a comment that lies in the case now: a split or a merge may have brought it there."""
    return Q(**{f"{way}__case_item__case": OuterRef("pk")})


def apply_retention(*, clock: Clock, batch: int = BATCH) -> int:
    """The clock's job: a batch of each workspace that has a rule; says how many cases were erased."""
    erased = 0
    for rule in Retention.objects.select_related("workspace").order_by("pk"):
        now = clock.now()
        due = cases_to_erase(rule.workspace, days=rule.days, now=now)
        for pk in list(due.values_list("pk", flat=True)[:batch]):
            erased += _erase(pk, rule=rule, now=now)
    return erased


def _erase(pk: int, *, rule: Retention, now: datetime) -> bool:
    """One case in one transaction, asked anew under its lock: rule, hold and matter may have changed."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
        current = Retention.objects.filter(pk=rule.pk).first()
        if current is None:
            return False
        due = cases_to_erase(rule.workspace, days=current.days, now=now)
        if not due.filter(pk=pk).exists():
            return False
        return erase_closed_case(case, reason=REASON, now=now) is not None
