"""Whether the author agrees that the public is told how it ended in private; the last word counts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_draft, refuse_unless
from amends.cases.models import Case
from amends.cases.transitions import NotPossible, log_on_case
from amends.replies.models import ClosingConsent, ConsentWay, HandOver, Reply, ReplyPurpose
from amends.replies.receive import AUTHOR


def consent_in_force(case: Case) -> ClosingConsent | None:
    """The author's yes; None where they were not asked, or said no last."""
    last = last_consent(case)
    return last if last is not None and last.is_given else None


def last_consent(case: Case) -> ClosingConsent | None:
    rows = ClosingConsent.objects.filter(case=case).select_related("noted_by")
    return rows.order_by("-pk").first()


def note_consent(case: Case, *, is_given: bool, how: str, by: User, now: datetime) -> None:
    """A person notes what the author said, and how they said it."""
    refuse_unless(may_draft(by, case.workspace), _("write replies"))
    if how not in ConsentWay.values or how == ConsentWay.PAGE:
        raise NotPossible(_("Say how the author said so: choose one of the list."))
    with transaction.atomic():
        ClosingConsent.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            is_given=is_given,
            how=how,
            noted_by=by,
            noted_at=now,
        )
        about = {"is_given": is_given, "how": how}
        log_on_case(case, "hand_over.consent", actor=actor_of(by), now=now, data=about)


def give_consent(hand_over: HandOver, *, is_given: bool, now: datetime) -> None:
    """The author says so themselves, on their private page; they may change their mind until it is out."""
    case = hand_over.case
    with transaction.atomic():
        ClosingConsent.objects.create(
            workspace_id=case.workspace_id,
            case=case,
            is_given=is_given,
            how=ConsentWay.PAGE,
            noted_at=now,
        )
        about = {"is_given": is_given, "how": ConsentWay.PAGE}
        log_on_case(case, "hand_over.consent", actor=AUTHOR, now=now, data=about)


def check_consent(reply: Reply) -> None:
    """Raises NotPossible for a closing note to which the author does not agree (any more)."""
    if lacks_consent(reply):
        raise NotPossible(
            _(
                "The author does not agree that this is said in public: say why it is not told instead."
            )
        )


def lacks_consent(reply: Reply) -> bool:
    return reply.purpose == ReplyPurpose.CLOSING and consent_in_force(reply.case) is None
