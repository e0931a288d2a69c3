"""Whether the author agrees that the public is told how it ended in private; the last word counts.

The author of one conversation agrees to a note about that one: a merged case holds those of several.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_draft, refuse_unless
from amends.cases.family import survivor_of
from amends.cases.transitions import NotPossible, log_on_case
from amends.replies.models import ClosingConsent, ConsentWay, HandOver, Reply, ReplyPurpose
from amends.replies.receive import AUTHOR


def consent_in_force(hand_over: HandOver | None) -> ClosingConsent | None:
    """The yes of the conversation's author; None where they were not asked, or said no last."""
    last = last_consent(hand_over)
    return last if last is not None and last.is_given else None


def last_consent(hand_over: HandOver | None) -> ClosingConsent | None:
    """What was said last in or about this conversation; never what another customer of the case said.

    One that names no conversation counts where the case has no other.
    """
    if hand_over is None:
        return None
    is_theirs = Q(hand_over=hand_over)
    if only_talk_of(hand_over.case_id) == hand_over:
        is_theirs |= Q(hand_over__isnull=True, case=hand_over.case_id)
    rows = ClosingConsent.objects.filter(is_theirs).select_related("noted_by")
    return rows.order_by("-pk").first()


def note_consent(hand_over: HandOver, *, is_given: bool, how: str, by: User, now: datetime) -> None:
    """A person notes what the author said, and how they said it."""
    refuse_unless(may_draft(by, hand_over.workspace), _("write replies"))
    if how not in ConsentWay.values or how == ConsentWay.PAGE:
        raise NotPossible(_("Say how the author said so: choose one of the list."))
    _note(hand_over, is_given=is_given, how=how, by=by, now=now)


def give_consent(hand_over: HandOver, *, is_given: bool, now: datetime) -> None:
    """The author says so themselves, on their private page; they may change their mind until it is out."""
    _note(hand_over, is_given=is_given, how=ConsentWay.PAGE, by=None, now=now)


def talk_closed_by(reply: Reply) -> HandOver | None:
    """Which conversation a closing note tells the end of; of an older one, the only one of the case."""
    return reply.closes if reply.closes_id is not None else only_talk_of(reply.case_id)


def only_talk_of(case_id: int) -> HandOver | None:
    """The private conversation of a case that has one alone."""
    rows = HandOver.objects.filter(case=case_id, used_at__isnull=False)
    talks = list(rows.select_related("author").order_by("pk")[:2])
    return talks[0] if len(talks) == 1 else None


def check_consent(reply: Reply) -> None:
    """Raises NotPossible for a closing note to which the author does not agree (any more)."""
    if lacks_consent(reply):
        raise NotPossible(
            _(
                "The author does not agree that this is said in public: say why it is not told instead."
            )
        )


def lacks_consent(reply: Reply) -> bool:
    is_closing = reply.purpose == ReplyPurpose.CLOSING
    return is_closing and consent_in_force(talk_closed_by(reply)) is None


def _note(hand_over: HandOver, *, is_given: bool, how: str, by: User | None, now: datetime) -> None:
    case = survivor_of(hand_over.case)
    with transaction.atomic():
        ClosingConsent.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            hand_over=hand_over,
            is_given=is_given,
            how=how,
            noted_by=by,
            noted_at=now,
        )
        about = {"hand_over": hand_over.pk, "is_given": is_given, "how": how}
        actor = actor_of(by) if by is not None else AUTHOR
        log_on_case(case, "hand_over.consent", actor=actor, now=now, data=about)
