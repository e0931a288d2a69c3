"""Applies a filter to cases; what it names and the reader may not see finds nothing, and no error."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from amends.accounts.models import User
from amends.cases.filters import ME, NOBODY, CaseFilter
from amends.cases.models import Case, CaseLabel


def narrow(cases: QuerySet[Case], chosen: CaseFilter, *, user: User) -> QuerySet[Case]:
    """All conditions but the words of a search, which `search_cases` looks for."""
    plain = {
        "comment__account": chosen.channel,
        "language": chosen.language,
        "category": chosen.category,
        "severity__in": chosen.severity,
        "priority__in": chosen.priority,
        "status__in": chosen.status,
    }
    cases = cases.filter(**{name: value for name, value in plain.items() if value})
    for label in chosen.label:
        # As keys and not as EXISTS: SQLite then begins with the label instead of trying every case.
        cases = cases.filter(pk__in=CaseLabel.objects.filter(label=label).values("case"))
    if chosen.assignee == ME:
        cases = cases.filter(assignee=user)
    elif chosen.assignee == NOBODY:
        cases = cases.filter(assignee__isnull=True)
    elif chosen.assignee:
        cases = cases.filter(assignee=int(chosen.assignee))
    if chosen.since:
        cases = cases.filter(created_at__gte=_midnight(chosen.since))
    if chosen.until and chosen.until < date.max:
        cases = cases.filter(created_at__lt=_midnight(chosen.until + timedelta(days=1)))
    return cases


def _midnight(day: date) -> datetime:
    """The first moment of a day on the reader's wall."""
    try:
        return timezone.make_aware(datetime.combine(day, time.min))
    except OverflowError:
        return timezone.make_aware(datetime.combine(date(2, 1, 1), time.min))
