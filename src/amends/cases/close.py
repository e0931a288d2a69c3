"""Closes a case with a reason, and opens it again: nothing is closed silently (K41)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_close, refuse_unless
from amends.cases.models import Case, CaseStatus
from amends.cases.transitions import NotPossible, move_case


def close_case(case: Case, *, status: str, reason: str, by: User, now: datetime) -> None:
    """Resolve a case or decide to do nothing; the reason is part of the record."""
    refuse_unless(may_close(by, case.workspace), _("close cases"))
    if status not in {CaseStatus.RESOLVED, CaseStatus.NO_ACTION}:
        raise NotPossible(_("A case is closed as resolved or with no action."))
    if not reason.strip():
        raise NotPossible(_("Say why: a case is never closed without a reason."))
    with transaction.atomic():
        move_case(case, to=status, actor=actor_of(by), now=now, reason=reason.strip())
        Case.objects.filter(pk=case.pk).update(next_step="", due_at=None)


def reopen_case(case: Case, *, by: User, now: datetime) -> None:
    """Take a closed case up again; reopenings are counted."""
    refuse_unless(may_close(by, case.workspace), _("reopen cases"))
    with transaction.atomic():
        move_case(case, to=CaseStatus.NEW, actor=actor_of(by), now=now)
        Case.objects.filter(pk=case.pk).update(next_step="decide_again", due_at=now)
