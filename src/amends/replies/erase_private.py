"""Erases what was said in private: when its author may ask for that, and when its time is over.

Digests, times and who wrote stay. A legal hold refuses, as it does for comments (cases/erase.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.cases.erase import erase_by_clock, erase_from_case, refuse_held
from amends.cases.family import family_of, survivor_of
from amends.cases.models import Case, LegalHold
from amends.cases.transitions import log_on_case
from amends.inbox.models import RawEvent
from amends.record.log import CLOCK
from amends.record.models import Content
from amends.replies.models import HandOver, PrivateMessage

KEPT_FOR = timedelta(days=180)  # after the case was closed; the private page says so
BATCH = 200
TIME_OVER = gettext_noop("Kept no longer than promised on the private page.")


def erase_private(case: Case, *, reason: str, by: User, now: datetime) -> int:
    """Erase every word and address of the private conversations of a case, and end them; says how many.

    Raises NotAllowed, NotPossible without a reason, Held under a legal hold.
    """
    return erase_talks(case, talks=talks_of_family(case), reason=reason, by=by, now=now)


def erase_talks(
    case: Case, *, talks: QuerySet[HandOver], reason: str, by: User, now: datetime
) -> int:
    """The same for some of the conversations of a matter that goes on in `case`."""
    refuse_held(
        case, by=by, now=now
    )  # before the transaction: that it was refused must stay in the log
    with transaction.atomic():
        _lock(talks)
        contents = private_contents(talks)
        count = erase_from_case(case, contents=contents, reason=reason, by=by, now=now)
        _end(talks, now=now)
        about = {"contents": count}
        log_on_case(case, "hand_over.erase", actor=actor_of(by), now=now, data=about)
    return count


def forget_private(*, now: datetime) -> int:
    """The job of the clock: erase what is kept longer than promised; says of how many cases."""
    due = Case.objects.filter(closed_at__lte=now - KEPT_FOR, merged_into__isnull=True)
    held = LegalHold.objects.filter(lifted_at__isnull=True)
    lasting = HandOver.objects.filter(ended_at__isnull=True)
    merged = Case.objects.filter(merged_into__isnull=False, pk__in=lasting.values("case"))
    keys = due.filter(pk__in=lasting.values("case")).exclude(pk__in=held.values("case"))
    matters = set(keys.order_by("pk").values_list("pk", flat=True)[:BATCH])
    matters |= {survivor_of(case).pk for case in merged}
    done = 0
    for case in due.filter(pk__in=matters).select_related("workspace").order_by("pk"):
        with transaction.atomic():
            talks = talks_of_family(case)
            _lock(talks)
            contents = private_contents(talks)
            count = erase_by_clock(case, contents=contents, reason=TIME_OVER, now=now)
            if count is None:  # under a legal hold: asked again tomorrow
                continue
            _end(talks, now=now)
            log_on_case(case, "hand_over.erase", actor=CLOCK, now=now, data={"contents": count})
        done += 1
    return done


def talks_of_family(case: Case) -> QuerySet[HandOver]:
    """The private conversations of a matter, of the cases that were merged into it too."""
    return HandOver.objects.filter(case__in=family_of(case))


def private_contents(talks: QuerySet[HandOver]) -> list[Content]:
    """Where private words and addresses lie: messages, addresses, the mails as they came."""
    messages = PrivateMessage.objects.filter(hand_over__in=talks.values("pk"))
    keys = set(messages.values_list("content_id", flat=True))
    keys |= set(talks.exclude(reach=None).values_list("reach_id", flat=True))
    mails = RawEvent.objects.filter(
        account__in=talks.exclude(account=None).values("account"),
        external_id__in=messages.exclude(message_id="").values("message_id"),
    )
    keys |= set(mails.values_list("content_id", flat=True))
    return list(Content.objects.filter(pk__in=keys, redacted_at__isnull=True).order_by("pk"))


def _lock(talks: QuerySet[HandOver]) -> None:
    """Before their cases, as everywhere (pipeline/join.py)."""
    list(talks.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _end(talks: QuerySet[HandOver], *, now: datetime) -> None:
    """Nobody comes in by these links and addresses any more."""
    talks.filter(ended_at__isnull=True).update(ended_at=now)
