"""Takes a case by one click: from the queue, or from a colleague, who is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import NotificationKind, User
from amends.accounts.permissions import may_assign, may_draft, may_see_lane, refuse_unless
from amends.cases.models import OPEN_STATUSES, Case
from amends.cases.tell import tell
from amends.cases.transitions import NotPossible, log_on_case


def take_over(case: Case, *, holder: int | None, by: User, now: datetime) -> None:
    """Make the case the person's own; `holder` is who had it on the page they clicked on (None: nobody).

    The draft that the holder began stays with the case. Raises NotAllowed, and NotPossible when somebody
    else has it by now or it is closed: two who click at once are told who was first.
    """
    refuse_unless(may_assign(by, case.workspace), _("take cases"))
    if not (may_draft(by, case.workspace) and may_see_lane(by, case.workspace, case.lane)):
        raise NotPossible(_("%(name)s cannot work on this case.") % {"name": by})
    if holder == by.pk:
        return
    before = User.objects.filter(pk=holder).first() if holder else None
    with transaction.atomic():
        free = Case.objects.filter(pk=case.pk, assignee=holder, status__in=OPEN_STATUSES)
        if not free.update(assignee=by):
            _refuse(case, by=by)
            return
        case.assignee = by
        about = {"to": str(by.pk), "name": str(by), "from": str(holder) if holder else None}
        log_on_case(case, "case.assign", actor=actor_of(by), now=now, data=about)
        if before is not None:
            tell(
                before,
                case=case,
                kind=NotificationKind.ASSIGNMENT,
                now=now,
                key=f"taken:{case.pk}:{now.isoformat()}",
                facts={"by": str(by), "what": "taken"},
            )


def _refuse(case: Case, *, by: User) -> None:
    """Say why it could not be taken; a second click of the same person is none of that."""
    case.refresh_from_db(fields=["assignee", "status"])
    if case.status not in OPEN_STATUSES:
        raise NotPossible(_("The case was closed in the meantime."))
    if case.assignee_id == by.pk:
        return
    if case.assignee is None:
        raise NotPossible(_("The case was put back into the queue in the meantime."))
    raise NotPossible(_("%(name)s took the case in the meantime.") % {"name": case.assignee})
