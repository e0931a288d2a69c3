"""Whether we have spoken in a conversation: by the channel, by the record, else by the case's own clock.

A case forgets its first reply when its author writes again; the record does not, and not every channel shows
us our own words.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from amends.cases.family import public_ids_of
from amends.cases.models import Case
from amends.core.read_once import read_once
from amends.inbox.models import Comment
from amends.record.models import ActionLog

SENT = "reply.send"  # logged for every reply that stands on its channel (replies/send.py)


@read_once
def is_answered(case: Case) -> bool:
    """Whether a reply of ours has gone out in this case at all."""
    return case.first_replied_at is not None or _sent(case).exists()


def spoken_since(case: Case, *, since: datetime) -> datetime | None:
    """When we spoke first in the thread since a moment; None while we have not."""
    ours = Comment.objects.filter(
        thread=case.comment.thread_id, is_ours=True, published_at__gte=since
    )
    moments = [
        ours.order_by("published_at").values_list("published_at", flat=True).first(),
        _sent(case).filter(at__gte=since).order_by("id").values_list("at", flat=True).first(),
        case.first_replied_at,
    ]
    return min((one for one in moments if one is not None and one >= since), default=None)


def _sent(case: Case) -> QuerySet[ActionLog]:
    return ActionLog.objects.filter(
        workspace_id=case.workspace_id,
        subject_kind="case",
        subject_id__in=public_ids_of(case),
        action=SENT,
    )
