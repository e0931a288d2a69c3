"""Makes one case of two that are one matter, and takes that back (K05).

The survivor takes the comments, so what either author writes from then on lands there. The merged case
ends as a duplicate and leads to the survivor. What cannot move (notes, triages, measures, the log) stays
where it was written and is read from the survivor through `family_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_merge, may_see_lane, refuse_unless
from amends.cases.join_clocks import SHOWN, join_clocks
from amends.cases.models import (
    Case,
    CaseComment,
    CaseStatus,
    CustomerWait,
    DepartmentTask,
    Disposition,
    DispositionCode,
    Lane,
    Merge,
)
from amends.cases.models.departments import TASKS_WAITING
from amends.cases.move_lane import put_into_lane
from amends.cases.transitions import NotPossible, end_by_merge, log_on_case

MAX_REASON = 500
STRICTNESS = (Lane.OPEN, Lane.EMPLOYEE, Lane.LEGAL, Lane.THREAT, Lane.MINOR)
ON_ITS_WAY = (CaseStatus.AWAITING_APPROVAL, CaseStatus.APPROVED)

Follow = Callable[[Collection[int], Case], None]
"""What later stages do when comments (their keys) move to a case; in the same transaction."""


def merge_cases(
    case: Case, *, into: Case, reason: str, by: User, now: datetime, follow: Follow
) -> Merge:
    """End `case` in `into`. Raises NotAllowed for who may not see both, NotPossible for the rest.

    Refused: a closed case, another brand, an answer that waits for approval or is on its way, a
    department that is being asked, and two cases of which somebody else merged one meanwhile.
    """
    refuse_unless(may_merge(by, case.workspace), _("merge cases"))
    actor = actor_of(by)
    with transaction.atomic():
        merged, survivor = lock_two(case, into)
        _check(merged, into=survivor, by=by)
        before = {"merged": stood(merged), "survivor": stood(survivor)}
        moved = list(CaseComment.objects.filter(case=merged).values_list("comment_id", flat=True))
        for one in (merged, survivor):
            _note_answers(one)
        join_clocks(survivor, merged=merged, actor=actor, now=now)
        end_by_merge(merged, into=survivor, actor=actor, now=now, reason=_why(reason))
        _write_ending(merged, into=survivor, by=by, now=now)
        CaseComment.objects.filter(case=merged).update(case=survivor)
        _choose_subject(survivor)
        _join_lanes(merged, survivor, by=by, now=now)
        _join_assignee(merged, survivor)
        follow(moved, survivor)
        merge = Merge(
            workspace_id=survivor.workspace_id,
            survivor=survivor,
            merged=merged,
            reason=reason.strip()[:MAX_REASON],
            moved=moved,
            before=before,
            merged_by=by,
            merged_at=now,
        )
        _record(merge, by=by, now=now)
    return merge


def _record(merge: Merge, *, by: User, now: datetime) -> None:
    """Store the merge and log it on both cases; the database itself lets a case end once only."""
    merged, survivor, actor = merge.merged, merge.survivor, actor_of(by)
    try:
        with transaction.atomic():
            merge.save()
    except IntegrityError:
        raise _changed(merged) from None
    about = {"merge": merge.pk, "case": merged.public_id, "comments": merge.moved}
    log_on_case(survivor, "case.merge", actor=actor, now=now, data=about)
    about = {"merge": merge.pk, "case": survivor.public_id}
    log_on_case(merged, "case.merge_into", actor=actor, now=now, data=about)


def lock_two(one: Case, other: Case) -> tuple[Case, Case]:
    """Both as they stand, held until the transaction ends; always in the same order (no deadlock)."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("workspace", "comment")
    held = {row.pk: row for row in rows.filter(pk__in=[one.pk, other.pk]).order_by("pk")}
    return held[one.pk], held[other.pk]


def stricter_of(*lanes: str) -> Lane:
    """The lane that fewest people, and the most careful rules, stand for."""
    return max((Lane(one) for one in lanes), key=STRICTNESS.index)


def stood(case: Case) -> dict[str, Any]:
    """How a case stands, as JSON, for the way back."""
    clocks = {
        row.kind: {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name in (*SHOWN, "paused_at")
            for value in [getattr(row, name)]
        }
        for row in case.clocks.all()
    }
    return {
        "status": case.status,
        "priority": case.priority,
        "lane": case.lane,
        "comment": case.comment_id,
        "assignee": case.assignee_id,
        "clock_started_at": _text(case.clock_started_at),
        "first_replied_at": _text(case.first_replied_at),
        "clocks": clocks,
    }


def _check(merged: Case, *, into: Case, by: User) -> None:
    for one in (merged, into):
        refuse_unless(may_see_lane(by, one.workspace, one.lane), _("see this case"))
    if merged.pk == into.pk or merged.workspace_id != into.workspace_id:
        raise NotPossible(_("Name the other case with the same matter, such as C-12."))
    for one in (merged, into):
        about = {"case": one.public_id}
        if one.merged_into_id is not None:
            raise NotPossible(_("%(case)s was merged into another case before.") % about)
        if not one.is_open:
            raise NotPossible(_("%(case)s is closed: open it again, then merge.") % about)
        if one.status in ON_ITS_WAY:
            raise NotPossible(
                _("An answer of %(case)s waits for approval or is on its way: let it go out first.")
                % about
            )
    if merged.brand_id != into.brand_id:
        raise NotPossible(_("The cases are about two brands, which answer apart."))
    is_asked = DepartmentTask.objects.filter(case=merged, state__in=TASKS_WAITING).exists()
    if is_asked or merged.status == CaseStatus.IN_DEPARTMENT:
        raise NotPossible(
            _("A department is asked about %(case)s: let that case take over the other one.")
            % {"case": merged.public_id}
        )


def _why(reason: str) -> str:
    """Never the number of the other case: that one may be hidden later."""
    return reason.strip()[:MAX_REASON] or _("The same matter as another case.")


def _write_ending(merged: Case, *, into: Case, by: User, now: datetime) -> None:
    _end_wait(merged, now=now)
    Disposition.objects.create(
        workspace_id=merged.workspace_id,
        case=merged,
        code=DispositionCode.DUPLICATE,
        reason=merged.reason,
        duplicate_of=into,
        closed_by=by,
        closed_at=now,
    )


def _end_wait(merged: Case, *, now: datetime) -> None:
    waits = CustomerWait.objects.filter(case=merged, ended_at__isnull=True)
    waits.update(ended_at=now, ended_how="closed")


def _note_answers(case: Case) -> None:
    """What was answered before cases knew places: the case says when."""
    if case.first_replied_at is not None:
        rows = CaseComment.objects.filter(case=case, answered_at__isnull=True)
        rows.update(answered_at=case.first_replied_at)


def _choose_subject(survivor: Case) -> None:
    """What is answered next: the survivor's own word, unless only another one waits for an answer."""
    items = CaseComment.objects.filter(case=survivor).select_related("comment")
    waiting = [one for one in items.order_by("comment__published_at") if one.answered_at is None]
    if survivor.status in {CaseStatus.DRAFTING} or not waiting:
        return
    if survivor.comment_id not in {one.comment_id for one in waiting}:
        survivor.comment = waiting[-1].comment
        Case.objects.filter(pk=survivor.pk).update(comment=survivor.comment)


def _join_lanes(merged: Case, survivor: Case, *, by: User, now: datetime) -> None:
    """Both stand in the stricter lane: the words of the merged case can be read on its page as well."""
    lane = stricter_of(merged.lane, survivor.lane)
    for one in (merged, survivor):
        put_into_lane(one, lane=lane, how="merge", reason="", actor=actor_of(by), now=now)


def _join_assignee(merged: Case, survivor: Case) -> None:
    """Who worked on the merged case goes on, where nobody has the other one."""
    if survivor.assignee_id is None and merged.assignee_id is not None:
        Case.objects.filter(pk=survivor.pk, assignee__isnull=True).update(
            assignee_id=merged.assignee_id
        )


def _changed(case: Case) -> NotPossible:
    return NotPossible(
        _("Somebody else changed %(case)s in the meantime: look at it again.")
        % {"case": case.public_id}
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
