"""Erases what was said in private: when its author may ask for that, and when its time is over.

Digests, times and who wrote stay. A legal hold refuses, as it does for comments (cases/erase.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.cases.erase import erase_by_clock, erase_from_case, refuse_held
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
    refuse_held(
        case, by=by, now=now
    )  # before the transaction: that it was refused must stay in the log
    with transaction.atomic():
        count = erase_from_case(
            case, contents=private_contents(case), reason=reason, by=by, now=now
        )
        _end(case, now=now)
        about = {"contents": count}
        log_on_case(case, "hand_over.erase", actor=actor_of(by), now=now, data=about)
    return count


def forget_private(*, now: datetime) -> int:
    """The job of the clock: erase what is kept longer than promised; says of how many cases."""
    due = HandOver.objects.filter(
        ended_at__isnull=True,
        case__closed_at__lte=now - KEPT_FOR,
        case__merged_into__isnull=True,
    )
    held = LegalHold.objects.filter(lifted_at__isnull=True)
    due = due.exclude(case__in=held.values("case")).order_by("case")
    done = 0
    for case in Case.objects.filter(pk__in=set(due.values_list("case", flat=True)[:BATCH])):
        with transaction.atomic():
            count = erase_by_clock(case, contents=private_contents(case), reason=TIME_OVER, now=now)
            if count is None:  # under a legal hold: asked again tomorrow
                continue
            _end(case, now=now)
            log_on_case(case, "hand_over.erase", actor=CLOCK, now=now, data={"contents": count})
        done += 1
    return done


def private_contents(case: Case) -> list[Content]:
    """Where private words and addresses lie: messages, addresses, the mails as they came."""
    messages = PrivateMessage.objects.filter(case=case)
    keys = set(messages.values_list("content_id", flat=True))
    hand_overs = HandOver.objects.filter(case=case)
    keys |= set(hand_overs.exclude(reach=None).values_list("reach_id", flat=True))
    mails = RawEvent.objects.filter(
        workspace=case.workspace_id,
        account__in=hand_overs.exclude(account=None).values("account"),
        external_id__in=messages.exclude(message_id="").values("message_id"),
    )
    keys |= set(mails.values_list("content_id", flat=True))
    return list(Content.objects.filter(pk__in=keys, redacted_at__isnull=True).order_by("pk"))


def _end(case: Case, *, now: datetime) -> None:
    """Nobody comes in by these links and addresses any more."""
    HandOver.objects.filter(case=case, ended_at__isnull=True).update(ended_at=now)
