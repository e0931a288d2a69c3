"""The second person: agrees, or does not; and whether the level that a measure needs is met (3.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Membership, Role, User, Workspace
from amends.accounts.permissions import may_confirm_measure, may_see_lane, refuse_unless, role_of
from amends.accounts.second_person import is_solo
from amends.cases.transitions import NotPossible, log_on_case
from amends.core.vocabulary import ApprovalLevel
from amends.measures.ladder import REVIEW_WITHIN
from amends.measures.models import (
    Confirmation,
    Measure,
    MeasureMode,
    MeasureStatus,
    Tier,
    UndoReason,
)
from amends.measures.propose import next_work
from amends.measures.undo import begin_undo

_LEADERS = frozenset({Role.OWNER, Role.LEAD})


def confirm_measure(
    measure: Measure, *, by: User, now: datetime, criticism_apart: bool = False
) -> Confirmation:
    """Agree to a measure, before it is done or within 24 hours after.

    `criticism_apart`: "the marked words are the matter, not the criticism beside them"; needed where there is
    criticism. Raises NotPossible for who asked for it, for a second time, and where it waits for nobody.
    """
    refuse_unless(may_confirm_measure(by, measure.workspace), _("confirm measures"))
    refuse_unless(may_see_lane(by, measure.workspace, measure.case.lane), _("confirm measures"))
    if not waits_for_second(measure):
        raise NotPossible(_("This measure does not wait for a second person."))
    if measure.is_criticism and measure.tier != Tier.A and not criticism_apart:
        raise NotPossible(
            _("There is criticism in it: say that the marked words are the matter, or decline.")
        )
    is_alone = _check_other_person(measure, by=by, now=now)
    try:
        with transaction.atomic():
            # Held until both rows are written, so that of two who agree at once the later sees the other.
            Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
            confirmation: Confirmation = Confirmation.objects.create(
                measure=measure,
                by=by,
                at=now,
                is_solo=is_alone,
                criticism_apart=criticism_apart,
            )
            data = {"measure": measure.pk, "is_solo": is_alone, "criticism_apart": criticism_apart}
            log_on_case(measure.case, "measure.confirm", actor=actor_of(by), now=now, data=data)
            _go_on(measure, now=now)
    except IntegrityError:
        raise NotPossible(_("You have agreed to this already.")) from None
    return confirmation


def decline_measure(measure: Measure, *, reason: str, by: User, now: datetime) -> None:
    """Do not agree: what waits is not done, what was done at once is undone."""
    refuse_unless(may_confirm_measure(by, measure.workspace), _("confirm measures"))
    refuse_unless(may_see_lane(by, measure.workspace, measure.case.lane), _("confirm measures"))
    if not reason.strip():
        raise NotPossible(_("Say why: the colleague who asked for it cannot guess it."))
    if not waits_for_second(measure):
        raise NotPossible(_("This measure does not wait for a second person."))
    with transaction.atomic():
        data = {"measure": measure.pk, "reason": reason.strip()[:500]}
        log_on_case(measure.case, "measure.decline", actor=actor_of(by), now=now, data=data)
        if measure.status == MeasureStatus.DONE:
            begin_undo(measure, because=UndoReason.NOT_CONFIRMED, actor=actor_of(by), now=now)
            return
        changed = Measure.objects.filter(
            pk=measure.pk, status__in=[MeasureStatus.WAITING, MeasureStatus.READY]
        ).update(status=MeasureStatus.DECLINED, next_step="", due_at=None, lease_token="")
        if not changed:
            raise NotPossible(_("Somebody else changed this measure in the meantime."))
        measure.status = MeasureStatus.DECLINED


def waits_for_second(measure: Measure) -> bool:
    """Whether somebody must still agree: before it is done, or afterwards."""
    if measure.level == ApprovalLevel.A0 or is_level_met(measure):
        return False
    before = {MeasureStatus.WAITING}
    after = {
        MeasureStatus.READY,
        MeasureStatus.ACTING,
        MeasureStatus.DONE,
        MeasureStatus.UNKNOWN,
    }
    return measure.status in (before if measure.is_confirmed_before else after)


def confirm_by(measure: Measure) -> datetime:
    """Until when the second person is due after an act that could not wait."""
    return measure.acted_at + REVIEW_WITHIN


def is_level_met(
    measure: Measure, *, level: str | None = None, is_criticism: bool | None = None
) -> bool:
    """Whether those who agreed are enough: another person; for A2 a lead; for A3 a lead and counsel.

    Counsel is asked for where the workspace has one. Whoever may no longer confirm does not count. `level`
    and `is_criticism` are what the matter asks for by now, where that is more than when it was proposed.
    """
    needed = level or measure.level
    if needed == ApprovalLevel.A0:
        return True
    workspace = measure.workspace
    is_apart = (measure.is_criticism if is_criticism is None else is_criticism) and (
        measure.tier != Tier.A
    )
    rows = [
        row
        for row in measure.confirmations.select_related("by")
        if may_confirm_measure(row.by, workspace) and (row.criticism_apart or not is_apart)
    ]
    if any(row.is_solo for row in rows) and is_solo(workspace):
        return True
    others = {role_of(row.by, workspace) for row in rows if row.by_id != measure.acted_by_id}
    if not others or needed == ApprovalLevel.A1:
        return bool(others)
    if needed == ApprovalLevel.A2:
        return bool(others & _LEADERS)
    everybody = others | {role_of(measure.acted_by, workspace)}
    has_counsel = Role.COUNSEL in others or not _has_counsel(workspace)
    return bool(everybody & _LEADERS) and has_counsel


def _has_counsel(workspace: Workspace) -> bool:
    return Membership.objects.filter(
        workspace=workspace, role=Role.COUNSEL, is_active=True, user__is_active=True
    ).exists()


def _check_other_person(measure: Measure, *, by: User, now: datetime) -> bool:
    """True when one person alone looks a second time; raises NotPossible where that may not be."""
    if by.pk != measure.acted_by_id:
        return False
    if not is_solo(measure.workspace):
        raise NotPossible(_("You asked for this measure: somebody else must agree."))
    until = measure.acted_at + timedelta(minutes=measure.workspace.solo_pause_minutes)
    if now < until:
        raise NotPossible(
            _("You are alone here: look at it once more after %(until)s, then confirm.")
            % {"until": f"{until:%H:%M} UTC"}
        )
    return True


def _go_on(measure: Measure, *, now: datetime) -> None:
    """Let a measure that waited be carried out, once everybody whom it needs has agreed."""
    if measure.status != MeasureStatus.WAITING or not is_level_met(measure):
        return
    is_assisted = measure.mode == MeasureMode.ASSISTED
    work = next_work(MeasureStatus.READY, is_assisted=is_assisted, now=now)
    changed = Measure.objects.filter(pk=measure.pk, status=MeasureStatus.WAITING).update(
        status=MeasureStatus.READY, **work
    )
    if not changed:
        raise NotPossible(_("Somebody else changed this measure in the meantime."))
    measure.status = MeasureStatus.READY
