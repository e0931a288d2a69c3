"""Keeps a case for the law, and lets it go again (K24): counsel says until when it is looked at again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_decide_appeal, refuse_unless
from amends.cases.models import Case
from amends.cases.transitions import NotPossible, log_on_case
from amends.measures.models import LegalHold


def is_kept(case: Case) -> bool:
    """Whether nothing of this case may be erased by retention."""
    return LegalHold.objects.filter(case=case, released_at__isnull=True).exists()


def cases_kept() -> set[int]:
    """The cases that a retention job leaves alone, by key."""
    return set(LegalHold.objects.filter(released_at__isnull=True).values_list("case_id", flat=True))


def review_hold(hold: LegalHold, *, until: datetime, by: User, now: datetime) -> None:
    """Keep it further, and look again at `until`."""
    refuse_unless(may_decide_appeal(by, hold.workspace), _("review legal holds"))
    if until <= now:
        raise NotPossible(_("The next review must lie in the future."))
    with transaction.atomic():
        rows = LegalHold.objects.filter(pk=hold.pk, released_at__isnull=True)
        if not rows.update(review_at=until):
            raise NotPossible(_("This hold was released already."))
        data = {"legal_hold": hold.pk, "review_at": until.isoformat()}
        log_on_case(hold.case, "legal_hold.review", actor=actor_of(by), now=now, data=data)


def release_hold(hold: LegalHold, *, reason: str, by: User, now: datetime) -> None:
    """Let it go, with a reason; the lane of the case stays as it is."""
    refuse_unless(may_decide_appeal(by, hold.workspace), _("release legal holds"))
    if not reason.strip():
        raise NotPossible(_("Say why nothing has to be kept any more."))
    with transaction.atomic():
        rows = LegalHold.objects.filter(pk=hold.pk, released_at__isnull=True)
        if not rows.update(released_at=now, released_by=by, released_because=reason.strip()[:500]):
            raise NotPossible(_("This hold was released already."))
        data = {"legal_hold": hold.pk, "reason": reason.strip()[:500]}
        log_on_case(hold.case, "legal_hold.release", actor=actor_of(by), now=now, data=data)
