"""Carries a measure out: the only module that issues a MeasureGrant, and only after the guard's checks.

    ready ──(mark before the call)──▶ acting ──▶ done | failed | unknown

As with replies, the mark and the result are two short transactions with the call between them. A crash in
between leaves `acting`; the next run looks on the channel whether the measure stands, and does it again only
where the channel promises that this changes nothing. What it rests on is read anew from the rows, whoever
wrote them: clause, words, evidence, log entry, permissions, second person.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from amends.cases.transitions import log_on_case
from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.events import MeasureDone
from amends.connectors.kit.grant import GrantFor, MeasureGrant, Mint, claim_mint
from amends.connectors.kit.manifest import Action, Mode
from amends.connectors.kit.protocol import Channel
from amends.core.clock import Clock
from amends.inbox.channels import manifest_of, open_account, sealed_session
from amends.inbox.models import AccountStatus, ChannelAccount
from amends.inbox.recheck import capture_now
from amends.measures.finish import mark_done
from amends.measures.guard import ACTIONS
from amends.measures.hand_over import hand_to_counsel, see_whether_warned
from amends.measures.ladder import REMOVALS
from amends.measures.models import Measure, MeasureKind, MeasureStatus
from amends.measures.propose import ACT
from amends.measures.refusals import Refused
from amends.measures.standing import standing_objections
from amends.measures.undo import undo_target
from amends.record.log import WORKER
from amends.work.claim import Claim, LeaseLost, back_off, finish, park, put_off

GRANT_FOR = timedelta(minutes=2)
LOOK_UPS = 5
WHILE_PAUSED = timedelta(seconds=30)


def act_measure(claim: Claim[Measure], *, clock: Clock) -> None:
    """Bring one measure a step further; every way out leaves a state that a person can read."""
    measure = claim.row
    if measure.kind in {MeasureKind.WARN, MeasureKind.LEGAL}:
        _act_at_the_desk(claim, clock=clock)
    elif measure.account.status == AccountStatus.PAUSED:
        put_off(claim, until=clock.now() + WHILE_PAUSED, error="the channel is paused")
    else:
        _act_on_channel(claim, clock=clock)


def _act_at_the_desk(claim: Claim[Measure], *, clock: Clock) -> None:
    """A warning and handing to counsel reach no channel: checks and effect are one transaction."""
    measure = claim.row
    now = clock.now()
    with transaction.atomic():
        codes = standing_objections(measure, now=now)
        if measure.status not in {MeasureStatus.READY, MeasureStatus.ACTING}:
            codes = (*codes, "not_in_the_log")
        if codes:
            finish(claim)
            _refuse(measure, codes=codes, now=now)
        elif measure.kind == MeasureKind.WARN:
            see_whether_warned(claim, now=now)
        else:
            hand_to_counsel(claim, now=now)


def _grants_only_after_checks(mint: Mint) -> Callable[..., MeasureGrant]:
    """Keep the mint behind the guard: nothing in this module can reach it without these checks."""

    def grant_for(measure: Measure, *, now: datetime) -> MeasureGrant:
        """A grant for a measure that is being carried out; raises Refused for any other one."""
        row = Measure.objects.select_related("case", "comment__thread", "author").get(pk=measure.pk)
        codes = standing_objections(row, now=now)
        if row.status != MeasureStatus.ACTING or row.kind not in ACTIONS:
            codes = (*codes, "not_in_the_log")
        if codes:
            raise Refused(codes)
        return mint(
            GrantFor(
                action=ACTIONS[MeasureKind(row.kind)],
                account_external_id=row.account.external_id,
                external_id=row.comment.external_id,
                version_key=row.version.key.partition("#")[0],
                thread_external_id=row.comment.thread.root_external_id,
                author_external_id=row.author.external_id,
                ground=row.ground,
                until=row.until,
                key=row.key,
                expires_at=now + GRANT_FOR,
            )
        )

    return grant_for


grant_for = _grants_only_after_checks(claim_mint())


def _act_on_channel(claim: Claim[Measure], *, clock: Clock) -> None:
    measure = claim.row
    was_on_the_wire = measure.status in {MeasureStatus.ACTING, MeasureStatus.UNKNOWN}
    try:
        channel = open_account(measure.account, clock=clock)
        if was_on_the_wire:
            done = _look_up(claim, channel=channel, clock=clock)
        else:
            done = _do(claim, channel=channel, clock=clock)
        _keep_session(measure, channel=channel)
    except ChannelError as error:
        is_open = error.maybe_done and measure.status == MeasureStatus.ACTING
        if was_on_the_wire or is_open:
            _mark_unknown(claim, error=error, clock=clock)
        else:
            _note_refusal(claim, error=error, clock=clock)
        return
    if done is not None:
        with transaction.atomic():
            finish(claim)
            mark_done(measure, reference=done.reference, actor=WORKER, now=clock.now())


def _do(claim: Claim[Measure], *, channel: Channel, clock: Clock) -> MeasureDone | None:
    """Look at the comment once more, mark, act; None when something stood against it."""
    measure = claim.row
    if measure.kind in REMOVALS and manifest_of(measure.account).can(Action.REFETCH):
        event = channel.refetch(measure.comment.external_id)  # type: ignore[attr-defined]
        with transaction.atomic():
            capture_now(event, comment=measure.comment, clock=clock)
    if not _mark_acting(claim, clock=clock):
        return None
    grant = grant_for(measure, now=clock.now())
    done: MeasureDone = getattr(channel, grant.action.value)(grant)
    return done


def _mark_acting(claim: Claim[Measure], *, clock: Clock) -> bool:
    """Ask the guard once more and mark the row, in one transaction; False when it refuses."""
    measure = claim.row
    now = clock.now()
    with transaction.atomic():
        row = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
        codes = standing_objections(row, now=now)
        if codes:
            finish(claim)
            _refuse(measure, codes=codes, now=now)
            return False
        marked = Measure.objects.filter(
            pk=measure.pk, lease_token=claim.token, status=MeasureStatus.READY
        ).update(status=MeasureStatus.ACTING, acting_at=now)
        if not marked:
            raise LeaseLost(f"{measure} was stopped or taken over")
    measure.status = MeasureStatus.ACTING
    return True


def _refuse(measure: Measure, *, codes: tuple[str, ...], now: datetime) -> None:
    """What does not hold any more is not done, and the log says why; in the caller's transaction."""
    Measure.objects.filter(pk=measure.pk).update(
        status=MeasureStatus.FAILED, error_code=codes[0][:32]
    )
    log_on_case(
        measure.case,
        "measure.refused",
        actor=WORKER,
        now=now,
        data={
            "measure": measure.pk,
            "kind": measure.kind,
            "clause": measure.clause,
            "codes": list(codes),
            "channel": measure.account.kind,
            "language": measure.language,
        },
    )


def _look_up(claim: Claim[Measure], *, channel: Channel, clock: Clock) -> MeasureDone | None:
    """After a crash or a time-out: does it stand? Done again only where that is harmless."""
    measure = claim.row
    manifest = manifest_of(measure.account)
    action = ACTIONS[MeasureKind(measure.kind)]
    if not manifest.can(Action.FIND_MEASURE, mode=Mode.API):
        raise ChannelError("the channel cannot be asked", permanent=True, code="cannot_tell")
    found: MeasureDone | None = channel.find_measure(action, undo_target(measure))  # type: ignore[attr-defined]
    if found is not None:
        return found
    if not manifest.capabilities[action].idempotent:
        raise ChannelError("the channel does not show it", code="cannot_tell")
    with transaction.atomic():
        Measure.objects.filter(pk=measure.pk, lease_token=claim.token).update(
            status=MeasureStatus.READY
        )
        finish(claim, next_step=ACT, due_at=clock.now())
    return None


def _note_refusal(claim: Claim[Measure], *, error: ChannelError, clock: Clock) -> None:
    """The channel did nothing, and we know it: give up for good, or try later with all checks."""
    measure = claim.row
    now = clock.now()
    with transaction.atomic():
        rows = Measure.objects.filter(pk=measure.pk, lease_token=claim.token)
        if error.permanent:
            rows.update(status=MeasureStatus.FAILED, error_code=error.code)
            park(claim, error=str(error))
            data = {"measure": measure.pk, "kind": measure.kind, "code": error.code}
            log_on_case(measure.case, "measure.fail", actor=WORKER, now=now, data=data)
        else:
            rows.update(status=MeasureStatus.READY, error_code=error.code)
            pause = error.retry_after or back_off(measure.attempts)
            put_off(claim, until=now + pause, error=str(error))


def _mark_unknown(claim: Claim[Measure], *, error: ChannelError, clock: Clock) -> None:
    """It may stand or not: looked up a few times more, then a person settles it."""
    measure = claim.row
    now = clock.now()
    with transaction.atomic():
        marked = Measure.objects.filter(
            pk=measure.pk, status__in=[MeasureStatus.ACTING, MeasureStatus.UNKNOWN]
        ).update(status=MeasureStatus.UNKNOWN, error_code=error.code)
        if not marked:
            raise LeaseLost(f"{measure} was settled by a person")
        if measure.status != MeasureStatus.UNKNOWN:
            data = {"measure": measure.pk, "kind": measure.kind, "code": error.code}
            log_on_case(measure.case, "measure.unknown", actor=WORKER, now=now, data=data)
        if (error.permanent and error.code == "cannot_tell") or measure.attempts >= LOOK_UPS:
            park(claim, error=str(error))
        elif measure.status != MeasureStatus.UNKNOWN:
            put_off(claim, until=now + back_off(1), error=str(error), attempts=0)
        else:
            put_off(claim, until=now + back_off(measure.attempts), error=str(error))


def _keep_session(measure: Measure, *, channel: Channel) -> None:
    session = sealed_session(channel)
    if session:
        ChannelAccount.objects.filter(pk=measure.account_id).update(sealed_session=session)
