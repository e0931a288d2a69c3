"""Appeals: anybody with the link may object once, and somebody who was not involved decides (R8, R9).

No account and no name are asked for. In time means seven days; who may decide is told at once, at half of
the time and when it is over. What the appeal is about was captured and stays readable, also when it is gone
upstream.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Membership, User
from amends.accounts.permissions import may_decide_appeal, may_see_lane, refuse_unless
from amends.accounts.tokens import hash_token
from amends.cases.transitions import NotPossible, log_on_case
from amends.core.clock import Clock
from amends.measures.clauses import policy_when_posted
from amends.measures.models import (
    Appeal,
    AppealLink,
    AppealStatus,
    Measure,
    MeasureStatus,
    UndoReason,
)
from amends.measures.tell import involved_in, tell_appeal_deciders
from amends.measures.undo import begin_undo
from amends.record.log import CLOCK, Actor
from amends.work.claim import Claim, finish

WATCH = "watch_appeal"
DECIDE_WITHIN = timedelta(days=7)
MAX_TEXT = 5_000
AUTHOR = Actor("author", "", "the author, by the link")


def link_of(token: str, *, now: datetime) -> AppealLink | None:
    """The link of a token while it is good."""
    return (
        AppealLink.objects.filter(token_hash=hash_token(token), expires_at__gt=now)
        .select_related("statement__measure__case", "statement__measure__account")
        .first()
    )


def open_appeal(link: AppealLink, *, text: str, now: datetime) -> Appeal:
    """Object to a measure; the same measure once. Raises NotPossible for an empty or endless text."""
    measure = link.statement.measure
    said = text.replace("\x00", "").strip()
    if not said:
        raise NotPossible(_("Write why you object: a sentence is enough."))
    if len(said) > MAX_TEXT:
        raise NotPossible(_("At most %(count)d characters, please.") % {"count": MAX_TEXT})
    if link.expires_at <= now:
        raise NotPossible(_("The time for an appeal is over."))
    if measure.status in {MeasureStatus.UNDONE, MeasureStatus.DECLINED, MeasureStatus.FAILED}:
        raise NotPossible(_("This does not stand any more: there is nothing to object to."))
    within = answer_within(measure)
    decide_by = now + within
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                workspace_id=measure.workspace_id,
                measure=measure,
                text=said,
                opened_at=now,
                decide_by=decide_by,
                next_step=WATCH,
                due_at=now + within / 2,
            )
            data = {"measure": measure.pk, "decide_by": decide_by.isoformat()}
            log_on_case(measure.case, "appeal.open", actor=AUTHOR, now=now, data=data)
            tell_appeal_deciders(appeal, now=now)
    except IntegrityError:
        raise NotPossible(_("An appeal against this was made already.")) from None
    return appeal


def answer_within(measure: Measure) -> timedelta:
    """How long we promised to take: what the policy said in public, else seven days."""
    policy = policy_when_posted(measure.version)
    promised = policy.policy.appeal.answer if policy else None
    return promised or DECIDE_WITHIN


def decide_appeal(appeal: Appeal, *, is_upheld: bool, answer: str, by: User, now: datetime) -> None:
    """Decide with reasons; an upheld appeal undoes the measure, and its author reads so at the link.

    Raises NotPossible for who was involved, unless there is nobody else: then after a pause, and recorded.
    """
    measure = appeal.measure
    refuse_unless(may_decide_appeal(by, appeal.workspace), _("decide about appeals"))
    refuse_unless(may_see_lane(by, appeal.workspace, measure.case.lane), _("decide about appeals"))
    if not answer.strip():
        raise NotPossible(_("An appeal is decided with reasons: write them to the author."))
    if is_upheld and measure.status in {MeasureStatus.ACTING, MeasureStatus.UNKNOWN}:
        raise NotPossible(_("First say whether this measure stands on the channel."))
    is_involved = _check_uninvolved(appeal, by=by, now=now)
    status = AppealStatus.UPHELD if is_upheld else AppealStatus.REJECTED
    with transaction.atomic():
        changed = Appeal.objects.filter(pk=appeal.pk, status=AppealStatus.OPEN).update(
            status=status,
            decided_by=by,
            decided_at=now,
            answer=answer.strip()[:MAX_TEXT],
            is_involved=is_involved,
            next_step="",
            due_at=None,
            lease_token="",
            leased_until=None,
        )
        if not changed:
            raise NotPossible(_("Somebody else decided about this appeal in the meantime."))
        data = {
            "measure": measure.pk,
            "outcome": status.value,
            "is_involved": is_involved,
            "is_late": now > appeal.decide_by,
        }
        log_on_case(measure.case, "appeal.decide", actor=actor_of(by), now=now, data=data)
        if is_upheld:
            _reverse(measure, by=by, now=now)
    appeal.status = status


def watch_appeal(claim: Claim[Appeal], *, clock: Clock) -> None:
    """The step: call those who may decide at half of the time, and when it is over."""
    appeal = claim.row
    now = clock.now()
    if appeal.status != AppealStatus.OPEN:
        finish(claim)
        return
    is_late = now >= appeal.decide_by
    warned = 2 if is_late else 1
    with transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(warned=warned)
        appeal.warned = warned
        tell_appeal_deciders(appeal, now=now, is_late=is_late)
        if is_late:
            data = {"measure": appeal.measure_id}
            log_on_case(appeal.measure.case, "appeal.late", actor=CLOCK, now=now, data=data)
            finish(claim)
        else:
            finish(claim, next_step=WATCH, due_at=appeal.decide_by)


def _reverse(measure: Measure, *, by: User, now: datetime) -> None:
    """Undo what stands; what waits is not done; what ended by itself stays ended."""
    actor = actor_of(by)
    stopped = Measure.objects.filter(
        pk=measure.pk, status__in=[MeasureStatus.WAITING, MeasureStatus.READY]
    ).update(status=MeasureStatus.DECLINED, next_step="", due_at=None, lease_token="")
    if stopped:
        return
    if Measure.objects.filter(pk=measure.pk, status=MeasureStatus.DONE).exists():
        begin_undo(measure, because=UndoReason.APPEAL, actor=actor, now=now)
        return
    # It ended by itself meanwhile: the strike goes all the same.
    Measure.objects.filter(
        pk=measure.pk, status__in=[MeasureStatus.UNDONE, MeasureStatus.UNDOING]
    ).update(undone_because=UndoReason.APPEAL)


def _check_uninvolved(appeal: Appeal, *, by: User, now: datetime) -> bool:
    """False for somebody uninvolved; True where nobody else may decide and the pause has passed."""
    involved = involved_in(appeal.measure)
    if by.pk not in involved:
        return False
    if _has_uninvolved(appeal, involved=involved):
        raise NotPossible(
            _("You took part in this measure: somebody else decides about the appeal.")
        )
    until = appeal.opened_at + timedelta(minutes=appeal.workspace.solo_pause_minutes)
    if now < until:
        raise NotPossible(
            _("Nobody else may decide here: look at it once more after %(until)s.")
            % {"until": f"{until:%H:%M} UTC"}
        )
    return True


def _has_uninvolved(appeal: Appeal, *, involved: set[int]) -> bool:
    members = Membership.objects.filter(
        workspace=appeal.workspace_id, is_active=True, user__is_active=True
    ).select_related("user")
    return any(
        one.user_id not in involved and may_decide_appeal(one.user, appeal.workspace)
        for one in members
    )
