"""The two measures that no channel carries out: a warning, which is words, and handing to counsel (K24)."""

from __future__ import annotations

from datetime import datetime, timedelta

from amends.cases.family import survivor_of
from amends.cases.hold_legally import legal_hold_on
from amends.cases.models import Case, Hold, Lane, LegalHold
from amends.cases.move_lane import put_into_lane
from amends.cases.transitions import log_on_case
from amends.measures.finish import mark_done
from amends.measures.models import Measure, MeasureStatus, StatementOfReasons
from amends.record.log import WORKER
from amends.replies.models import ReplyStatus
from amends.work.claim import Claim, finish, put_off

LOOK_AGAIN = timedelta(minutes=1)
REVIEW_AFTER = timedelta(days=90)


def see_whether_warned(claim: Claim[Measure], *, now: datetime) -> None:
    """A warning is done when its words have reached the author, not when somebody thought of it.

    In the caller's transaction, as is the other one.
    """
    measure = claim.row
    statement = StatementOfReasons.objects.filter(measure=measure).select_related("reply").first()
    reply = statement.reply if statement is not None else None
    if reply is not None and reply.status == ReplyStatus.SENT:
        finish(claim)
        mark_done(measure, reference=f"reply {reply.pk}", actor=WORKER, now=now)
    elif reply is not None and reply.status == ReplyStatus.WITHDRAWN:
        finish(claim)
        Measure.objects.filter(pk=measure.pk).update(
            status=MeasureStatus.FAILED, error_code="withdrawn"
        )
        data = {"measure": measure.pk, "kind": measure.kind, "code": "withdrawn"}
        log_on_case(measure.case, "measure.fail", actor=WORKER, now=now, data=data)
    else:
        put_off(claim, until=now + LOOK_AGAIN, error="the warning was not sent yet", attempts=0)


def hand_to_counsel(claim: Claim[Measure], *, now: datetime) -> None:
    """Put the case into the legal lane, freeze sending, keep everything until counsel says otherwise."""
    measure = claim.row
    case = survivor_of(measure.case)  # where its words lie now
    reason = measure.reason or measure.clause
    finish(claim)
    put_into_lane(case, lane=Lane.LEGAL, how="measure", reason=reason, actor=WORKER, now=now)
    Hold.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        reason=reason,
        placed_by=measure.acted_by,
        placed_at=now,
    )
    _keep(measure, case=case, reason=reason, now=now)
    mark_done(measure, reference="", actor=WORKER, now=now)


def _keep(measure: Measure, *, case: Case, reason: str, now: datetime) -> None:
    """A legal hold that the last one who agreed answers for, unless one stands already."""
    if legal_hold_on(case) is not None:
        return
    last = measure.confirmations.select_related("by").order_by("-at", "-pk").first()
    hold = LegalHold.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        reason=reason,
        counsel=last.by if last is not None else measure.acted_by,
        review_on=(now + REVIEW_AFTER).date(),
        placed_by=measure.acted_by,
        placed_at=now,
    )
    about = {"hold": hold.pk, "measure": measure.pk, "review": hold.review_on.isoformat()}
    log_on_case(case, "legal_hold.place", actor=WORKER, now=now, data=about)
