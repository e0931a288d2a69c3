"""Legal hold (K24): what the law may ask for is kept, whatever retention or an author's request would do."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Notification, NotificationKind, User, Workspace
from amends.accounts.permissions import may_answer_for_hold, may_hold_legally, refuse_unless
from amends.cases.escalate import tell_people
from amends.cases.family import family_of, survivor_of
from amends.cases.models import Case, LegalHold
from amends.cases.transitions import NotPossible, log_on_case
from amends.record.log import CLOCK

MAX_REASON = 2_000


def place_legal_hold(
    case: Case, *, reason: str, counsel: User, review_on: date, by: User, now: datetime
) -> LegalHold:
    """Keep a case from erasure until it is lifted; one hold each.

    Raises NotPossible without a reason, for a review that is not ahead, for somebody who cannot answer
    for it, and where a hold stands.
    """
    refuse_unless(may_hold_legally(by, case.workspace), _("place a legal hold"))
    if not reason.strip():
        raise NotPossible(_("Say what it is kept for: the reason stands in the record."))
    if review_on <= now.date():
        raise NotPossible(_("Name a day ahead on which somebody looks at the hold again."))
    if not may_answer_for_hold(counsel, case.workspace):
        raise NotPossible(_("%(name)s cannot answer for a legal hold here.") % {"name": counsel})
    try:
        with transaction.atomic():
            # Retention holds the same lock while it erases: a hold that stands came first, or too late.
            Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            hold = LegalHold.objects.create(
                workspace_id=case.workspace_id,
                case=case,
                reason=reason.strip()[:MAX_REASON],
                counsel=counsel,
                review_on=review_on,
                placed_by=by,
                placed_at=now,
            )
            about = {"hold": hold.pk, "counsel": str(counsel.pk), "review": review_on.isoformat()}
            log_on_case(case, "legal_hold.place", actor=actor_of(by), now=now, data=about)
    except IntegrityError:
        raise NotPossible(_("A legal hold stands on this case already.")) from None
    return hold


def lift_legal_hold(hold: LegalHold, *, reason: str, by: User, now: datetime) -> None:
    """End a hold, with a reason. Raises NotPossible without one, and the second time."""
    refuse_unless(may_hold_legally(by, hold.case.workspace), _("lift a legal hold"))
    if not reason.strip():
        raise NotPossible(_("Say why it need not be kept any longer."))
    values = {"lifted_by": by, "lifted_at": now, "lifted_because": reason.strip()[:MAX_REASON]}
    with transaction.atomic():
        if not LegalHold.objects.filter(pk=hold.pk, lifted_at__isnull=True).update(**values):
            raise NotPossible(_("This hold was lifted before."))
        about = {"hold": hold.pk}
        log_on_case(hold.case, "legal_hold.lift", actor=actor_of(by), now=now, data=about)


def review_legal_hold(hold: LegalHold, *, review_on: date, by: User, now: datetime) -> None:
    """Somebody looked at it: it goes on, and is looked at again on another day ahead."""
    refuse_unless(may_hold_legally(by, hold.case.workspace), _("look at a legal hold again"))
    if review_on <= now.date():
        raise NotPossible(_("Name a day ahead on which somebody looks at the hold again."))
    with transaction.atomic():
        standing = LegalHold.objects.filter(
            pk=hold.pk, lifted_at__isnull=True, review_on=hold.review_on
        )
        if not standing.update(review_on=review_on):
            raise NotPossible(_("Somebody else changed this hold in the meantime."))
        about = {"hold": hold.pk, "review": review_on.isoformat()}
        log_on_case(hold.case, "legal_hold.review", actor=actor_of(by), now=now, data=about)


def legal_holds_visible_to(user: User, *, workspace: Workspace) -> QuerySet[LegalHold]:
    """The holds that stand, the review that is due first before the others; none for who may not know."""
    rows = LegalHold.objects.filter(workspace=workspace, lifted_at__isnull=True)
    if not may_hold_legally(user, workspace):
        rows = rows.none()
    return rows.select_related("case__workspace", "counsel", "placed_by").order_by(
        "review_on", "pk"
    )


def remind_of_holds(*, now: datetime) -> int:
    """Tell who answers for a hold that its day of review has come, once; says how many were told."""
    due = LegalHold.objects.filter(lifted_at__isnull=True, review_on__lte=now.date())
    told = 0
    for hold in due.select_related("case__workspace", "counsel").order_by("pk"):
        key = f"legal_hold:{hold.pk}:{hold.review_on.isoformat()}"
        if Notification.objects.filter(key=key).exists():
            continue
        with transaction.atomic():
            people = [hold.counsel, hold.placed_by]
            facts: dict[str, object] = {"what": "review_hold"}
            kind = NotificationKind.TASK
            ids = tell_people(hold.case, people=people, kind=kind, key=key, facts=facts, now=now)
            data = {"hold": hold.pk, "told": ids}
            if ids:
                log_on_case(hold.case, "legal_hold.remind", actor=CLOCK, now=now, data=data)
                told += 1
    return told


def legal_hold_on(case: Case) -> LegalHold | None:
    """The hold that stands on the matter of a case: on any case that was merged with it, in either direction.

    Past its review it still stands.
    """
    held = LegalHold.objects.filter(case__in=family_of(survivor_of(case)), lifted_at__isnull=True)
    return held.select_related("counsel", "placed_by", "case__workspace").order_by("pk").first()


def is_under_legal_hold(case: Case) -> bool:
    """Whether nothing of a case may be erased; retention asks this before anything else."""
    return legal_hold_on(case) is not None
