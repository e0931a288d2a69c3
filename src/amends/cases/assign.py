"""Gives a case to somebody, or back to the queue."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import NotificationKind, User
from amends.accounts.permissions import may_assign, may_draft, may_see_lane, refuse_unless
from amends.cases.models import Case
from amends.cases.tell import tell
from amends.cases.transitions import NotPossible
from amends.record.log import Subject, log_action


def assign_case(case: Case, *, to: User | None, by: User, now: datetime) -> None:
    """Set or clear the assignee; raises NotPossible for somebody who could not work on the case."""
    refuse_unless(may_assign(by, case.workspace), _("assign cases"))
    if to is not None and not (
        may_draft(to, case.workspace) and may_see_lane(to, case.workspace, case.lane)
    ):
        raise NotPossible(_("%(name)s cannot work on this case.") % {"name": to})
    with transaction.atomic():
        rows = Case.objects.filter(
            pk=case.pk, lane=case.lane
        )  # else who may not see it could get it
        if not rows.update(assignee=to, changed_at=now):
            raise NotPossible(
                _("Somebody else changed %(case)s in the meantime: look at it again.")
                % {"case": case.public_id}
            )
        log_action(
            "case.assign",
            workspace_id=case.workspace_id,
            actor=actor_of(by),
            subject=Subject("case", case.public_id, case.public_id),
            now=now,
            data={"to": str(to.pk) if to else None, "name": str(to) if to else None},
        )
        if to is not None and to != by:
            tell(
                to,
                case=case,
                kind=NotificationKind.ASSIGNMENT,
                now=now,
                key=f"assignment:{case.pk}:{now.isoformat()}",
                facts={"by": str(by)},
            )
    case.assignee, case.changed_at = to, now
