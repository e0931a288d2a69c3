"""Legal hold (K24): what the law may ask for is kept, whatever retention or an author's request would do."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_answer_for_hold, may_hold_legally, refuse_unless
from amends.cases.family import family_of
from amends.cases.models import Case, LegalHold
from amends.cases.transitions import NotPossible, log_on_case

MAX_REASON = 2_000


def place_legal_hold(
    case: Case, *, reason: str, counsel: User, review_on: date, by: User, now: datetime
) -> LegalHold:
    """Keep a case from erasure until it is lifted; one hold each.

    Raises NotPossible without a reason, for a review that is not ahead, for somebody who cannot answer
    for it, and where a hold stands.
    """
    refuse_unless(may_hold_legally(by, case.workspace), _("place a legal hold"))
    if not reason.strip():
        raise NotPossible(_("Say what it is kept for: the reason stands in the record."))
    if review_on <= now.date():
        raise NotPossible(_("Name a day ahead on which somebody looks at the hold again."))
    if not may_answer_for_hold(counsel, case.workspace):
        raise NotPossible(_("%(name)s cannot answer for a legal hold here.") % {"name": counsel})
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(
                workspace_id=case.workspace_id,
                case=case,
                reason=reason.strip()[:MAX_REASON],
                counsel=counsel,
                review_on=review_on,
                placed_by=by,
                placed_at=now,
            )
            about = {"hold": hold.pk, "counsel": str(counsel.pk), "review": review_on.isoformat()}
            log_on_case(case, "legal_hold.place", actor=actor_of(by), now=now, data=about)
    except IntegrityError:
        raise NotPossible(_("A legal hold stands on this case already.")) from None
    return hold


def lift_legal_hold(hold: LegalHold, *, reason: str, by: User, now: datetime) -> None:
    """End a hold, with a reason. Raises NotPossible without one, and the second time."""
    refuse_unless(may_hold_legally(by, hold.case.workspace), _("lift a legal hold"))
    if not reason.strip():
        raise NotPossible(_("Say why it need not be kept any longer."))
    values = {"lifted_by": by, "lifted_at": now, "lifted_because": reason.strip()[:MAX_REASON]}
    with transaction.atomic():
        if not LegalHold.objects.filter(pk=hold.pk, lifted_at__isnull=True).update(**values):
            raise NotPossible(_("This hold was lifted before."))
        about = {"hold": hold.pk}
        log_on_case(hold.case, "legal_hold.lift", actor=actor_of(by), now=now, data=about)


def legal_hold_on(case: Case) -> LegalHold | None:
    """The hold that stands on a case or on what was merged into it; past its review it still stands."""
    held = LegalHold.objects.filter(case__in=family_of(case), lifted_at__isnull=True)
    return held.select_related("counsel", "placed_by", "case__workspace").order_by("pk").first()


def is_under_legal_hold(case: Case) -> bool:
    """Whether nothing of a case may be erased; retention asks this before anything else."""
    return LegalHold.objects.filter(case__in=family_of(case), lifted_at__isnull=True).exists()
