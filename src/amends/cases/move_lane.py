"""Moves cases between the open lane and the restricted ones, and takes them from whom they do not concern.

Into a lane everybody who works here may move a case (hiding too much harms nobody); out of it only a
confidant, with a reason. Domain 3.5: G1, G4, G6.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Notification, User
from amends.accounts.permissions import (
    may_leave_lane,
    may_move_lane,
    may_see_lane,
    refuse_unless,
)
from amends.cases.family import survivor_of
from amends.cases.models import Case, Lane
from amends.cases.transitions import NotPossible, log_on_case
from amends.core.playbook.terms import AuthorType
from amends.core.vocabulary import Category, Flag, PolicyGround
from amends.record.log import Actor

MAX_REASON = 500
CLOSED_TO_OTHERS = frozenset({PolicyGround.THREAT, PolicyGround.DOXXING})


def lane_for(
    *, category: str, policy_ground: str, flags: Collection[str], author_type: str = ""
) -> Lane:
    """The lane that a triage asks for; the one that protects most where several do.

    A product that is dangerous (`safety`) stays open: many people must see it at once.
    """
    if Flag.MINOR in flags or author_type == AuthorType.MINOR_SUSPECTED:
        return Lane.MINOR
    if policy_ground in CLOSED_TO_OTHERS or Flag.SELF_HARM in flags:
        return Lane.THREAT
    if Flag.LEGAL_THREAT in flags:
        return Lane.LEGAL
    return Lane.EMPLOYEE if category == Category.EMPLOYEE else Lane.OPEN


def move_lane(case: Case, *, to: str, reason: str, by: User, now: datetime) -> None:
    """Move a case by hand. Raises NotAllowed, and NotPossible for no lane or a way out without a reason."""
    refuse_unless(may_move_lane(by, case.workspace), _("move cases between lanes"))
    case = survivor_of(case)  # what was merged into it goes along
    refuse_unless(may_see_lane(by, case.workspace, case.lane), _("see this case"))
    if to not in set(Lane.values):
        raise NotPossible(_("There is no such lane."))
    reason = reason.strip()[:MAX_REASON]
    if to == Lane.OPEN and case.lane != Lane.OPEN:
        refuse_unless(may_leave_lane(by, case.workspace), _("take cases out of a restricted lane"))
        if not reason:
            raise NotPossible(_("Say why everybody here may see this case from now on."))
    with transaction.atomic():
        put_into_lane(case, lane=Lane(to), how="hand", reason=reason, actor=actor_of(by), now=now)


def follow_triage(case: Case, *, lane: Lane, by: User, now: datetime) -> None:
    """A triage moves a case into a restricted lane, never out of one; in the caller's transaction."""
    if case.lane == Lane.OPEN and lane != Lane.OPEN:
        put_into_lane(case, lane=lane, how="triage", reason="", actor=actor_of(by), now=now)


def put_into_lane(
    case: Case, *, lane: Lane, how: str, reason: str, actor: Actor, now: datetime
) -> None:
    """The move itself, logged; in the caller's transaction. Who may not see the case loses it.

    What was merged into the case goes along: its first words stand on its own page.
    """
    before = case.lane
    if lane == before:
        return
    values = {"lane": lane, "lane_changed_at": now, "changed_at": now}
    if not Case.objects.filter(pk=case.pk, lane=before).update(**values):
        raise NotPossible(
            _("Somebody else changed %(case)s in the meantime: look at it again.")
            % {"case": case.public_id}
        )
    case.lane = lane
    log_on_case(
        case,
        "case.lane",
        actor=actor,
        now=now,
        data={"from": before, "to": lane.value, "how": how, "reason": reason},
    )
    _take_from_who_may_not_see(case, actor=actor, now=now)
    for ended in Case.objects.filter(merged_into=case).select_related("assignee", "workspace"):
        put_into_lane(ended, lane=lane, how="merge", reason="", actor=actor, now=now)


def _take_from_who_may_not_see(case: Case, *, actor: Actor, now: datetime) -> None:
    """No longer assigned, and no notice left that names the case; the person is told nothing of it."""
    had = case.assignee
    if had is not None and not may_see_lane(had, case.workspace, case.lane):
        Case.objects.filter(pk=case.pk, assignee=had).update(assignee=None)
        case.assignee = None
        log_on_case(
            case,
            "case.return",
            actor=actor,
            now=now,
            data={"from": str(had.pk), "name": str(had), "why": "lane"},
        )
    told = Notification.objects.filter(
        workspace_id=case.workspace_id, subject_kind="case", subject_id=case.public_id
    ).select_related("user")
    for notice in told:
        if not may_see_lane(notice.user, case.workspace, case.lane):
            notice.delete()
