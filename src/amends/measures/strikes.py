"""What counts against an author: clause-based acts that stand, for twelve months (K21).

A contact or a reply is no strike (it is no Measure at all), and what was reversed is none any more.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from amends.cases.models import Case, Lane
from amends.cases.triage import words_to_judge
from amends.inbox.models import Author
from amends.measures.ladder import DECAY, RUNG, STRIKES
from amends.measures.models import Measure, MeasureKind, MeasureStatus, UndoReason
from amends.record.models import ActionLog
from amends.replies.models import ReplyStatus


def strikes_of(author: Author, *, now: datetime) -> QuerySet[Measure]:
    """The strikes in force, newest first; a ban that ended by itself still counts until it decays."""
    stands = Q(status=MeasureStatus.DONE) | Q(
        status__in=[MeasureStatus.UNDONE, MeasureStatus.UNDOING], undone_because=UndoReason.EXPIRED
    )
    return Measure.objects.filter(
        stands, author=author, kind__in=STRIKES, acted_at__gt=now - DECAY
    ).order_by("-acted_at", "-pk")


def count_strikes(case: Case) -> int:
    """The strikes that stood when the author wrote what is judged now, as the playbook asks (K21, G11).

    What was done afterwards cannot be held against words that were there before, so a measure never counts
    against the comment that it was taken for. An open case counts those of open cases only: the number stands
    on its page, and must not tell of others.
    """
    words = words_to_judge(case)
    if words is None:
        return 0
    strikes = strikes_of(case.author, now=words.occurred_at).filter(done_at__lt=words.occurred_at)
    if case.lane == Lane.OPEN:
        strikes = strikes.filter(case__lane=Lane.OPEN)
    return strikes.count()


def was_warned(author: Author, *, now: datetime) -> bool:
    """Whether a warning reached the author: its words were sent, and the log knows of it."""
    warnings = strikes_of(author, now=now).filter(
        kind=MeasureKind.WARN, statement__reply__status=ReplyStatus.SENT
    )
    return ActionLog.objects.filter(
        workspace_id=author.workspace_id,
        action="measure.act",
        data__measure__in=list(warnings.values_list("pk", flat=True)),
    ).exists()


def reached_rung(author: Author, *, now: datetime, apart_from: Measure | None = None) -> int:
    """The highest rung that the author has reached, 0 for none."""
    strikes = strikes_of(author, now=now)
    if apart_from is not None:
        strikes = strikes.exclude(pk=apart_from.pk)
    return max(
        (RUNG[MeasureKind(kind)] for kind in strikes.values_list("kind", flat=True)), default=0
    )
