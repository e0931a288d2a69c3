"""Takes a measure back: because its time is over, an appeal was upheld, or somebody did not agree.

    done ──▶ undoing ──▶ undone

The channel is asked where it can; else a person does it there and says so. Taking back is never refused by
the guard, and doing it twice is harmless.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_confirm_measure, may_see_lane, refuse_unless
from amends.cases.ask_anew import ask_playbook_anew
from amends.cases.transitions import NotPossible, log_on_case
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import MeasureTarget
from amends.connectors.kit.manifest import Action, Mode
from amends.core.clock import Clock
from amends.inbox.channels import manifest_of, open_account, sealed_session
from amends.inbox.models import ChannelAccount
from amends.measures.models import Measure, MeasureKind, MeasureMode, MeasureStatus, UndoReason
from amends.record.log import WORKER, Actor
from amends.work.claim import Claim, back_off, finish, park, put_off

UNDO = "undo_measure"
UNDOES = {
    MeasureKind.HIDE: Action.UNHIDE,
    MeasureKind.DELETE: Action.RESTORE,
    MeasureKind.TEMPORARY_BAN: Action.UNBAN,
    MeasureKind.BAN: Action.UNBAN,
    MeasureKind.BLOCK: Action.UNBLOCK,
}


def take_back(measure: Measure, *, reason: str, by: User, now: datetime) -> None:
    """A person says that it was a mistake; the strike goes with it."""
    refuse_unless(may_confirm_measure(by, measure.workspace), _("take measures back"))
    refuse_unless(may_see_lane(by, measure.workspace, measure.case.lane), _("take measures back"))
    if not reason.strip():
        raise NotPossible(_("Say why it is taken back."))
    with transaction.atomic():
        data = {"measure": measure.pk, "reason": reason.strip()[:500]}
        log_on_case(measure.case, "measure.take_back", actor=actor_of(by), now=now, data=data)
        begin_undo(measure, because=UndoReason.MISTAKE, actor=actor_of(by), now=now)


def begin_undo(measure: Measure, *, because: UndoReason, actor: Actor, now: datetime) -> None:
    """Begin it in the caller's transaction; raises NotPossible for what does not stand."""
    is_on_channel = measure.kind in UNDOES
    is_api = is_on_channel and _by_api(measure)
    changed = Measure.objects.filter(pk=measure.pk, status=MeasureStatus.DONE).update(
        status=MeasureStatus.UNDOING,
        undone_because=because,
        next_step=UNDO if is_api else "",
        due_at=now if is_api else None,
        lease_token="",
        leased_until=None,
        attempts=0,
    )
    if not changed:
        raise NotPossible(_("This measure does not stand: there is nothing to take back."))
    measure.status, measure.undone_because = MeasureStatus.UNDOING, because
    if because != UndoReason.EXPIRED:
        ask_playbook_anew(measure.author, now=now)  # the strike is gone: nothing may rest on it
    if not is_on_channel:
        mark_undone(measure, actor=actor, now=now)


def undo_measure(claim: Claim[Measure], *, clock: Clock) -> None:
    """The step: ask the channel to take it back; again and again until it answers."""
    measure = claim.row
    if measure.status != MeasureStatus.UNDOING:
        finish(claim)
        return
    try:
        channel = open_account(measure.account, clock=clock)
        getattr(channel, UNDOES[MeasureKind(measure.kind)].value)(undo_target(measure))
        session = sealed_session(channel)
    except ChannelError as error:
        if error.permanent:
            park(claim, error=str(error))
        else:
            pause = error.retry_after or back_off(measure.attempts)
            put_off(claim, until=clock.now() + pause, error=str(error))
        return
    with transaction.atomic():
        finish(claim)
        mark_undone(measure, actor=WORKER, now=clock.now())
        if session:
            ChannelAccount.objects.filter(pk=measure.account_id).update(sealed_session=session)


def confirm_undone(measure: Measure, *, by: User, now: datetime) -> None:
    """A person took it back on the channel by hand."""
    refuse_unless(may_confirm_measure(by, measure.workspace), _("take measures back"))
    with transaction.atomic():
        mark_undone(measure, actor=actor_of(by), now=now)


def mark_undone(measure: Measure, *, actor: Actor, now: datetime) -> None:
    """Write that it stands no more; in the caller's transaction."""
    changed = Measure.objects.filter(pk=measure.pk, status=MeasureStatus.UNDOING).update(
        status=MeasureStatus.UNDONE, undone_at=now, next_step="", due_at=None
    )
    if not changed:
        raise NotPossible(_("This measure is not being taken back."))
    measure.status, measure.undone_at = MeasureStatus.UNDONE, now
    data = {
        "measure": measure.pk,
        "kind": measure.kind,
        "because": measure.undone_because,
        "channel": measure.account.kind,
    }
    log_on_case(measure.case, "measure.undo", actor=actor, now=now, data=data)


def undo_target(measure: Measure) -> MeasureTarget:
    """To what it was done, for looking it up and for undoing it."""
    return MeasureTarget(
        external_id=measure.comment.external_id,
        author_external_id=measure.author.external_id,
        thread_external_id=measure.comment.thread.root_external_id,
        key=measure.key,
        reference=measure.reference,
    )


def _by_api(measure: Measure) -> bool:
    action = UNDOES[MeasureKind(measure.kind)]
    can = manifest_of(measure.account).can(action, mode=Mode.API)
    return can and measure.mode == MeasureMode.API
