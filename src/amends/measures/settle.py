"""What a person does about a measure: carry it out by hand and say so, settle what is unknown."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_measure, may_see_lane, refuse_unless
from amends.cases.transitions import NotPossible, log_on_case
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.manifest import Action, Mode
from amends.core.clock import Clock
from amends.inbox.channels import manifest_of
from amends.inbox.queries import latest_version
from amends.inbox.recheck import recheck_comment
from amends.measures.finish import mark_done
from amends.measures.ladder import REMOVALS
from amends.measures.models import Measure, MeasureMode, MeasureStatus
from amends.measures.refusals import Refused
from amends.measures.standing import standing_objections


def confirm_by_hand(measure: Measure, *, by: User, clock: Clock) -> bool:
    """A person did on the channel what was agreed: the guard is asked as if the desk did it.

    Returns whether the desk saw the effect itself. Raises Refused or NotPossible.
    """
    refuse_unless(may_measure(by, measure.workspace), _("take measures"))
    refuse_unless(may_see_lane(by, measure.workspace, measure.case.lane), _("take measures"))
    now = clock.now()
    if measure.mode != MeasureMode.ASSISTED or measure.status != MeasureStatus.READY:
        raise NotPossible(_("This measure does not wait for a person to carry it out."))
    codes = standing_objections(measure, now=now)
    if codes:
        raise Refused(codes)
    seen = _is_seen(measure, clock=clock)
    with transaction.atomic():
        marked = Measure.objects.filter(pk=measure.pk, status=MeasureStatus.READY).update(
            status=MeasureStatus.ACTING, acting_at=now
        )
        if not marked:
            raise NotPossible(_("Somebody else changed this measure in the meantime."))
        mark_done(measure, reference="seen" if seen else "by word", actor=actor_of(by), now=now)
    return seen


def settle_measure(measure: Measure, *, stands: bool, by: User, now: datetime) -> None:
    """Say of an unknown measure whether it stands on the channel; the desk never guesses."""
    refuse_unless(may_measure(by, measure.workspace), _("take measures"))
    refuse_unless(may_see_lane(by, measure.workspace, measure.case.lane), _("take measures"))
    with transaction.atomic():
        rows = Measure.objects.filter(pk=measure.pk, status=MeasureStatus.UNKNOWN)
        work = {"next_step": "", "due_at": None, "lease_token": "", "leased_until": None}
        if stands:
            changed = rows.update(status=MeasureStatus.ACTING, **work)
        else:
            changed = rows.update(status=MeasureStatus.FAILED, error_code="not_done", **work)
        if not changed:
            raise NotPossible(_("It is known by now what became of this measure."))
        data = {"measure": measure.pk, "stands": stands}
        log_on_case(measure.case, "measure.settle", actor=actor_of(by), now=now, data=data)
        if stands:
            mark_done(measure, reference="by word", actor=actor_of(by), now=now)
        else:
            measure.status = MeasureStatus.FAILED


def _is_seen(measure: Measure, *, clock: Clock) -> bool:
    """Whether the channel shows that the comment is gone; False where it cannot be asked."""
    if measure.kind not in REMOVALS:
        return False
    if not manifest_of(measure.account).can(Action.REFETCH, mode=Mode.API):
        return False
    try:
        recheck_comment(measure.comment, clock=clock)
    except ChannelError:
        return False
    latest = latest_version(measure.comment)
    return latest is not None and latest.is_tombstone
